//! A fault as callers of other languages order it: by named options.

use super::faults::{FaultKind, OrderedFault};
use crate::error::{Error, ErrorCode};

/// Named options, exactly one of which says what goes wrong; a web page may also have a status.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultOptions {
    /// Only requests for this path; `None`: any request.
    pub path: Option<String>,
    /// How many requests it strikes; `None`: one.
    pub times: Option<u32>,
    /// A refusal with this HTTP status; or the web page's, which is 502 by default.
    pub status: Option<u16>,
    /// The refusal's `Retry-After`.
    pub retry_after: Option<String>,
    /// Half of the body is missing.
    pub truncated: bool,
    /// A web page.
    pub html: bool,
    /// The answer is so many seconds late.
    pub delay_secs: Option<f64>,
    /// The connection closes without an answer.
    pub dropped: bool,
    /// The clock that judges is so many seconds ahead.
    pub clock_offset: Option<i64>,
}

impl OrderedFault {
    /// The order that the options name.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for no fault, or for two.
    pub fn from_options(options: FaultOptions) -> Result<Self, Error> {
        let FaultOptions {
            status, retry_after, ..
        } = options;
        let kinds = [
            status
                .filter(|_| !options.html)
                .map(|status| FaultKind::Status { status, retry_after }),
            options.html.then(|| FaultKind::Html {
                status: status.unwrap_or(502),
            }),
            options.truncated.then_some(FaultKind::Truncated),
            options.delay_secs.map(|secs| FaultKind::Delay {
                millis: (secs * 1000.0) as u64,
            }),
            options.dropped.then_some(FaultKind::Dropped),
            options.clock_offset.map(|secs| FaultKind::ClockOffset { secs }),
        ];
        let mut ordered = kinds.into_iter().flatten();
        match (ordered.next(), ordered.next()) {
            (Some(kind), None) => Ok(Self {
                path: options.path,
                times: options.times.unwrap_or(1),
                kind,
            }),
            _ => Err(Error::new(
                ErrorCode::InvalidArgument,
                "exactly one fault is ordered at a time",
            )),
        }
    }
}
