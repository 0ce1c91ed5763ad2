//! What lies between an instance and the service, and goes wrong.

use yc_iam::emulator::FaultKind;
use yc_iam::{Failure, FailureKind, Outcome};

use crate::queue::{Millis, SECOND};
use crate::random::Random;

/// How an outage shows itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OutageKind {
    Refused,
    /// Nothing comes back: the host's own time-out ends the request.
    Silent,
    /// The front door answers 503.
    Unavailable,
}

/// A time in which nothing works, from when to when.
#[derive(Clone, Copy, Debug)]
pub struct Outage {
    pub from: Millis,
    pub until: Millis,
    pub kind: OutageKind,
}

/// What becomes of one request.
pub enum Fate {
    Arrives(Option<FaultKind>),
    /// It never gets there; the host learns of it after so many milliseconds.
    Fails(Outcome, Millis),
    /// The host hears nothing before its time-out.
    Vanishes,
    /// The answer comes without a `Date`, as through some proxies.
    ArrivesUndated,
}

pub fn failure(kind: FailureKind) -> Outcome {
    Outcome::Failure(Failure {
        kind,
        detail: String::new(),
    })
}

pub fn fate(now: Millis, outages: &[Outage], fault_rate: f64, undated_rate: f64, random: &mut Random) -> Fate {
    if let Some(outage) = outages.iter().find(|outage| (outage.from..outage.until).contains(&now)) {
        return match outage.kind {
            OutageKind::Refused => Fate::Fails(failure(FailureKind::Connection), random.latency()),
            OutageKind::Silent => Fate::Vanishes,
            OutageKind::Unavailable => Fate::Arrives(Some(status(503, None))),
        };
    }
    if undated_rate > 0.0 && random.chance(undated_rate) {
        return Fate::ArrivesUndated;
    }
    if fault_rate == 0.0 || !random.chance(fault_rate) {
        return Fate::Arrives(None);
    }
    Fate::Arrives(Some(match random.next() % 13 {
        0 => status(429, None),
        1 => status(429, Some(random.between(1, 20))),
        2 => status(429, Some(random.between(31, 300))),
        3 => status(500, None),
        4 => status(503, None),
        5 => status(503, Some(random.between(1, 10))),
        6 => FaultKind::Html { status: 502 },
        7 => FaultKind::Html { status: 200 },
        8 => FaultKind::Truncated,
        9 => FaultKind::Dropped,
        10 => FaultKind::Delay {
            millis: random.between(1, 20 * SECOND) as u64,
        },
        11 => return Fate::Vanishes,
        _ => return Fate::Fails(failure(FailureKind::Tls), random.latency()),
    }))
}

fn status(status: u16, retry_after: Option<i64>) -> FaultKind {
    FaultKind::Status {
        status,
        retry_after: retry_after.map(|secs| secs.to_string()),
    }
}
