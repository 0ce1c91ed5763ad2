//! A pod without any key reads a secret: the whole way, against the embedded emulator and without a network.
//!
//! cargo run --example tutorial --features emulator

#![allow(clippy::print_stdout)]

use std::cell::{Cell, RefCell};
use std::error::Error;

use yc_iam::api::{self, Answer, Call, CallOptions, CallStep, FederationFields};
use yc_iam::diagnose::{ExpectedIdentity, ExplainOptions, explain};
use yc_iam::emulator::{
    Emulator, EmulatorOptions, IncomingRequest, Issuer, PodTokenRequest, SecretEntry, TokenFile, generate_private_key,
};
use yc_iam::kubernetes::{InCluster, InClusterFiles};
use yc_iam::{
    Action, Endpoints, Outcome, Request, Secret, ServiceAccountKey, ServiceAccountSource, Session, SessionOptions,
    Source, Step, SubjectTokenOrigin, UnixTime, WorkloadIdentitySource,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const FOLDER: &str = "b1gtutorial00000001";
const ISSUER: &str = "https://storage.yandexcloud.net/mk8s-oidc/v1/clusters/cattutorial0000000001";
const TOKEN_FILE: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/// The cloud, the cluster, and a clock that stands where it is put.
struct World {
    cloud: RefCell<Emulator>,
    issuer: RefCell<Issuer>,
    token_file: RefCell<TokenFile>,
    now: UnixTime,
    calls: Cell<u128>,
}

impl World {
    fn new() -> Result<Self> {
        let issuer = Issuer::new(ISSUER, generate_private_key(2048)?.expose())?;
        let mut cloud = Emulator::new(EmulatorOptions::default());
        cloud.publish(&issuer);
        cloud.set_cluster_issuer(&issuer, &[]);
        Ok(Self {
            cloud: RefCell::new(cloud),
            issuer: RefCell::new(issuer),
            token_file: RefCell::new(TokenFile::new(PodTokenRequest::new("shop", "backend"))),
            now: UnixTime::from_secs(1_793_563_200), // 2026-11-01T20:00:00Z
            calls: Cell::new(0),
        })
    }

    /// What the kubelet has written into the pod's token file.
    fn pod_token(&self) -> Result<Secret> {
        let mut issuer = self.issuer.borrow_mut();
        Ok(self.token_file.borrow_mut().read(&mut issuer, self.now)?)
    }

    /// Does what a host does: here, requests go to the emulator, and the one file is the pod's token.
    fn perform(&self, action: &Action) -> Result<Outcome> {
        Ok(match action {
            Action::Http(request) => Outcome::Response(self.send(request)),
            Action::ReadFile(path) if path == TOKEN_FILE => Outcome::File(self.pod_token()?.expose().into()),
            other => return Err(format!("nobody here can do {other:?}").into()),
        })
    }

    fn send(&self, request: &Request) -> yc_iam::Response {
        let mut cloud = self.cloud.borrow_mut();
        let incoming = IncomingRequest::from(request);
        // A cluster's API server is another machine, with an authority of its own.
        let reply = match request.ca_certificate {
            Some(_) => cloud.handle_kubernetes(&incoming, self.now),
            None => cloud.handle(&incoming, self.now),
        };
        println!("    {} {} → {}", request.method, request.url, reply.response.status);
        reply.response
    }

    fn token(&self, session: &mut Session) -> Result<Secret> {
        loop {
            match session.poll(self.now) {
                Step::Use { token, .. } => return Ok(token.value),
                Step::Perform(effect) => session.complete(effect.id, self.now, self.perform(&effect.action)?)?,
                Step::Wait { .. } => return Err("a token that is not in flight is not waited for".into()),
                Step::Fail(error) => return Err(error.into()),
            }
        }
    }

    /// Carries a task out with the session's tokens. The clock runs on by itself while an operation is waited for.
    fn call(&self, session: &mut Session, task: api::Task) -> Result<Answer> {
        self.calls.set(self.calls.get() + 1);
        let options = CallOptions {
            entropy: self.calls.get().to_be_bytes(), // yours are random: other bytes for each call
            ..CallOptions::default()
        };
        let mut call = Call::new(task, options);
        let mut now = self.now;
        loop {
            match call.poll(now) {
                CallStep::Authorize { refused, .. } => {
                    if let Some(token) = refused {
                        session.invalidate(&token);
                    }
                    call.authorize(&self.token(session)?);
                }
                CallStep::Perform(effect) => call.complete(effect.id, now, self.perform(&effect.action)?)?,
                CallStep::Wait { until } => now = until,
                CallStep::Done(answer) => return Ok(answer),
                CallStep::Fail(error) => return Err(error.into()),
            }
        }
    }
}

fn session(source: impl Source + 'static) -> Session {
    Session::new(source, SessionOptions::default())
}

/// Runs the tutorial; a test calls it too.
pub(crate) fn main() -> Result<()> {
    let world = World::new()?;

    println!("1. An administrator's key");
    let (admin, workload, key_file) = {
        let mut cloud = world.cloud.borrow_mut();
        let admin = cloud.create_service_account("admin");
        let workload = cloud.create_service_account("shop-backend");
        let key_file = cloud.create_key(&admin, generate_private_key(2048)?.expose(), world.now)?;
        (admin, workload, key_file)
    };
    let mut admin_session = session(ServiceAccountSource::new(ServiceAccountKey::from_json(key_file)?)?);

    println!("2. A workload identity federation that trusts the cluster");
    let fields = FederationFields {
        name: Some("shop-cluster".to_owned()),
        issuer: Some(ISSUER.to_owned()),
        audiences: Some(vec![ISSUER.to_owned()]),
        jwks_url: Some(format!("{ISSUER}/jwks.json")),
        ..FederationFields::default()
    };
    let answer = world.call(&mut admin_session, api::federations::create(FOLDER, &fields)?)?;
    let Answer::Federation(federation) = answer else {
        return Err("not a federation".into());
    };

    println!("3. A federated credential: the pod's account may act as `shop-backend`");
    let subject = "system:serviceaccount:shop:backend";
    let task = api::federated_credentials::create(&workload, &federation.id, subject)?;
    let Answer::FederatedCredential(credential) = world.call(&mut admin_session, task)? else {
        return Err("not a federated credential".into());
    };

    println!("4. In the pod: who am I, and does the federation know me?");
    let pod_token = world.pod_token()?;
    let expected = ExpectedIdentity {
        issuer: Some(federation.issuer.clone()),
        audiences: federation.audiences.clone(),
        subject: Some(credential.external_subject_id.clone()),
        disabled: Some(federation.disabled),
        ..ExpectedIdentity::default()
    };
    let options = ExplainOptions {
        now: world.now,
        endpoints: &Endpoints::global(),
        expected: Some(&expected),
    };
    let explanation = explain(pod_token.expose().as_bytes(), &options);
    for line in explanation.to_text().lines() {
        println!("    {line}");
    }
    if !explanation.is_good() {
        return Err("the token does not suit the federation".into());
    }

    println!("5. The pod's token for an IAM token");
    let origin = SubjectTokenOrigin::file(TOKEN_FILE);
    let mut pod_session = session(WorkloadIdentitySource::new(&workload, origin)?);
    world.token(&mut pod_session)?;

    println!("6. A secret of Lockbox: first without the role, then with it");
    let secret = {
        let mut cloud = world.cloud.borrow_mut();
        cloud.create_secret(FOLDER, "database", vec![SecretEntry::text("password", "correct horse")])?
    };
    if world.call(&mut pod_session, api::lockbox::get(&secret, None)?).is_ok() {
        return Err("a secret was read without the role".into());
    }
    let role = "lockbox.payloadViewer";
    world.cloud.borrow_mut().add_access_binding(&secret, role, &workload);
    let Answer::LockboxPayload(payload) = world.call(&mut pod_session, api::lockbox::get(&secret, None)?)? else {
        return Err("not a payload".into());
    };
    println!("    the password has {} characters", payload.text("password")?.len());

    println!("7. The pod's own cluster");
    world.cloud.borrow_mut().add_pod("shop", "backend-0", world.now);
    let authority = yc_iam::emulator::generate_cluster_tls(&[], world.now)?.ca_certificate_pem;
    let cluster = InCluster::new(
        &InClusterFiles::in_directory(None),
        |name| (name == "KUBERNETES_SERVICE_HOST").then(|| "10.96.0.1".to_owned()),
        Outcome::File(authority.into_bytes()),
        Outcome::File(b"shop".to_vec()),
    )?;
    let path = format!("/api/v1/namespaces/{}/pods", cluster.namespace());
    let mut cluster_session = session(cluster.source());
    let Answer::Response(pods) = world.call(&mut cluster_session, cluster.task("GET", &path, None)?)? else {
        return Err("not a response".into());
    };
    if pods.status != 200 || !String::from_utf8_lossy(&pods.body).contains("backend-0") {
        return Err("the pod does not find itself".into());
    }

    println!("8. Cleaning up");
    for task in [
        api::federated_credentials::delete(&credential.id)?,
        api::federations::delete(&federation.id)?,
    ] {
        world.call(&mut admin_session, task)?;
    }
    let mut refused = session(WorkloadIdentitySource::new(
        &workload,
        SubjectTokenOrigin::file(TOKEN_FILE),
    )?);
    match world.token(&mut refused) {
        Ok(_) => Err("a deleted federation still works".into()),
        Err(error) => {
            println!("    {error}");
            println!("Done. {admin} made it, {workload} used it, and no key was ever in the pod.");
            Ok(())
        }
    }
}
