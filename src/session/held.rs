//! The token that a session has, and until when it is good for something.

use super::clock::Clock;
use crate::refresh::{Freshness, Schedule};
use crate::timestamp::UnixTime;
use crate::token::AccessToken;

/// A clock that is set back by less than this, by NTP for instance, changes nothing.
pub(super) const CLOCK_TOLERANCE_MILLIS: i64 = 1_000;

/// A token, judged by the clock that it came with: whatever is learnt of the service's clock later, from a refusal for
/// instance, neither ends it nor makes it live longer.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) token: AccessToken,
    schedule: Schedule,
    clock: Clock,
    /// When it was last seen to live, by the local clock.
    alive_at: UnixTime,
}

impl Held {
    pub(super) fn new(token: AccessToken, schedule: Schedule, clock: Clock, now: UnixTime) -> Self {
        Self {
            token,
            schedule,
            clock,
            alive_at: now,
        }
    }

    pub(super) fn reschedule(&mut self, schedule: Schedule) {
        self.schedule = schedule;
    }

    /// What may be done with it now.
    ///
    /// Where the clock was set back, nobody knows how much time has passed, but it is not less than what was seen to
    /// pass: its life goes on from there, and whoever asks for the next one learns the time.
    pub(super) fn look(&mut self, now: UnixTime) -> Freshness {
        if now.plus_millis(CLOCK_TOLERANCE_MILLIS) < self.alive_at {
            self.clock = self.clock.after_setting_back(self.alive_at.millis_since(now));
            self.schedule.stale_at = self.schedule.stale_at.min(self.clock.correct(now));
            self.alive_at = now;
        }
        let freshness = self.freshness(now);
        // A clock that is far ahead for a moment has ended nothing once it is right again.
        if freshness != Freshness::Expired {
            self.alive_at = self.alive_at.max(now);
        }
        freshness
    }

    pub(super) fn freshness(&self, now: UnixTime) -> Freshness {
        self.schedule.freshness(self.clock.correct(now))
    }

    /// Until when nobody need ask again, by the local clock.
    pub(super) fn fresh_until(&self, now: UnixTime) -> UnixTime {
        let stale_at = self.clock.to_local(self.schedule.stale_at);
        match self.freshness(now) {
            Freshness::Fresh => stale_at,
            Freshness::Stale | Freshness::Expired => stale_at.min(now),
        }
    }
}
