//! An OAuth token of a Yandex account: exchanged as it is.
//!
//! <https://yandex.cloud/en/docs/iam/operations/iam-token/create>

use super::{Context, Progress, Source};
use crate::credential::{self, Kind};
use crate::effect::{Action, Outcome};
use crate::error::Error;
use crate::exchange;
use crate::secret::Secret;

/// The service's limit for `yandexPassportOauthToken`.
const MAX_LEN: usize = 4000;

const HINT: &str = "check that the OAuth token is whole, has not been revoked and is not a year old, and that this account has a cloud";

/// Exchanges a Yandex account's OAuth token.
#[derive(Clone)]
#[cfg_attr(not(target_family = "wasm"), derive(Debug))]
pub struct OauthSource {
    token: Secret,
}

impl OauthSource {
    /// A source with this OAuth token; white space around it does not matter.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidCredential`](crate::ErrorCode::InvalidCredential) if it cannot be an OAuth token.
    pub fn new(token: &str) -> Result<Self, Error> {
        let token = credential::check(Kind::Oauth, token, MAX_LEN)?;
        Ok(Self { token })
    }
}

impl Source for OauthSource {
    fn start(&mut self, context: Context<'_>) -> Result<Progress, Error> {
        let request = exchange::oauth_request(context.endpoints, &self.token);
        Ok(Progress::Perform(Action::Http(request)))
    }

    fn resume(&mut self, context: Context<'_>, outcome: Outcome) -> Result<Progress, Error> {
        match outcome {
            Outcome::Response(response) => exchange::read_token(&response, context.now)
                .map(Progress::Done)
                .map_err(|error| self.failed(error.with_hint_if_refused(HINT))),
            outcome => Err(outcome.unexpected()),
        }
    }

    fn failed(&mut self, error: Error) -> Error {
        error.hiding(self.token.expose())
    }
}
