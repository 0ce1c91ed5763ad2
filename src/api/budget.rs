//! The time that a call has, by a clock that may be set while the call runs.

use crate::timestamp::UnixTime;

/// What is left of a call's time. A clock that is set back gives none of it back.
#[derive(Debug)]
pub(super) struct Budget {
    millis_left: i64,
    seen_at: UnixTime,
}

impl Budget {
    pub(super) fn new(now: UnixTime, millis: i64) -> Self {
        Self {
            millis_left: millis,
            seen_at: now,
        }
    }

    /// Takes off what has passed since the last look, and says what is left.
    pub(super) fn look(&mut self, now: UnixTime) -> i64 {
        let passed = now.millis_since(self.seen_at).max(0);
        self.seen_at = now;
        self.millis_left = self.millis_left.saturating_sub(passed);
        self.millis_left
    }
}
