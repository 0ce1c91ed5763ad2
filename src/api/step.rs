//! What a call is given at its beginning, and what it asks for.

use std::fmt;

use super::answer::Answer;
use crate::effect::Effect;
use crate::endpoints::Endpoints;
use crate::error::Error;
use crate::secret::Secret;
use crate::timestamp::UnixTime;

/// Where a call goes, and how long it may take.
#[derive(Clone, Default)]
pub struct CallOptions {
    /// Where the services are.
    pub endpoints: Endpoints,
    /// After how many milliseconds to give up, those that the token takes included; by default a minute, and ten for
    /// tasks that wait for an operation. A request of the program's own may take all of it; of the others each try has
    /// ten seconds.
    pub timeout_millis: Option<i64>,
    /// Random bytes, new ones for each call: the service knows a request that is sent again by them, and a fleet's
    /// new tries are spread by them. Without them, all zero, requests that change something have no idempotency key, and
    /// are not sent again where an answer was lost.
    pub entropy: [u8; 16],
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("endpoints", &self.endpoints)
            .field("timeout_millis", &self.timeout_millis)
            .finish_non_exhaustive()
    }
}

/// What is to be done now.
#[derive(Clone, Debug, PartialEq)]
pub enum CallStep {
    /// Get a token from the credentials and give it to [`Call::authorize`](super::Call::authorize); where there is none
    /// but the refused one, give that: the call then ends in the answer that refused it.
    Authorize {
        /// A token that the service answered 401 to: the credentials must be told first.
        refused: Option<Secret>,
        /// When the call's time is over, by the local clock: whoever has no token by then polls again, and is told so.
        until: UnixTime,
    },
    /// Do this, report it with [`Call::complete`](super::Call::complete), and poll again.
    Perform(Effect),
    /// Poll again at this time, by the local clock.
    Wait {
        /// When to poll again.
        until: UnixTime,
    },
    /// This came of it.
    Done(Answer),
    /// It failed.
    Fail(Error),
}
