//! Where a session is between two calls.

use super::held::CLOCK_TOLERANCE_MILLIS;
use crate::effect::{Action, Effect, EffectId};
use crate::error::Error;
use crate::retry;
use crate::timestamp::UnixTime;

/// Times in here are local.
#[derive(Debug)]
pub(super) enum State {
    Idle,
    /// The source asked for this, and nobody has taken it yet; after the span, it is too old to be of use.
    Ready(Flight, Action, Span),
    /// Somebody performs it.
    InFlight {
        flight: Flight,
        effect: Effect,
        span: Span,
        stage: Stage,
    },
    /// The next try comes after this.
    BackOff(Flight, Span),
    /// A renewal failed while the old token lived: no other before this.
    Quiet {
        error: Error,
        tried: Span,
        asked_for: Span,
    },
    /// The flight ended without a token. `heard`: somebody was told.
    Failed {
        flight: Flight,
        error: Error,
        span: Span,
        heard: bool,
    },
}

/// One way from the start to a token or an error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    pub(super) attempt: u32,
    pub(super) clock_corrected: bool,
    /// The one before failed, and nobody came in time to hear of it.
    pub(super) after_unheard: bool,
}

/// One thing that a flight asks for, however often it was handed out: to the next caller, where one was lost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stage {
    /// The effects from this one on ask for the very same.
    pub(super) first: EffectId,
    /// As long as it is worth handing out again.
    pub(super) span: Span,
}

impl Stage {
    pub(super) fn new(first: EffectId, now: UnixTime) -> Self {
        Self {
            first,
            span: Span::of_use(now),
        }
    }
}

/// From one local time to another. A clock that was set back before its beginning ends it too.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) from: UnixTime,
    pub(super) until: UnixTime,
}

impl Span {
    pub(super) fn new(from: UnixTime, millis: i64) -> Self {
        Self {
            from,
            until: from.plus_millis(millis),
        }
    }

    /// As long as what a source asked for now is worth doing: a JWT in it says when it was made.
    pub(super) fn of_use(now: UnixTime) -> Self {
        const LASTS_MILLIS: i64 = 300_000;
        Self::new(now, LASTS_MILLIS)
    }

    pub(super) fn covers(&self, now: UnixTime) -> bool {
        now < self.until && now.plus_millis(CLOCK_TOLERANCE_MILLIS) >= self.from
    }

    /// Whether callers without a token are to wait for its end, rather than get the error.
    pub(super) fn is_bearable(&self) -> bool {
        self.until.millis_since(self.from) <= retry::MAX_WAIT_MILLIS
    }
}

pub(super) const FIRST_TRY: Flight = Flight {
    attempt: 1,
    clock_corrected: false,
    after_unheard: false,
};
