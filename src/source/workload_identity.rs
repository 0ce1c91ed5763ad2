//! Workload identity: an external OIDC token, exchanged for an IAM token by RFC 8693.
//!
//! <https://yandex.cloud/en/docs/iam/concepts/workload-identity>

use super::subject_check::SubjectToken;
use super::subject_token::{Found, SubjectTokenOrigin};
use super::{Context, Progress, Source};
use crate::credential;
use crate::effect::{Action, Outcome};
use crate::error::Error;
use crate::exchange;
use crate::secret::Secret;

const HINT: &str = "check the service account's ID, and that a federation has the token's `iss` and `aud`, and a federated credential its `sub`, letter for letter";

/// Exchanges tokens of an external issuer, for instance those that a kubelet writes for a pod.
#[cfg_attr(not(target_family = "wasm"), derive(Debug))]
pub struct WorkloadIdentitySource {
    service_account_id: String,
    origin: SubjectTokenOrigin,
    exchanging: Option<Exchange>,
}

/// A subject token is under way.
#[cfg_attr(not(target_family = "wasm"), derive(Debug))]
struct Exchange {
    token: Secret,
    /// Why the service may refuse it.
    doubt: Option<String>,
}

impl WorkloadIdentitySource {
    /// A source for this service account, with subject tokens from there. They are looked up anew at each renewal.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) if this is no service account's ID.
    pub fn new(service_account_id: &str, origin: SubjectTokenOrigin) -> Result<Self, Error> {
        Ok(Self {
            service_account_id: credential::identifier("service_account_id", service_account_id)?,
            origin,
            exchanging: None,
        })
    }

    fn exchange(&mut self, context: Context<'_>, subject: SubjectToken) -> Progress {
        let SubjectToken { token, doubt } = subject;
        let request = exchange::token_exchange_request(context.endpoints, &self.service_account_id, &token);
        self.exchanging = Some(Exchange { token, doubt });
        Progress::Perform(Action::Http(request))
    }
}

impl Source for WorkloadIdentitySource {
    fn start(&mut self, context: Context<'_>) -> Result<Progress, Error> {
        self.exchanging = None;
        match self.origin.look_up(context.now)? {
            Found::Token(token) => Ok(self.exchange(context, token)),
            Found::Ask(action) => Ok(Progress::Perform(action)),
        }
    }

    fn resume(&mut self, context: Context<'_>, outcome: Outcome) -> Result<Progress, Error> {
        let Some(exchange) = &self.exchanging else {
            let token = self.origin.read(outcome, context.now)?;
            return Ok(self.exchange(context, token));
        };
        match outcome {
            Outcome::Response(response) => exchange::read_access_token(&response, context.answered_at, context.now)
                .map(Progress::Done)
                .map_err(|error| error.with_hint_if_refused(exchange.doubt.as_deref().unwrap_or(HINT)))
                .map_err(|error| error.hiding(exchange.token.expose())),
            outcome => Err(outcome.unexpected()),
        }
    }

    fn failed(&mut self, error: Error) -> Error {
        match &self.exchanging {
            Some(exchange) => error.hiding(exchange.token.expose()),
            None => self.origin.failed(error),
        }
    }
}
