//! Where credentials come from. Each source is a small machine that a [`Session`](crate::Session) drives to a token.

#[cfg(target_family = "wasm")]
pub(crate) mod by_name;
mod default_chain;
mod fixed;
mod function;
mod impersonation;
mod key_file;
mod metadata;
mod oauth;
mod service_account;
mod subject_check;
mod subject_token;
mod workload_identity;

pub use default_chain::{DefaultOptions, DefaultSource};
pub(crate) use default_chain::{GivenKey, given_key};
pub use fixed::FixedSource;
pub use function::FunctionSource;
pub use impersonation::ImpersonationSource;
pub use key_file::KeyFileSource;
pub use metadata::MetadataSource;
pub use oauth::OauthSource;
pub use service_account::{ServiceAccountSource, Signing};
pub use subject_token::SubjectTokenOrigin;
pub use workload_identity::WorkloadIdentitySource;

use std::fmt;

use crate::effect::{Action, Outcome};
use crate::endpoints::Endpoints;
use crate::error::Error;
use crate::key::ServiceAccountKey;
use crate::refresh::RENEW_AFTER_MILLIS;
use crate::timestamp::UnixTime;
use crate::token::AccessToken;

/// What a source knows of the world at each step.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The time by the service's clock, as far as it is known.
    pub now: UnixTime,
    /// From when on an answer may be, by the same clock: usually now. Where the process was frozen between the
    /// request and its answer, it is the time of the request.
    pub answered_at: UnixTime,
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

    /// An action of its own failed in the host's hands; a source that knows better says what that means.
    fn failed(&mut self, error: Error) -> Error {
        error
    }

    /// A service answered 401 to the token that it gave last. A source that has no other can only say so from now on.
    fn refused(&mut self) {}

    /// After how many milliseconds its tokens are to be renewed, give or take a tenth, unless they end before: an hour.
    fn renewal_interval_millis(&self) -> i64 {
        RENEW_AFTER_MILLIS
    }

    /// The key that its [`Action::Sign`] is to be done with, where it holds one.
    fn signing_key(&self) -> Option<&ServiceAccountKey> {
        None
    }
}

impl Source for Box<dyn Source> {
    fn start(&mut self, context: Context<'_>) -> Result<Progress, Error> {
        (**self).start(context)
    }

    fn resume(&mut self, context: Context<'_>, outcome: Outcome) -> Result<Progress, Error> {
        (**self).resume(context, outcome)
    }

    fn failed(&mut self, error: Error) -> Error {
        (**self).failed(error)
    }

    fn refused(&mut self) {
        (**self).refused();
    }

    fn renewal_interval_millis(&self) -> i64 {
        (**self).renewal_interval_millis()
    }

    fn signing_key(&self) -> Option<&ServiceAccountKey> {
        (**self).signing_key()
    }
}
