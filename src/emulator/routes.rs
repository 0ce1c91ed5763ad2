//! What the emulator serves: which path, which method, which body.

use serde_json::{Value, json};

use super::access::AccessBindings;
use super::body::{optional, read_object};
use super::judge::{self, Rules};
use super::operations::Operations;
use super::registry::Registry;
use super::secrets::Secrets;
use super::status::{Code, Refusal};
use super::wire::IncomingRequest;
use super::workloads::Workloads;
use super::{EmulatorOptions, clock, ids::Ids, tokens::Tokens};
use crate::redact;
use crate::secret::Secret;
use crate::timestamp::UnixTime;

const TOKENS_PATH: &str = "/iam/v1/tokens";
/// Not the service's: says whose token a bearer is, so that a test can see that it is good.
const WHOAMI_PATH: &str = "/emulator/whoami";

const CREATE_FOR_PATH: &str = "/iam/v1/tokens:createForServiceAccount";
const REVOKE_PATH: &str = "/iam/v1/tokens:revoke";
const TOKEN_EXCHANGE_PATH: &str = "/oauth/token";
const METADATA_PATH: &str = "/computeMetadata/v1/instance/service-accounts/default/token";

const MAX_JWT_LEN: usize = 8000;
const MAX_OAUTH_TOKEN_LEN: usize = 4000;

/// What the routes need of the emulator.
pub(super) struct Service<'a> {
    pub(super) options: &'a EmulatorOptions,
    pub(super) registry: &'a Registry,
    pub(super) workloads: &'a mut Workloads,
    pub(super) operations: &'a mut Operations,
    pub(super) access: &'a AccessBindings,
    pub(super) secrets: &'a Secrets,
    /// The service account of the machine that asks for metadata.
    pub(super) attached: Option<&'a str>,
    pub(super) tokens: &'a mut Tokens,
    pub(super) ids: &'a mut Ids,
    /// By the emulator's clock.
    pub(super) now: UnixTime,
}

/// A request that was accepted.
pub(super) struct Accepted {
    pub(super) subject: String,
    pub(super) body: Value,
}

impl Service<'_> {
    pub(super) fn route(&mut self, request: &IncomingRequest) -> Result<Accepted, Refusal> {
        match (request.method.as_str(), request.path()) {
            ("POST", TOKENS_PATH) => self.create_token(&request.body),
            ("GET", WHOAMI_PATH) => self.whoami(request.header("authorization")),
            ("POST", CREATE_FOR_PATH) => self.create_token_for(request),
            ("POST", REVOKE_PATH) => self.revoke_token(&request.body),
            ("POST", TOKEN_EXCHANGE_PATH) => self.exchange_external_token(request),
            ("GET", METADATA_PATH) => self.metadata_token(request),
            (
                method,
                path
                @ (TOKENS_PATH | WHOAMI_PATH | CREATE_FOR_PATH | REVOKE_PATH | TOKEN_EXCHANGE_PATH | METADATA_PATH),
            ) => Err(Refusal::in_own_words(
                Code::Unimplemented,
                format!("{path} does not serve the method {}", redact::quote(method, 20)),
            )),
            _ => self.use_token(request),
        }
    }

    fn create_token(&mut self, body: &[u8]) -> Result<Accepted, Refusal> {
        let body = read_object(body)?;
        let jwt = optional(&body, "jwt", MAX_JWT_LEN)?;
        let oauth_token = optional(&body, "yandexPassportOauthToken", MAX_OAUTH_TOKEN_LEN)?;
        match (jwt, oauth_token) {
            (Some(jwt), None) => self.exchange_jwt(jwt),
            (None, Some(token)) => self.exchange_oauth_token(token),
            _ => {
                let message = "Request validation error: Exactly one of 'yandexPassportOauthToken' and 'jwt' should be specified.";
                Err(Refusal::in_the_services_words(Code::InvalidArgument, message))
            }
        }
    }

    fn exchange_jwt(&mut self, jwt: &str) -> Result<Accepted, Refusal> {
        let rules = Rules {
            audiences: &self.options.audiences,
            tolerance_secs: self.options.clock_tolerance,
            now: self.now,
        };
        let subject = judge::judge(jwt, self.registry, &rules)?;
        Ok(self.grant(&subject))
    }

    /// A new token in the shape of `CreateIamTokenResponse`.
    pub(super) fn grant(&mut self, subject: &str) -> Accepted {
        let (token, expires_at) = self.issue(subject);
        let nanos = self.ids.nanos_of_milli();
        Accepted {
            subject: subject.to_owned(),
            body: json!({ "iamToken": token.expose(), "expiresAt": clock::rfc3339(expires_at, nanos) }),
        }
    }

    pub(super) fn issue(&mut self, subject: &str) -> (Secret, UnixTime) {
        let token = self.ids.token();
        let expires_at = self.now.plus_millis(self.options.token_lifetime.saturating_mul(1000));
        self.tokens.add(&token, subject, self.now, expires_at);
        (token, expires_at)
    }

    fn whoami(&self, authorization: Option<&str>) -> Result<Accepted, Refusal> {
        let subject = self.tokens.subject(authorization, self.now)?.to_owned();
        Ok(Accepted {
            body: json!({ "subjectId": subject }),
            subject,
        })
    }
}
