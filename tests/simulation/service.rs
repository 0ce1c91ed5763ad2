//! The service: an emulator, and a ledger of what it really issued, kept apart from what any session believes.

use std::collections::HashMap;

use yc_iam::emulator::{
    Delivery, Emulator, EmulatorOptions, FaultKind, IncomingRequest, Issuer, OrderedFault, PodTokenRequest,
};
use yc_iam::{Outcome, Request, Secret, ServiceAccountKey};

use crate::files::PodFile;
use crate::queue::{BEGIN, HOUR, MINUTE, Millis, SECOND, time};
use crate::random::Random;
use crate::scenario::Scenario;

const PEM_A: &str = include_str!("../vectors/pem/rsa2048_a.pem");
const PEM_B: &str = include_str!("../vectors/pem/rsa2048_b.pem");

/// A token as the service knows it.
pub struct Issued {
    pub at: Millis,
    pub ends_at: Millis,
    pub revoked_at: Option<Millis>,
}

pub struct Service {
    emulator: Emulator,
    issuer: Issuer,
    files: Vec<PodFile>,
    pods_per_file: usize,
    lifetime: Millis,
    counts_times: bool,
    ledger: HashMap<String, Issued>,
    pruned_at: Millis,
    /// Requests for a token that arrived, by minute since the beginning.
    pub per_minute: Vec<u64>,
    /// The same by second, while an outage and what follows is looked at.
    pub per_second: HashMap<Millis, u64>,
    pub exchanges: u64,
    pub revocations: Vec<Millis>,
    pub oauth_token: Secret,
    pub key: ServiceAccountKey,
    pub account: String,
}

/// Whether an answer holds a token, whole.
pub fn holds_token(body: &[u8]) -> bool {
    serde_json::from_slice(body)
        .is_ok_and(|body: serde_json::Value| body.get("iamToken").or(body.get("access_token")).is_some())
}

impl Service {
    pub fn new(scenario: &Scenario, seed: u64) -> Self {
        let mut emulator = Emulator::new(EmulatorOptions {
            token_lifetime: scenario.lifetime / SECOND,
            seed,
            requests_kept: 0,
            ..EmulatorOptions::default()
        });
        let now = time(BEGIN);
        let account = emulator.create_service_account("fleet");
        let user = emulator.create_user("owner");
        let oauth_token = emulator.create_oauth_token(&user).unwrap();
        let key = ServiceAccountKey::from_json(emulator.create_key(&account, PEM_A, now).unwrap()).unwrap();
        emulator.attach_service_account(Some(&account)).unwrap();
        let issuer = Issuer::new("https://oidc.example.net/cluster", PEM_B).unwrap();
        let federation = emulator.trust(&issuer, now);
        let request = PodTokenRequest::new("default", "robot");
        emulator
            .create_federated_credential(&account, &federation, &request.subject(), now)
            .unwrap();
        Self {
            emulator,
            issuer,
            files: (0..scenario.instances.div_ceil(scenario.pods_per_file))
                .map(|_| PodFile::new(request.clone(), scenario.troubled_files))
                .collect(),
            pods_per_file: scenario.pods_per_file,
            lifetime: scenario.lifetime,
            counts_times: scenario.counts_times,
            ledger: HashMap::new(),
            pruned_at: BEGIN,
            per_minute: Vec::new(),
            per_second: HashMap::new(),
            exchanges: 0,
            revocations: Vec::new(),
            oauth_token,
            key,
            account,
        }
    }

    /// What a pod reads.
    pub fn read_file(&mut self, pod: usize, now: Millis, random: &mut Random) -> Outcome {
        self.files[pod / self.pods_per_file].read(&mut self.issuer, now, random)
    }

    /// Signs with the issuer's other key from now on; the old one stays published.
    pub fn rotate_issuer_key(&mut self) {
        self.issuer.rotate_key(PEM_A).unwrap();
        self.emulator.publish(&self.issuer);
    }

    /// Counts a request that was on its way to the service, whether it gets there or not.
    pub fn count(&mut self, now: Millis) {
        self.exchanges += 1;
        if !self.counts_times {
            return;
        }
        let minute = ((now - BEGIN) / MINUTE) as usize;
        if self.per_minute.len() <= minute {
            self.per_minute.resize(minute + 1, 0);
        }
        self.per_minute[minute] += 1;
        *self.per_second.entry((now - BEGIN) / SECOND).or_default() += 1;
    }

    /// Answers a request; the fault strikes this one. Gives the outcome and by how much it comes late.
    pub fn handle(&mut self, request: &Request, now: Millis, fault: Option<FaultKind>) -> (Outcome, Millis) {
        if let Some(kind) = fault {
            self.emulator.order(OrderedFault {
                path: None,
                times: 1,
                kind,
            });
        }
        let issued_before = self.emulator.tokens_issued();
        let reply = self.emulator.handle(&IncomingRequest::from(request), time(now));
        if self.emulator.tokens_issued() > issued_before && reply.delivery == Delivery::Whole {
            let body: serde_json::Value = serde_json::from_slice(&reply.response.body).unwrap();
            let token = body.get("iamToken").or_else(|| body.get("access_token")).unwrap();
            self.prune(now);
            self.ledger.insert(
                token.as_str().unwrap().to_owned(),
                Issued {
                    at: now,
                    ends_at: now + self.lifetime,
                    revoked_at: None,
                },
            );
        }
        let late = reply.delay_millis as Millis;
        (reply.into_outcome(), late)
    }

    fn prune(&mut self, now: Millis) {
        if now - self.pruned_at > 6 * HOUR {
            self.pruned_at = now;
            self.ledger.retain(|_, issued| now < issued.ends_at + 48 * HOUR);
            self.revocations.retain(|at| now < at + 48 * HOUR);
        }
    }

    /// What the service itself knows of a token.
    pub fn issued(&self, token: &Secret) -> Option<&Issued> {
        self.ledger.get(token.expose())
    }

    /// Calls an API with this token: true unless it answers 401.
    pub fn accepts(&self, token: &Secret, now: Millis) -> bool {
        let authorization = format!("Bearer {}", token.expose());
        self.emulator.check_bearer(&authorization, time(now)).is_ok()
    }

    /// Ends every token that was issued so far.
    pub fn revoke_all(&mut self, now: Millis) {
        self.emulator.revoke_all_tokens();
        for issued in self.ledger.values_mut() {
            issued.revoked_at.get_or_insert(now);
        }
        self.revocations.push(now);
    }
}
