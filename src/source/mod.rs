//! Where credentials come from. Each source is a small machine that a [`Session`](crate::Session) drives to a token.

mod service_account;

pub use service_account::{ServiceAccountSource, Signing};

use std::fmt;

use crate::effect::{Action, Outcome};
use crate::endpoints::Endpoints;
use crate::error::Error;
use crate::timestamp::UnixTime;
use crate::token::AccessToken;

/// What a source knows of the world at each step.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The time by the service's clock, as far as it is known.
    pub now: UnixTime,
    /// Where the services are.
    pub endpoints: &'a Endpoints,
}

/// How far a source has come.
#[derive(Debug)]
pub enum Progress {
    /// This must be done before it can go on.
    Perform(Action),
    /// A new token.
    Done(AccessToken),
}

/// A way to a token, one effect at a time.
pub trait Source: fmt::Debug + Send + Sync {
    /// Begins from the start, whatever happened before.
    ///
    /// # Errors
    /// Whatever keeps it from beginning.
    fn start(&mut self, context: Context<'_>) -> Result<Progress, Error>;

    /// Goes on with the outcome of the action that it asked for last; failures do not come here.
    ///
    /// # Errors
    /// Whatever the outcome says or lacks.
    fn resume(&mut self, context: Context<'_>, outcome: Outcome) -> Result<Progress, Error>;
}
