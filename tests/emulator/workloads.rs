//! Workload identities against the emulator, on a virtual clock: a cluster, its federation, and a pod.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use yc_iam::emulator::{Emulator, EmulatorOptions, Federation, Issuer, PodTokenRequest, TokenFile};
use yc_iam::{Action, ErrorCode, Outcome, SubjectTokenOrigin, WorkloadIdentitySource};

use crate::support::{Answer, Client, NOW, PEM_A, PEM_B, World, at, post, whoami};

const CLUSTER: &str = "https://storage.yandexcloud.net/mk8s-oidc/v1/clusters/catexample";
const PEM_EC: &str = include_str!("../vectors/pem/ec_p256.pem");

fn world() -> World {
    World::new(EmulatorOptions::default())
}

fn subject_of(emulator: &mut Emulator, token: &yc_iam::AccessToken, client: &Client) -> String {
    let answer = whoami(emulator, Some(token.authorization().expose()), client.now);
    answer.body["subjectId"].as_str().unwrap().to_owned()
}

/// A cluster, its federation, and a pod's token file.
struct Cluster {
    world: World,
    issuer: Issuer,
    federation: String,
    file: TokenFile,
    client: Client,
    reads: u32,
}

impl Cluster {
    fn new(key: &str, subject: &str) -> Self {
        let mut world = world();
        let issuer = Issuer::new(CLUSTER, key).unwrap();
        let federation = world.emulator.trust(&issuer, at(NOW));
        let account = world.account.clone();
        world
            .emulator
            .create_federated_credential(&account, &federation, subject, at(NOW))
            .unwrap();
        let source = WorkloadIdentitySource::new(&account, SubjectTokenOrigin::file("/token")).unwrap();
        Self {
            world,
            issuer,
            federation,
            file: TokenFile::new(PodTokenRequest::new("default", "robot")),
            client: Client::with_source(source, NOW),
            reads: 0,
        }
    }

    fn good() -> Self {
        Self::new(PEM_A, "system:serviceaccount:default:robot")
    }

    fn token(&mut self) -> Result<yc_iam::AccessToken, yc_iam::Error> {
        let (issuer, file, reads) = (&mut self.issuer, &mut self.file, &mut self.reads);
        self.client.token_with(&mut self.world.emulator, |effect, now| {
            assert_eq!(effect.action, Action::ReadFile("/token".to_owned()));
            *reads += 1;
            let content = format!("{}\n", file.read(issuer, now).unwrap().expose());
            Outcome::File(content.into_bytes())
        })
    }

    /// Sends a token with these claims changed, as curl would, and gives the refusal.
    fn refusal(&mut self, changes: &Value) -> String {
        let mut claims = json!({
            "iss": CLUSTER, "aud": [CLUSTER], "sub": "system:serviceaccount:default:robot", "iat": NOW, "nbf": NOW, "exp": NOW + 600,
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let token = self.issuer.sign(&claims).unwrap();
        let answer = exchange(&mut self.world, token.expose(), &[]);
        if answer.status == 200 {
            return "accepted".to_owned();
        }
        assert_eq!(
            (answer.status, answer.body["error"].as_str()),
            (400, Some("invalid_request"))
        );
        answer.body["error_description"].as_str().unwrap().to_owned()
    }
}

fn exchange(world: &mut World, token: &str, changes: &[(&str, &str)]) -> Answer {
    let urn = |name: &str| format!("urn:ietf:params:oauth:{name}");
    let mut fields = vec![
        ("grant_type".to_owned(), urn("grant-type:token-exchange")),
        ("requested_token_type".to_owned(), urn("token-type:access_token")),
        ("audience".to_owned(), world.account.clone()),
        ("subject_token".to_owned(), token.to_owned()),
        ("subject_token_type".to_owned(), urn("token-type:id_token")),
    ];
    for (name, value) in changes {
        for field in &mut fields {
            if field.0 == *name {
                field.1 = (*value).to_owned();
            }
        }
    }
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut request = post("/oauth/token", &body.join("&"));
    request.headers = vec![(
        "Content-Type".to_owned(),
        "application/x-www-form-urlencoded".to_owned(),
    )];
    Answer::new(world.emulator.handle(&request, at(NOW)))
}

#[test]
fn a_pod_gets_tokens_for_days_while_its_file_and_the_issuers_keys_rotate() {
    for key in [PEM_A, PEM_EC] {
        let mut cluster = Cluster::new(key, "system:serviceaccount:default:robot");
        for hour in 0..72 {
            if hour == 24 {
                cluster.issuer.rotate_key(PEM_B).unwrap();
                cluster.world.emulator.publish(&cluster.issuer);
            }
            if hour == 48 {
                cluster.issuer.retire_old_keys();
                cluster.world.emulator.publish(&cluster.issuer);
            }
            let token = cluster.token().unwrap();
            let subject = subject_of(&mut cluster.world.emulator, &token, &cluster.client);
            assert_eq!(subject, cluster.world.account);
            cluster.client.sleep(3_600.0);
        }
        assert!((40..=72).contains(&cluster.reads), "{} reads", cluster.reads);
        assert_eq!(cluster.client.exchanges, cluster.reads);
    }
}

#[test]
fn a_pods_token_says_what_kubernetes_says() {
    let mut issuer = Issuer::new(CLUSTER, PEM_A).unwrap();
    let token = issuer
        .pod_token(&PodTokenRequest::new("default", "robot"), at(NOW))
        .unwrap();
    let parts: Vec<Value> = token
        .expose()
        .split('.')
        .take(2)
        .map(|part| serde_json::from_slice(&Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap())
        .collect();
    assert_eq!(
        parts[0],
        json!({ "alg": "RS256", "kid": issuer.key_id(), "typ": "JWT" })
    );
    assert_eq!(parts[1]["sub"], "system:serviceaccount:default:robot");
    assert_eq!(parts[1]["aud"], json!([CLUSTER]));
    assert_eq!(parts[1]["exp"], NOW + 3607);
    assert_eq!(parts[1]["kubernetes.io"]["serviceaccount"]["name"], "robot");
    let second = issuer
        .pod_token(&PodTokenRequest::new("default", "robot"), at(NOW))
        .unwrap();
    assert_ne!(token, second);
}

#[test]
fn the_federation_judges_and_names_the_difference() {
    let mut cluster = Cluster::good();
    assert_eq!(cluster.refusal(&json!({})), "accepted");
    assert_eq!(cluster.refusal(&json!({ "aud": CLUSTER })), "accepted");
    let slash = format!("{CLUSTER}/");
    for (changes, words) in [
        (
            json!({ "iss": slash }),
            "`iss` is `https://storage.yandexcloud.net/mk8s-oidc/v1/clusters/catexample/`, but",
        ),
        (json!({ "iss": null }), "has no `iss`"),
        (
            json!({ "aud": ["https://kubernetes.default.svc"] }),
            "`aud` is `https://kubernetes.default.svc`, but",
        ),
        (json!({ "aud": null }), "has no `aud`"),
        (
            json!({ "sub": "system:serviceaccount:prod:robot" }),
            "`sub` is `system:serviceaccount:prod:robot`, but",
        ),
        (json!({ "sub": "system:serviceaccount:default:robot " }), "`sub` is"),
        (json!({ "exp": NOW - 61 }), "ended 61 s ago"),
        (json!({ "exp": null }), "has no `exp`"),
        (json!({ "nbf": NOW + 61 }), "`nbf` is 61 s ahead"),
        (json!({ "iat": NOW + 3600 }), "`iat` is 3600 s ahead"),
    ] {
        let refusal = cluster.refusal(&changes);
        assert!(
            refusal.starts_with("emulator: ") && refusal.contains(words),
            "{changes}: {refusal}"
        );
    }
    cluster.issuer.rotate_key(PEM_B).unwrap();
    assert!(cluster.refusal(&json!({})).contains("is not among those published"));
    cluster.world.emulator.publish(&cluster.issuer);
    assert_eq!(cluster.refusal(&json!({})), "accepted");
    let id = cluster.federation.clone();
    cluster.world.emulator.federation(&id).unwrap().disabled = true;
    assert!(cluster.refusal(&json!({})).contains("is disabled"));
    assert!(cluster.world.emulator.delete_federation(&id));
    assert!(cluster.refusal(&json!({})).contains("has no federated credential"));
}

#[test]
fn a_forged_token_is_refused() {
    for key in [PEM_A, PEM_EC] {
        let mut cluster = Cluster::new(key, "system:serviceaccount:default:robot");
        let token = cluster
            .issuer
            .pod_token(&PodTokenRequest::new("default", "robot"), at(NOW))
            .unwrap();
        let token = token.expose();
        exchange(&mut cluster.world, token, &[]);
        let parts: Vec<&str> = token.split('.').collect();
        let other = cluster
            .issuer
            .pod_token(&PodTokenRequest::new("default", "robot"), at(NOW + 1))
            .unwrap();
        let signature = other.expose().rsplit('.').next().unwrap();
        let forged = format!("{}.{}.{signature}", parts[0], parts[1]);
        let answer = exchange(&mut cluster.world, &forged, &[]);
        let words = answer.body["error_description"].as_str().unwrap();
        assert!(words.contains("signature does not verify"), "{words}");
        let header = Base64UrlUnpadded::encode_string(
            format!(r#"{{"alg":"PS256","kid":"{}","typ":"JWT"}}"#, cluster.issuer.key_id()).as_bytes(),
        );
        let answer = exchange(&mut cluster.world, &format!("{header}.{}.{}", parts[1], parts[2]), &[]);
        assert!(
            answer.body["error_description"]
                .as_str()
                .unwrap()
                .contains("`alg` is `PS256`")
        );
    }
}

#[test]
fn the_form_is_read_strictly() {
    let mut cluster = Cluster::good();
    let token = cluster
        .issuer
        .pod_token(&PodTokenRequest::new("default", "robot"), at(NOW))
        .unwrap();
    for (name, value, code, words) in [
        ("grant_type", "password", "unsupported_grant_type", "grant_type"),
        ("requested_token_type", "x", "invalid_request", "requested_token_type"),
        (
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:jwt",
            "invalid_request",
            "subject_token_type",
        ),
        ("audience", "ajenobody", "invalid_request", "`audience` is `ajenobody`"),
        ("audience", "", "invalid_request", "`audience` is missing"),
        ("subject_token", "", "invalid_request", "`subject_token` is missing"),
        ("subject_token", "hello", "invalid_request", "not a JWT"),
    ] {
        let answer = exchange(&mut cluster.world, token.expose(), &[(name, value)]);
        assert_eq!(
            (answer.status, answer.body["error"].as_str()),
            (400, Some(code)),
            "{name}={value}"
        );
        let said = answer.body["error_description"].as_str().unwrap();
        assert!(said.contains(words), "{name}={value}: {said}");
    }
    let answer = Answer::new(cluster.world.emulator.handle(&post("/oauth/token", "{}"), at(NOW)));
    assert!(
        answer.body["error_description"]
            .as_str()
            .unwrap()
            .contains("content type")
    );
    exchange(&mut cluster.world, "not-a-jwt-but-secret", &[]);
    let seen = cluster.world.emulator.requests().last().unwrap();
    assert!(
        seen.body.contains("subject_token=[external token redacted]&"),
        "{}",
        seen.body
    );
}

#[test]
fn a_refusal_reaches_the_user_with_a_hint_at_the_federation() {
    let mut cluster = Cluster::new(PEM_A, "system:serviceaccount:prod:robot");
    let error = cluster.token().unwrap_err();
    assert_eq!(error.code(), ErrorCode::BadRequest);
    let text = error.to_string();
    assert!(text.contains("`sub` is") || text.contains("sub"), "{text}");
    assert!(text.contains("federated credential"), "{text}");
}

#[test]
fn a_supplier_may_hand_over_the_pods_token() {
    let mut cluster = Cluster::good();
    let source = WorkloadIdentitySource::new(&cluster.world.account, SubjectTokenOrigin::supplier()).unwrap();
    let mut client = Client::with_source(source, NOW);
    let issuer = &mut cluster.issuer;
    let token = client.token_with(&mut cluster.world.emulator, |effect, now| {
        assert_eq!(effect.action, Action::Supply);
        let token = issuer
            .pod_token(&PodTokenRequest::new("default", "robot"), now)
            .unwrap();
        Outcome::File(token.expose().as_bytes().to_vec())
    });
    assert!(token.unwrap().value.expose().starts_with("t1."));
}

#[test]
fn a_published_key_that_is_none_is_refused() {
    let number = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    for (key, part, value, words) in [
        (PEM_A, "n", number(&[0xff; 128]), "cannot be verified"),
        (PEM_A, "n", number(&[0xfe; 256]), "cannot be verified"),
        (PEM_A, "n", number(&[0xff; 513]), "cannot be verified"),
        (PEM_A, "e", number(&[4]), "cannot be verified"),
        (PEM_A, "e", number(&[1]), "cannot be verified"),
        (PEM_EC, "x", number(&[1; 31]), "cannot be verified"),
        (PEM_EC, "x", number(&[1; 32]), "does not verify"),
    ] {
        let mut cluster = Cluster::new(key, "system:serviceaccount:default:robot");
        let mut jwks: Value = serde_json::from_str(&cluster.issuer.jwks()).unwrap();
        jwks["keys"][0][part] = json!(value);
        let url = cluster.issuer.jwks_url();
        cluster.world.emulator.publish_keys(&url, &jwks.to_string()).unwrap();
        let said = cluster.refusal(&json!({}));
        assert!(said.contains(words), "{part} = {value}: {said}");
    }
}

/// Keys and signatures that no code of this repository made.
#[test]
fn tokens_that_openssl_signed_are_accepted() {
    let made: Value = serde_json::from_str(include_str!("openssl_tokens.json")).unwrap();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let mut world = world();
    let account = world.account.clone();
    let url = "https://issuer.example.org/keys";
    let federation = Federation {
        issuer: text("issuer"),
        audiences: vec![text("audience")],
        jwks_url: url.to_owned(),
        ..Federation::default()
    };
    let federation = world.emulator.create_federation(federation, at(NOW));
    let emulator = &mut world.emulator;
    emulator
        .create_federated_credential(&account, &federation, &text("subject"), at(NOW))
        .unwrap();
    emulator.publish_keys(url, &made["jwks"].to_string()).unwrap();
    assert_eq!(made["iat"], NOW);
    for token in made["tokens"].as_array().unwrap() {
        let answer = exchange(&mut world, token.as_str().unwrap(), &[]);
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.body["token_type"], "Bearer");
        assert_eq!(answer.body["expires_in"], 43_200);
    }
}
