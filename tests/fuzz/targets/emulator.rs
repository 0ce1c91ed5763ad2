//! Requests to the emulator, one after the other: whatever they are, there is an answer, and the record shows no secret.
//!
//! Requests are messages with `METHOD target` as their first line, and a line `%%%` between two. `CLUSTER` before the
//! method sends it to the API server; `ORDER kind number` orders a fault; `PASS seconds` lets time go by. What stands in
//! braces is put in: `{token}`, `{jwt}`, …

use std::sync::LazyLock;

use yc_iam::emulator::{
    Emulator, EmulatorOptions, FaultKind, IncomingRequest, Issuer, OrderedFault, PodTokenRequest, Reply, SecretEntry,
};
use yc_iam::{Endpoints, JwtOptions, Lifetime, RustCryptoSigner, ServiceAccountKey, UnixTime, sign_jwt};

use super::message;
use crate::common::pem;

const NOW: i64 = 1_767_225_600;

/// More requests are not sent.
const MAX_REQUESTS: usize = 12;

const FOLDER: &str = "b1gexamplefolder0001";

/// The mark in front of what may be put in.
const NAMES: [&str; 9] = [
    "{token}",
    "{jwt}",
    "{oauth}",
    "{subject}",
    "{account}",
    "{federation}",
    "{credential}",
    "{secret}",
    "{folder}",
];

/// How many of the names stand for something secret.
const SECRETS: usize = 4;

struct World {
    emulator: Emulator,
    values: [String; 9],
}

fn get(target: &str) -> IncomingRequest {
    IncomingRequest {
        method: "GET".to_owned(),
        target: target.to_owned(),
        headers: vec![("Metadata-Flavor".to_owned(), "Google".to_owned())],
        body: Vec::new(),
    }
}

fn world(with_key: bool) -> World {
    static ISSUER: LazyLock<(Issuer, String)> = LazyLock::new(|| {
        let mut issuer = Issuer::new("https://cluster.example/id", &pem("rsa2048_b")).unwrap();
        let request = PodTokenRequest::new("web", "robot");
        let token = issuer.pod_token(&request, UnixTime::from_secs(NOW)).unwrap();
        (issuer, token.expose().to_owned())
    });
    // Reading a key takes longer than all else together.
    static JWT: LazyLock<String> = LazyLock::new(|| {
        let mut emulator = Emulator::new(EmulatorOptions::default());
        let account = emulator.create_service_account("robot");
        key(&mut emulator, &account)
    });
    let now = UnixTime::from_secs(NOW);
    let mut emulator = Emulator::new(EmulatorOptions {
        requests_kept: 6,
        ..EmulatorOptions::default()
    });
    let account = emulator.create_service_account("robot");
    let jwt = if with_key {
        key(&mut emulator, &account)
    } else {
        JWT.clone()
    };
    let (issuer, subject) = &*ISSUER;
    let federation = emulator.trust(issuer, now);
    let who = "system:serviceaccount:web:robot";
    let credential = emulator
        .create_federated_credential(&account, &federation, who, now)
        .unwrap();
    let user = emulator.create_user("ada");
    let oauth = emulator.create_oauth_token(&user).unwrap().expose().to_owned();
    emulator.allow_impersonation(&user, &account).unwrap();
    emulator.allow_impersonation(&account, &account).unwrap();
    emulator.attach_service_account(Some(&account)).unwrap();
    let entries = vec![
        SecretEntry::text("password", "p4ss"),
        SecretEntry::binary("key", &[0, 255]),
    ];
    let secret = emulator.create_secret(FOLDER, "database", entries).unwrap();
    emulator.set_cluster_issuer(issuer, &[]);
    emulator.add_pod("web", "robot", now);
    let metadata = get("/computeMetadata/v1/instance/service-accounts/default/token");
    let reply = emulator.handle(&metadata, now);
    let answer: serde_json::Value = serde_json::from_slice(&reply.response.body).unwrap();
    let token = answer["access_token"].as_str().unwrap().to_owned();
    emulator.forget_requests();
    let values = [
        token,
        jwt,
        oauth,
        subject.clone(),
        account,
        federation,
        credential,
        secret,
        FOLDER.to_owned(),
    ];
    World { emulator, values }
}

/// Registers a key and gives a JWT of it, the same one each time but for its salt.
fn key(emulator: &mut Emulator, account: &str) -> String {
    static PEM: LazyLock<String> = LazyLock::new(|| pem("rsa2048_a"));
    static JWT: LazyLock<std::sync::Mutex<Option<String>>> = LazyLock::new(Default::default);
    let now = UnixTime::from_secs(NOW);
    let file = emulator.create_key(account, &PEM, now).unwrap();
    let mut jwt = JWT.lock().unwrap();
    let sign = || {
        let key = ServiceAccountKey::from_json(&file).unwrap();
        let audience = Endpoints::global().audience();
        let options = JwtOptions {
            now,
            lifetime: Lifetime::MAX,
            audience: &audience,
        };
        let signer = RustCryptoSigner::new(&key).unwrap();
        sign_jwt(&key, &signer, &options).unwrap().expose().to_owned()
    };
    jwt.get_or_insert_with(sign).clone()
}

pub(crate) fn requests(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let with_key = text.contains("{jwt}");
    let answers = send(&text, with_key);
    if input.len().is_multiple_of(4) {
        assert!(send(&text, with_key) == answers, "not the same again: {text}");
    }
}

fn send(text: &str, with_key: bool) -> Vec<Reply> {
    let mut world = world(with_key);
    let mut filled = text.to_owned();
    for (name, value) in NAMES.iter().zip(&world.values) {
        filled = filled.replace(name, value);
    }
    let (mut now, mut replies) = (NOW, Vec::new());
    for part in filled.split("\n%%%\n").take(MAX_REQUESTS) {
        let message = message::read(part.as_bytes());
        let words: Vec<&str> = message.first.splitn(3, ' ').collect();
        let (cluster, method, target) = match *words.as_slice() {
            ["ORDER", kind, number] => {
                order(&mut world.emulator, kind, number);
                continue;
            }
            ["PASS", secs, ..] => {
                now = (now + secs.parse::<i64>().unwrap_or(1).clamp(-1_000_000, 1_000_000)).max(0);
                continue;
            }
            ["CLUSTER", method, target] => (true, method, target),
            [method, target, ..] => (false, method, target),
            _ => (false, "GET", "/"),
        };
        let request = IncomingRequest {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: message.headers,
            body: message.body.to_vec(),
        };
        let now = UnixTime::from_secs(now);
        let reply = if cluster {
            world.emulator.handle_kubernetes(&request, now)
        } else {
            world.emulator.handle(&request, now)
        };
        check_reply(&reply);
        replies.push(reply);
    }
    check_record(&world, text);
    replies
}

fn order(emulator: &mut Emulator, kind: &str, number: &str) {
    let number = number.trim().parse::<i64>().unwrap_or(1);
    let status = (400 + number.rem_euclid(200)) as u16;
    let kind = match kind {
        "status" => FaultKind::Status {
            status,
            retry_after: Some(number.to_string()),
        },
        "html" => FaultKind::Html { status },
        "truncated" => FaultKind::Truncated,
        "delay" => FaultKind::Delay {
            millis: number.unsigned_abs(),
        },
        "clock" => FaultKind::ClockOffset { secs: number },
        _ => FaultKind::Dropped,
    };
    emulator.order(OrderedFault {
        path: None,
        times: 1,
        kind,
    });
}

fn check_reply(reply: &Reply) {
    let response = &reply.response;
    assert!((200..600).contains(&response.status), "{response:?}");
    assert!(response.body.len() < 256 * 1024, "{response:?}");
    let kind = response.header("content-type").unwrap();
    if kind.starts_with("application/json") {
        let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
        assert!(response.status < 400 || body.is_object(), "{body}");
    }
    let plain = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    assert!(response.headers.iter().all(|(name, value)| plain(name) && plain(value)));
}

fn check_record(world: &World, text: &str) {
    let record: Vec<String> = world.emulator.requests().map(|one| format!("{one:?}")).collect();
    assert!(record.len() <= 6);
    for (name, value) in NAMES.iter().zip(&world.values).take(SECRETS) {
        // What is glued to a word is no token any more.
        let glued = text.match_indices(name).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '}')
        });
        assert!(
            glued || record.iter().all(|one| !one.contains(value.as_str())),
            "the record shows {name}: {record:?}"
        );
    }
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    const BEARER: &str = "Authorization: Bearer {token}\n\n";
    let exchange = "grant_type=urn:ietf:params:oauth:grant-type:token-exchange\
        &requested_token_type=urn:ietf:params:oauth:token-type:access_token&audience={account}\
        &subject_token={subject}&subject_token_type=urn:ietf:params:oauth:token-type:id_token";
    let form = "Content-Type: application/x-www-form-urlencoded\n\n";
    let federations = "/iam/v1/workload/oidc/federations";
    let credentials = "/iam/v1/workload/federatedCredentials";
    let requests = vec![
        "POST /iam/v1/tokens\n\n{\"jwt\":\"{jwt}\"}".to_owned(),
        "POST /iam/v1/tokens\n\n{\"yandexPassportOauthToken\":\"{oauth}\"}".to_owned(),
        format!("POST /iam/v1/tokens:createForServiceAccount\n{BEARER}{{\"serviceAccountId\":\"{{account}}\"}}"),
        format!("POST /iam/v1/tokens:revoke\n{BEARER}{{\"iamToken\":\"{{token}}\"}}"),
        format!("POST /oauth/token\n{form}{exchange}"),
        "GET /computeMetadata/v1/instance/service-accounts/default/token\nMetadata-Flavor: Google\n\n".to_owned(),
        format!("GET /emulator/whoami\n{BEARER}"),
        format!("GET /lockbox/v1/secrets/{{secret}}/payload\n{BEARER}"),
        format!(
            "GET /lockbox/v1/secrets:getEx?folderAndName.folderId={{folder}}&folderAndName.secretName=database\n{BEARER}"
        ),
        format!("GET {federations}/{{federation}}\n{BEARER}"),
        format!("GET {federations}?folderId={{folder}}&pageSize=1&pageToken=a\n{BEARER}"),
        format!(
            "POST {federations}\n{BEARER}{{\"folderId\":\"{{folder}}\",\"name\":\"new\",\"issuer\":\"https://a.example\",\
             \"audiences\":[\"a\"],\"jwksUrl\":\"https://a.example/jwks\",\"labels\":{{\"a\":\"b\"}}}}\n%%%\n\
             GET /operations/1\n{BEARER}"
        ),
        format!("PATCH {federations}/{{federation}}\n{BEARER}{{\"updateMask\":\"description\",\"description\":\"é\"}}"),
        format!("DELETE {federations}/{{federation}}\n{BEARER}"),
        format!("GET {credentials}/{{credential}}\n{BEARER}"),
        format!("GET {credentials}?serviceAccountId={{account}}\n{BEARER}"),
        format!(
            "POST {credentials}\n{BEARER}{{\"serviceAccountId\":\"{{account}}\",\"federationId\":\"{{federation}}\",\
             \"externalSubjectId\":\"one\"}}"
        ),
        format!("DELETE {credentials}/{{credential}}\n{BEARER}\n%%%\nPASS 5"),
        "CLUSTER GET /api/v1/namespaces/web/pods\nAuthorization: Bearer {subject}\n\n".to_owned(),
        format!("CLUSTER GET /api/v1/namespaces/web/pods/robot\n{BEARER}"),
        format!("ORDER status 103\n%%%\nORDER clock 70\n%%%\nGET /emulator/whoami\n{BEARER}"),
        format!("ORDER html 2\n%%%\nORDER delay 5\n%%%\nCLUSTER GET /version\n{BEARER}"),
        "ORDER truncated 1\n%%%\nORDER dropped 1\n%%%\nGET /a\n\n\n%%%\nGET /a\n\n".to_owned(),
    ];
    let together = requests[3..12].join("\n%%%\n");
    requests.into_iter().chain([together]).map(String::into_bytes).collect()
}
