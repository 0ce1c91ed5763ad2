//! What the emulator serves: which path, which method, which body.

use serde_json::{Value, json};

use super::access::AccessBindings;
use super::operations::Operations;
use super::registry::Registry;
use super::secrets::Secrets;
use super::status::{Code, Refusal};
use super::wire::IncomingRequest;
use super::workloads::Workloads;
use super::{EmulatorOptions, ids::Ids, tokens::Tokens};
use crate::redact;
use crate::timestamp::UnixTime;

const TOKENS_PATH: &str = "/iam/v1/tokens";
/// Not the service's: says whose token a bearer is, so that a test can see that it is good.
const WHOAMI_PATH: &str = "/emulator/whoami";

const CREATE_FOR_PATH: &str = "/iam/v1/tokens:createForServiceAccount";
const REVOKE_PATH: &str = "/iam/v1/tokens:revoke";
const TOKEN_EXCHANGE_PATH: &str = "/oauth/token";
const METADATA_PATH: &str = "/computeMetadata/v1/instance/service-accounts/default/token";

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

    fn whoami(&self, authorization: Option<&str>) -> Result<Accepted, Refusal> {
        let subject = self.tokens.subject(authorization, self.now)?.to_owned();
        Ok(Accepted {
            body: json!({ "subjectId": subject }),
            subject,
        })
    }
}
