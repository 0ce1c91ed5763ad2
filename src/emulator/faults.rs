//! Faults on order: how a test makes the service, the network or a clock misbehave.

/// One order: what goes wrong, where, and how many times.
///
/// Orders of one group are used up one after the other, in the order in which they came. The groups are: what comes
/// as the answer ([`Status`](FaultKind::Status), [`Truncated`](FaultKind::Truncated), [`Html`](FaultKind::Html),
/// [`Dropped`](FaultKind::Dropped)), [`Delay`](FaultKind::Delay), and [`ClockOffset`](FaultKind::ClockOffset).
/// One request can be struck by one order of each group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderedFault {
    /// Only requests for this path, without a query; `None`: any request.
    pub path: Option<String>,
    /// How many requests it strikes.
    pub times: u32,
    /// What goes wrong.
    pub kind: FaultKind,
}

/// What can go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A `google.rpc.Status` with this HTTP status; the request is not judged.
    Status {
        /// The HTTP status, 400 to 599.
        status: u16,
        /// The value of the header `Retry-After`: seconds, or an HTTP date.
        retry_after: Option<String>,
    },
    /// The request is judged, but half of the answer's body is missing.
    Truncated,
    /// A web page, as from a proxy; the request is not judged.
    Html {
        /// The HTTP status.
        status: u16,
    },
    /// The request is judged, but the answer comes late.
    Delay {
        /// How late, in milliseconds.
        millis: u64,
    },
    /// The request is judged, but the connection closes without an answer.
    Dropped,
    /// The request is judged by a clock that is off, and the answer's `Date` shows it.
    ClockOffset {
        /// By how many seconds: positive if the emulator's clock is ahead of the caller's.
        secs: i64,
    },
}

impl FaultKind {
    fn group(&self) -> Group {
        match self {
            Self::Status { .. } | Self::Truncated | Self::Html { .. } | Self::Dropped => Group::Answer,
            Self::Delay { .. } => Group::Delay,
            Self::ClockOffset { .. } => Group::Clock,
        }
    }

    /// A few words for the record.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Status {
                status,
                retry_after: None,
            } => format!("status {status}"),
            Self::Status {
                status,
                retry_after: Some(value),
            } => format!("status {status}, retry after `{value}`"),
            Self::Truncated => "truncated body".to_owned(),
            Self::Html { status } => format!("web page with status {status}"),
            Self::Delay { millis } => format!("delay of {millis} ms"),
            Self::Dropped => "dropped connection".to_owned(),
            Self::ClockOffset { secs } => format!("clock off by {secs} s"),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Answer,
    Delay,
    Clock,
}

/// The orders that are not used up.
#[derive(Debug, Default)]
pub(super) struct Orders(Vec<OrderedFault>);

/// What strikes one request.
#[derive(Debug, Default)]
pub(super) struct Struck {
    pub(super) answer: Option<FaultKind>,
    pub(super) delay_millis: u64,
    pub(super) clock_offset: i64,
    pub(super) descriptions: Vec<String>,
}

impl Orders {
    pub(super) fn add(&mut self, fault: OrderedFault) {
        self.0.push(fault);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Uses up what strikes a request for this path.
    pub(super) fn strike(&mut self, path: &str) -> Struck {
        let mut struck = Struck::default();
        for group in [Group::Clock, Group::Delay, Group::Answer] {
            let Some(kind) = self.take(group, path) else { continue };
            struck.descriptions.push(kind.describe());
            match kind {
                FaultKind::Delay { millis } => struck.delay_millis = millis,
                FaultKind::ClockOffset { secs } => struck.clock_offset = secs,
                kind => struck.answer = Some(kind),
            }
        }
        struck
    }

    fn take(&mut self, group: Group, path: &str) -> Option<FaultKind> {
        let order = self.0.iter_mut().find(|order| {
            order.times > 0 && order.kind.group() == group && order.path.as_deref().is_none_or(|wanted| wanted == path)
        })?;
        order.times -= 1;
        let kind = order.kind.clone();
        self.0.retain(|order| order.times > 0);
        Some(kind)
    }
}
