//! What a session says.

use crate::effect::Effect;
use crate::error::Error;
use crate::timestamp::UnixTime;
use crate::token::AccessToken;

/// What a caller is to do now.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Use this token.
    Use {
        /// The token.
        token: AccessToken,
        /// Until this time, by the local clock, every poll gives this same answer.
        fresh_until: UnixTime,
    },
    /// Do this, report it with [`Session::complete`](crate::Session::complete), and poll again.
    Perform(Effect),
    /// Poll again at this time (by the local clock), or as soon as an effect has been completed.
    Wait {
        /// When to poll again at the latest.
        until: UnixTime,
        /// Whether somebody else's effect is under way; otherwise a back-off runs.
        in_flight: bool,
    },
    /// There is no token; a later poll may try again.
    Fail(Error),
}
