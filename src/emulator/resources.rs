//! What needs a bearer token: which path, which method.

use super::routes::{Accepted, Service};
use super::status::{Code, Refusal};
use super::wire::IncomingRequest;
use crate::redact;

const FEDERATED_CREDENTIALS: &str = "/iam/v1/workload/federatedCredentials";
const FEDERATIONS: &str = "/iam/v1/workload/oidc/federations";
const OPERATIONS: &str = "/operations";
const SECRETS: &str = "/lockbox/v1/secrets";
const SECRET_BY_NAME: &str = "/lockbox/v1/secrets:getEx";

/// What lies at a path.
enum Resource<'p> {
    FederatedCredentials,
    FederatedCredential(&'p str),
    Federations,
    Federation(&'p str),
    Operation(&'p str),
    Payload(&'p str),
    PayloadByName,
}

impl<'p> Resource<'p> {
    fn at(path: &'p str) -> Option<Self> {
        // One segment, without the name of a method behind a colon.
        let is_id = |id: &str| !id.is_empty() && !id.contains(['/', ':']);
        let below = |base: &str| {
            let id = path.strip_prefix(base)?.strip_prefix('/')?;
            is_id(id).then_some(id)
        };
        let payload = || {
            let id = path
                .strip_prefix(SECRETS)?
                .strip_prefix('/')?
                .strip_suffix("/payload")?;
            is_id(id).then_some(id)
        };
        Some(match path {
            FEDERATED_CREDENTIALS => Self::FederatedCredentials,
            FEDERATIONS => Self::Federations,
            SECRET_BY_NAME => Self::PayloadByName,
            _ => below(FEDERATED_CREDENTIALS)
                .map(Self::FederatedCredential)
                .or_else(|| below(FEDERATIONS).map(Self::Federation))
                .or_else(|| below(OPERATIONS).map(Self::Operation))
                .or_else(|| payload().map(Self::Payload))?,
        })
    }
}

impl Service<'_> {
    pub(super) fn use_token(&mut self, request: &IncomingRequest) -> Result<Accepted, Refusal> {
        let resource = Resource::at(request.path())
            .ok_or_else(|| Refusal::in_own_words(Code::NotFound, "nothing is served at this path"))?;
        let subject = self
            .tokens
            .subject(request.header("authorization"), self.now)?
            .to_owned();
        match (request.method.as_str(), resource) {
            ("POST", Resource::FederatedCredentials) => self.create_federated_credential(request, &subject),
            ("GET", Resource::FederatedCredentials) => self.federated_credentials(request, &subject),
            ("GET", Resource::FederatedCredential(id)) => self.federated_credential(request, id, &subject),
            ("DELETE", Resource::FederatedCredential(id)) => self.delete_federated_credential(request, id, &subject),
            ("POST", Resource::Federations) => self.create_federation(request, &subject),
            ("GET", Resource::Federations) => self.federations(request, &subject),
            ("GET", Resource::Federation(id)) => self.federation(request, id, &subject),
            ("PATCH", Resource::Federation(id)) => self.update_federation(request, id, &subject),
            ("DELETE", Resource::Federation(id)) => self.delete_federation(request, id, &subject),
            ("GET", Resource::Operation(id)) => self.poll(id, &subject),
            ("GET", Resource::Payload(id)) => self.payload(request, id, &subject),
            ("GET", Resource::PayloadByName) => self.payload_by_name(request, &subject),
            (method, _) => Err(Refusal::in_own_words(
                Code::Unimplemented,
                format!(
                    "{} does not serve the method {}",
                    request.path(),
                    redact::quote(method, 20)
                ),
            )),
        }
    }
}
