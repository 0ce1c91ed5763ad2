//! The other side of the exchange, for tests: judges JWTs and answers as the service does.
//!
//! Like the core, it is plain data in and plain data out: an [`IncomingRequest`] and the time become a [`Reply`]. Wire
//! it to a [`Session`](crate::Session) in memory, on a virtual clock, or put a server in front of it.
//!
//! It serves what a token is used for as well: federations, federated credentials, operations, Lockbox payloads, and by
//! [`Emulator::handle_kubernetes`] the API server of a cluster.
//!
//! Where the service's own words are public, they are used. Every other refusal begins with `emulator:`, so that
//! nobody takes them for the service's.
//!
//! Signatures are verified by the `jsonwebtoken` crate. Unless the process has installed one of its providers already,
//! [`Emulator::new`] installs one that knows PS256, RS256 and ES256 and nothing else: a program that uses
//! `jsonwebtoken` itself, with other algorithms, installs its own first.

mod access;
mod body;
mod certificates;
mod clock;
mod crypto;
mod exchanges;
mod failures;
mod fault_options;
mod faults;
mod federated_credentials;
mod federations;
mod generate;
mod handling;
mod ids;
mod issuer;
mod judge;
mod kubernetes;
mod operations;
mod options;
mod pages;
mod payloads;
mod provider;
mod query;
mod record;
mod registry;
mod resources;
mod routes;
mod secrets;
mod signature_advice;
mod status;
mod subject_judge;
mod subjects;
mod tokens;
mod view;
mod wire;
mod workload_changes;
mod workloads;

pub use certificates::{ClusterTls, generate_cluster_tls};
pub use fault_options::FaultOptions;
pub use faults::{FaultKind, OrderedFault};
pub use generate::generate_private_key;
pub use issuer::{Issuer, PodTokenRequest, TokenFile};
pub use options::EmulatorOptions;
pub use record::{Received, Verdict};
pub use secrets::{SecretEntry, SecretValue};
pub use wire::{Delivery, IncomingRequest, Reply};
pub use workloads::{FederatedCredential, Federation};

use self::access::AccessBindings;
use self::faults::Orders;
use self::ids::Ids;
use self::kubernetes::Cluster;
use self::operations::Operations;
use self::record::Record;
use self::registry::Registry;
use self::secrets::Secrets;
use self::tokens::Tokens;
use self::workloads::Workloads;
use crate::endpoints::Endpoints;
use crate::error::Error;
use crate::timestamp::UnixTime;

/// An emulator of the service: a registry of service accounts and keys, a judge, and a record of what it saw.
#[derive(Debug)]
pub struct Emulator {
    options: EmulatorOptions,
    ids: Ids,
    registry: Registry,
    workloads: Workloads,
    operations: Operations,
    access: AccessBindings,
    secrets: Secrets,
    cluster: Cluster,
    attached: Option<String>,
    tokens: Tokens,
    orders: Orders,
    record: Record,
}

impl Emulator {
    /// An emulator that knows no service account yet.
    #[must_use]
    pub fn new(options: EmulatorOptions) -> Self {
        provider::install();
        Self {
            ids: Ids::new(options.seed),
            options,
            registry: Registry::default(),
            workloads: Workloads::default(),
            operations: Operations::default(),
            access: AccessBindings::default(),
            secrets: Secrets::default(),
            cluster: Cluster::default(),
            attached: None,
            tokens: Tokens::default(),
            orders: Orders::default(),
            record: Record::default(),
        }
    }

    /// Creates a service account and gives its ID.
    pub fn create_service_account(&mut self, name: &str) -> String {
        let id = self.ids.service_account();
        self.registry.add_account(id.clone(), name.to_owned());
        id
    }

    /// The IDs and names of the service accounts.
    pub fn service_accounts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.registry.accounts()
    }

    /// Registers a key for a service account and gives the key file's content, as the service would hand it out once.
    ///
    /// The private key is a PEM block, PKCS#8 or PKCS#1; see [`generate_private_key`].
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) for an unknown service account; whatever
    /// [`ServiceAccountKey::from_json`](crate::ServiceAccountKey::from_json) says about the private key.
    pub fn create_key(
        &mut self,
        service_account_id: &str,
        private_key_pem: &str,
        now: UnixTime,
    ) -> Result<String, Error> {
        let id = self.ids.key();
        let created_at = clock::rfc3339(self.clock(now, 0), self.ids.nanos_of_milli());
        self.registry
            .add_key(&id, service_account_id, private_key_pem, &created_at)
    }

    /// Deletes a key; JWTs that it signed are refused from now on, tokens live on. True if it was there.
    pub fn delete_key(&mut self, key_id: &str) -> bool {
        self.registry.delete_key(key_id)
    }

    /// Ends a token that was issued. True if it was there.
    pub fn revoke_token(&mut self, token: &str) -> bool {
        self.tokens.revoke(token)
    }

    /// Ends every token that was issued.
    pub fn revoke_all_tokens(&mut self) {
        self.tokens.revoke_all();
    }

    /// How many tokens have been issued so far, those included whose answers did not arrive.
    #[must_use]
    pub fn tokens_issued(&self) -> u64 {
        self.ids.tokens_issued()
    }

    /// Makes something go wrong.
    pub fn order(&mut self, fault: OrderedFault) {
        self.orders.add(fault);
    }

    /// Takes back every order that is not used up.
    pub fn cancel_orders(&mut self) {
        self.orders.clear();
        self.operations.cancel_orders();
    }

    /// Accepts this value of `aud` too.
    pub fn add_audience(&mut self, audience: &str) {
        self.options.audiences.push(audience.to_owned());
    }

    /// The endpoints of clients that find every service at this base URL; their audience is accepted from now on.
    /// A server in front calls this once it knows its port.
    ///
    /// # Errors
    /// As for [`Endpoints::all_at`].
    pub fn serve_at(&mut self, base_url: &str) -> Result<Endpoints, Error> {
        let endpoints = Endpoints::all_at(base_url)?;
        self.add_audience(&endpoints.audience());
        Ok(endpoints)
    }

    /// Puts the emulator's clock so many seconds ahead of the caller's.
    pub fn set_clock_offset(&mut self, secs: i64) {
        self.options.clock_offset = secs;
    }

    /// The latest requests, the oldest first; at most [`EmulatorOptions::requests_kept`] of them.
    pub fn requests(&self) -> impl ExactSizeIterator<Item = &Received> {
        self.record.iter()
    }

    /// The latest requests as text, a line for each, followed by the JWT of one that was not accepted.
    #[must_use]
    pub fn log(&self) -> String {
        let lines: Vec<String> = self.requests().map(ToString::to_string).collect();
        lines.join("\n")
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&mut self) {
        self.record.clear();
    }
}
