//! Federations, federated credentials and the key sets of external issuers: what the token exchange is judged by.

use std::collections::BTreeMap;

use serde_json::Value;

/// An OIDC workload identity federation: an external issuer that is trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Federation {
    /// Its ID; [`Emulator::create_federation`](super::Emulator::create_federation) gives one.
    pub id: String,
    /// The folder that it belongs to.
    pub folder_id: String,
    /// Its name.
    pub name: String,
    /// A description.
    pub description: String,
    /// Whether it takes no tokens at present.
    pub disabled: bool,
    /// The values of `aud` that are accepted.
    pub audiences: Vec<String>,
    /// The value of `iss` that is accepted.
    pub issuer: String,
    /// Where the issuer's keys are; see [`Emulator::publish_keys`](super::Emulator::publish_keys).
    pub jwks_url: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// When it was created, RFC 3339.
    pub created_at: String,
}

/// A federated credential: which external subject may act as which service account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FederatedCredential {
    /// Its ID.
    pub id: String,
    /// The service account.
    pub service_account_id: String,
    /// The federation whose tokens count.
    pub federation_id: String,
    /// The value of `sub`, compared byte for byte.
    pub external_subject_id: String,
    /// When it was created, RFC 3339.
    pub created_at: String,
}

/// All of them, by their IDs; and the published key sets, by their URLs.
#[derive(Debug, Default)]
pub(super) struct Workloads {
    pub(super) federations: BTreeMap<String, Federation>,
    pub(super) credentials: BTreeMap<String, FederatedCredential>,
    pub(super) key_sets: BTreeMap<String, Value>,
}

impl Workloads {
    /// The credentials of a service account with their federations.
    pub(super) fn of<'a>(
        &'a self,
        service_account_id: &'a str,
    ) -> impl Iterator<Item = (&'a FederatedCredential, &'a Federation)> {
        let own = self.credentials.values();
        own.filter(move |credential| credential.service_account_id == service_account_id)
            .filter_map(|credential| Some((credential, self.federations.get(&credential.federation_id)?)))
    }
}
