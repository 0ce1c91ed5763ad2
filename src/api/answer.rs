//! What calls come to.

use super::federated_credentials::FederatedCredential;
use super::federations::Federation;
use super::lockbox::LockboxPayload;
use super::operations::Operation;
use crate::http::Response;

/// What a call came to; each task says which of these it is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Answer {
    /// It is done, and there is nothing to say about it.
    Nothing,
    /// A secret of Lockbox.
    LockboxPayload(LockboxPayload),
    /// A federated credential.
    FederatedCredential(FederatedCredential),
    /// Federated credentials.
    FederatedCredentials(Page<FederatedCredential>),
    /// A federation.
    Federation(Federation),
    /// Federations.
    Federations(Page<Federation>),
    /// An operation.
    Operation(Operation),
    /// The ID of a service account or a user.
    Subject(String),
    /// A response, whatever its status.
    Response(Response),
}

/// Part of a list, or all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// What to ask for the next page with; none if this is the last.
    pub next_page_token: Option<String>,
}
