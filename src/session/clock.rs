//! How far this machine's clock is off, learnt from the `Date` header of answers.

use crate::http::Response;
use crate::timestamp::UnixTime;

/// `Date` counts whole seconds: a difference below this is not a difference.
const RESOLUTION_MILLIS: i64 = 2_000;

/// The service's clock, as this machine's clock plus an offset.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    offset_millis: i64,
}

impl Clock {
    /// The time by the service's clock.
    pub(super) fn correct(self, local: UnixTime) -> UnixTime {
        local.plus_millis(self.offset_millis)
    }

    /// The time by this machine's clock.
    pub(super) fn to_local(self, corrected: UnixTime) -> UnixTime {
        corrected.plus_millis(-self.offset_millis)
    }

    /// Learns from an answer to a request of `sent_at`, received at `received_at` (both local).
    /// True if the clocks were seen to disagree by more than was known.
    ///
    /// The service wrote `Date` at some moment between the two. A process that was frozen in between sees them far
    /// apart, so only a `Date` outside of both says that the clock is off by something else than what is known.
    pub(super) fn observe(&mut self, response: &Response, sent_at: UnixTime, received_at: UnixTime) -> bool {
        let Some(date) = response.header("date").and_then(UnixTime::parse_http_date) else {
            return false;
        };
        // Where the clock was set back in between, only the later reading is worth something.
        let most = date.millis_since(sent_at.min(received_at));
        let least = date.millis_since(received_at);
        let offset_millis = if self.offset_millis > most + RESOLUTION_MILLIS {
            most
        } else if self.offset_millis < least - RESOLUTION_MILLIS {
            least
        } else {
            self.offset_millis
        };
        let changed = (offset_millis - self.offset_millis).abs() > RESOLUTION_MILLIS;
        self.offset_millis = offset_millis;
        changed
    }
}
