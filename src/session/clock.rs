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

    /// What this becomes where this machine's clock was set back by so much.
    pub(super) fn after_setting_back(self, millis: i64) -> Self {
        Self {
            offset_millis: self.offset_millis.saturating_add(millis),
        }
    }

    /// What this becomes by an answer to a request of `sent_at`, received at `received_at` (both local), if whoever wrote
    /// it can be believed.
    ///
    /// The service wrote `Date` at some moment between the two. A process that was frozen in between sees them far
    /// apart, so only a `Date` outside of both says that the clock is off by something else than what is known.
    pub(super) fn by_date_of(self, response: &Response, sent_at: UnixTime, received_at: UnixTime) -> Self {
        let Some(date) = response.header("date").and_then(UnixTime::parse_http_date) else {
            return self;
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
        Self { offset_millis }
    }

    /// Whether the two disagree by more than the resolution of what they are learnt from.
    pub(super) fn disagrees_with(self, other: Self) -> bool {
        (self.offset_millis - other.offset_millis).abs() > RESOLUTION_MILLIS
    }
}
