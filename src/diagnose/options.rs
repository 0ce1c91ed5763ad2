//! What an explanation depends on.

use super::expected::ExpectedIdentity;
use crate::endpoints::Endpoints;
use crate::timestamp::UnixTime;

/// What an explanation depends on besides what is explained.
#[derive(Clone, Copy, Debug)]
pub struct ExplainOptions<'a> {
    /// The current time.
    pub now: UnixTime,
    /// Where the services live: a JWT for them has their audience.
    pub endpoints: &'a Endpoints,
    /// What an external token is to be compared with.
    pub expected: Option<&'a ExpectedIdentity>,
}
