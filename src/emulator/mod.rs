//! The other side of the exchange, for tests: judges JWTs and answers as the service does.
//!
//! Like the core, it is plain data in and plain data out: an [`IncomingRequest`] and the time become a [`Reply`]. Wire
//! it to a [`Session`](crate::Session) in memory, on a virtual clock, or put a server in front of it.
//!
//! Where the service's own words are public, they are used. Every other refusal begins with `emulator:`, so that
//! nobody takes them for the service's.
//!
//! Signatures are verified by the `jsonwebtoken` crate. Unless the process has installed one of its providers already,
//! [`Emulator::new`] installs one that knows PS256, RS256 and ES256 and nothing else: a program that uses
//! `jsonwebtoken` itself, with other algorithms, installs its own first.

mod clock;
mod crypto;
mod exchanges;
mod faults;
mod generate;
mod ids;
mod issuer;
mod judge;
mod provider;
mod record;
mod registry;
mod routes;
mod signature_advice;
mod status;
mod subject_judge;
mod subjects;
mod tokens;
mod view;
mod wire;
mod workloads;

pub use faults::{FaultKind, OrderedFault};
pub use generate::generate_private_key;
pub use issuer::{Issuer, PodTokenRequest, TokenFile};
pub use record::{Received, Verdict};
pub use wire::{Delivery, IncomingRequest, Reply};
pub use workloads::{FederatedCredential, Federation};

use self::faults::Orders;
use self::ids::Ids;
use self::record::Record;
use self::registry::Registry;
use self::routes::Service;
use self::status::Head;
use self::tokens::Tokens;
use self::workloads::Workloads;
use crate::endpoints::Endpoints;
use crate::error::Error;
use crate::http::Response;
use crate::timestamp::UnixTime;

/// How strict an emulator is, and what its clock says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmulatorOptions {
    /// The values of `aud` that are accepted; the global installation's by default.
    pub audiences: Vec<String>,
    /// By how many seconds a JWT's times may miss the emulator's clock; 60 by default. The service's own figure is not
    /// public.
    pub clock_tolerance: i64,
    /// How many seconds a token lives; 43 200 by default, which is 12 hours.
    pub token_lifetime: i64,
    /// By how many seconds the emulator's clock is ahead of the caller's; 0 by default.
    pub clock_offset: i64,
    /// What IDs and tokens are made from: the same seed, the same IDs and tokens.
    pub seed: u64,
}

impl Default for EmulatorOptions {
    fn default() -> Self {
        Self {
            audiences: vec![Endpoints::global().audience()],
            clock_tolerance: 60,
            token_lifetime: 43_200,
            clock_offset: 0,
            seed: 0,
        }
    }
}

/// An emulator of the service: a registry of service accounts and keys, a judge, and a record of what it saw.
#[derive(Debug)]
pub struct Emulator {
    options: EmulatorOptions,
    ids: Ids,
    registry: Registry,
    workloads: Workloads,
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

    /// The latest requests, the oldest first; ten thousand at most.
    pub fn requests(&self) -> impl ExactSizeIterator<Item = &Received> {
        self.record.iter()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&mut self) {
        self.record.clear();
    }

    /// Answers a request that arrived at `now`, by the caller's clock, and records it.
    pub fn handle(&mut self, request: &IncomingRequest, now: UnixTime) -> Reply {
        let struck = self.orders.strike(request.path());
        let head = Head {
            request_id: self.ids.request(),
            now: self.clock(now, struck.clock_offset),
        };
        let (verdict, response) = match &struck.answer {
            Some(fault @ FaultKind::Status { status, retry_after }) => (
                Verdict::NotJudged(fault.describe()),
                head.ordered_status(*status, retry_after.as_deref()),
            ),
            Some(fault @ FaultKind::Html { status }) => {
                (Verdict::NotJudged(fault.describe()), head.ordered_page(*status))
            }
            _ => self.judge(request, &head),
        };
        let delivery = match &struck.answer {
            Some(FaultKind::Truncated) => Delivery::Truncated(response.body.len() / 2),
            Some(FaultKind::Dropped) => Delivery::Dropped,
            _ => Delivery::Whole,
        };
        self.note(request, &head, verdict, &response, struck.descriptions);
        Reply {
            response,
            delay_millis: struck.delay_millis,
            delivery,
        }
    }

    /// Whose token the value of an `Authorization` header holds: the service account's ID.
    ///
    /// # Errors
    /// The answer with status 401, where the token is missing, unknown, revoked or expired.
    pub fn check_bearer(&self, authorization: &str, now: UnixTime) -> Result<String, Response> {
        let head = Head {
            request_id: self.ids.check(now),
            now: self.clock(now, 0),
        };
        match self.tokens.subject(Some(authorization), head.now) {
            Ok(subject) => Ok(subject.to_owned()),
            Err(refusal) => Err(head.refusal(&refusal)),
        }
    }

    /// The emulator's clock at the caller's `now`.
    fn clock(&self, now: UnixTime, ordered_offset: i64) -> UnixTime {
        now.plus_millis(
            self.options
                .clock_offset
                .saturating_add(ordered_offset)
                .saturating_mul(1000),
        )
    }

    fn judge(&mut self, request: &IncomingRequest, head: &Head) -> (Verdict, Response) {
        let mut service = Service {
            options: &self.options,
            registry: &self.registry,
            workloads: &self.workloads,
            attached: self.attached.as_deref(),
            tokens: &mut self.tokens,
            ids: &mut self.ids,
            now: head.now,
        };
        match service.route(request) {
            Ok(accepted) => (Verdict::Accepted(accepted.subject), head.json(200, &accepted.body)),
            Err(refusal) => (Verdict::Refused(refusal.reason()), head.refusal(&refusal)),
        }
    }

    fn note(
        &mut self,
        request: &IncomingRequest,
        head: &Head,
        verdict: Verdict,
        response: &Response,
        faults: Vec<String>,
    ) {
        let (jwt_header, jwt_claims) = view::jwt(request);
        self.record.add(Received {
            at: head.now,
            method: request.method.clone(),
            target: crate::redact::redact(&request.target),
            headers: view::headers(request),
            body: view::body(request),
            jwt_header,
            jwt_claims,
            verdict,
            status: response.status,
            request_id: response.header("x-request-id").unwrap_or_default().to_owned(),
            faults,
        });
    }
}
