//! Virtual time, forged JWTs, and a session wired to an emulator in memory.

use base64ct::{Base64UrlUnpadded, Encoding};
use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::sha2::Sha256;
use rsa::signature::{RandomizedSigner, SignatureEncoding, Signer};
use serde_json::{Value, json};
use yc_iam::emulator::{Delivery, Emulator, EmulatorOptions, FaultKind, IncomingRequest, OrderedFault, Reply};
use yc_iam::{
    AccessToken, Action, Effect, Endpoints, Error, Outcome, ServiceAccountKey, ServiceAccountSource, Session,
    SessionOptions, Source, Step, UnixTime,
};

pub const PEM_A: &str = include_str!("../vectors/pem/rsa2048_a.pem");
pub const PEM_B: &str = include_str!("../vectors/pem/rsa2048_b.pem");
pub const NOW: i64 = 1_700_000_000;
pub const TOKENS: &str = "/iam/v1/tokens";

pub fn at(secs: i64) -> UnixTime {
    UnixTime::from_secs(secs)
}

/// An emulator with one service account and one key, and that key's file.
pub struct World {
    pub emulator: Emulator,
    pub account: String,
    pub file: String,
    pub key: ServiceAccountKey,
}

impl World {
    pub fn new(options: EmulatorOptions) -> Self {
        let mut emulator = Emulator::new(options);
        let account = emulator.create_service_account("robot");
        let file = emulator.create_key(&account, PEM_A, at(NOW)).unwrap();
        let key = ServiceAccountKey::from_json(&file).unwrap();
        Self {
            emulator,
            account,
            file,
            key,
        }
    }

    pub fn claims(&self) -> Value {
        json!({ "iss": self.account, "aud": Endpoints::global().audience(), "iat": NOW, "exp": NOW + 3600 })
    }

    pub fn header(&self) -> Value {
        json!({ "typ": "JWT", "alg": "PS256", "kid": self.key.id() })
    }

    /// Sends a body to where tokens are made.
    pub fn send(&mut self, body: &str) -> Answer {
        self.send_at(body, NOW)
    }

    pub fn send_at(&mut self, body: &str, now: i64) -> Answer {
        let request = post(TOKENS, body);
        Answer::new(self.emulator.handle(&request, at(now)))
    }

    /// Sends a JWT with these claims, well signed.
    pub fn send_claims(&mut self, claims: &Value) -> Answer {
        let jwt = forge(&self.header(), claims, pss(PEM_A, 32));
        self.send(&json!({ "jwt": jwt }).to_string())
    }

    /// Sends good claims under this header.
    pub fn send_header(&mut self, header: &Value) -> Answer {
        let jwt = forge(header, &self.claims(), pss(PEM_A, 32));
        self.send(&json!({ "jwt": jwt }).to_string())
    }

    pub fn last_verdict(&self) -> String {
        self.emulator.requests().last().unwrap().verdict.to_string()
    }
}

pub fn post(path: &str, body: &str) -> IncomingRequest {
    IncomingRequest {
        method: "POST".to_owned(),
        target: path.to_owned(),
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: body.as_bytes().to_vec(),
    }
}

pub fn order(times: u32, kind: FaultKind) -> OrderedFault {
    OrderedFault {
        path: None,
        times,
        kind,
    }
}

/// An answer, read.
pub struct Answer {
    pub reply: Reply,
    pub status: u16,
    pub body: Value,
}

impl Answer {
    pub fn new(reply: Reply) -> Self {
        assert_eq!(reply.delivery, Delivery::Whole);
        let body = serde_json::from_slice(&reply.response.body).unwrap();
        Self {
            status: reply.response.status,
            body,
            reply,
        }
    }

    pub fn message(&self) -> &str {
        self.body["message"].as_str().unwrap()
    }

    /// Asserts a refusal of this gRPC code, in the shape that the service uses, and gives its message.
    pub fn refused(&self, code: i64, status: u16) -> &str {
        assert_eq!(
            (self.body["code"].as_i64(), self.status),
            (Some(code), status),
            "{}",
            self.body
        );
        let request_id = self.reply.response.header("X-Request-Id").unwrap();
        assert_eq!(
            self.body["details"],
            json!([{ "@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": request_id }])
        );
        assert_eq!(self.reply.response.header("content-type"), Some("application/json"));
        self.message()
    }

    pub fn token(&self) -> &str {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body["iamToken"].as_str().unwrap()
    }
}

pub fn forge(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let encode = |value: &Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
    let input = format!("{}.{}", encode(header), encode(claims));
    let signature = Base64UrlUnpadded::encode_string(&sign(input.as_bytes()));
    format!("{input}.{signature}")
}

pub fn pss(pem: &str, salt_len: usize) -> impl Fn(&[u8]) -> Vec<u8> {
    let key = RsaPrivateKey::from_pkcs8_pem(pem).unwrap();
    let signer = rsa::pss::SigningKey::<Sha256>::new_with_salt_len(key, salt_len);
    move |message| {
        signer
            .try_sign_with_rng(&mut getrandom::SysRng, message)
            .unwrap()
            .to_vec()
    }
}

pub fn pkcs1v15(pem: &str) -> impl Fn(&[u8]) -> Vec<u8> {
    let key = RsaPrivateKey::from_pkcs8_pem(pem).unwrap();
    let signer = rsa::pkcs1v15::SigningKey::<Sha256>::new(key);
    move |message| signer.sign(message).to_vec()
}

/// A session and a clock of its own; the network is a function call.
pub struct Client {
    pub session: Session,
    pub now: UnixTime,
    pub exchanges: u32,
}

impl Client {
    pub fn new(key: &ServiceAccountKey, now: i64) -> Self {
        let source = ServiceAccountSource::new(key.clone()).unwrap();
        Self::with_source(source, now)
    }

    pub fn with_source(source: impl Source + 'static, now: i64) -> Self {
        let options = SessionOptions {
            endpoints: Endpoints::global(),
            seed: 7,
        };
        Self {
            session: Session::new(source, options),
            now: at(now),
            exchanges: 0,
        }
    }

    /// Polls until there is a token or an error, moving the clock wherever a host would wait.
    pub fn token(&mut self, emulator: &mut Emulator) -> Result<AccessToken, Error> {
        self.token_with(emulator, |effect, _| panic!("{effect:?}"))
    }

    /// The same, with somebody who does what is no request.
    pub fn token_with(
        &mut self,
        emulator: &mut Emulator,
        mut host: impl FnMut(&Effect, UnixTime) -> Outcome,
    ) -> Result<AccessToken, Error> {
        for _ in 0..100 {
            match self.session.poll(self.now) {
                Step::Use { token, .. } => return Ok(token),
                Step::Fail(error) => return Err(error),
                Step::Wait { until, .. } => self.now = until,
                Step::Perform(effect) => {
                    let Action::Http(request) = &effect.action else {
                        let outcome = host(&effect, self.now);
                        self.session.complete(effect.id, self.now, outcome).unwrap();
                        continue;
                    };
                    self.exchanges += 1;
                    let reply = emulator.handle(&IncomingRequest::from(request), self.now);
                    self.sleep(reply.delay_millis as f64 / 1000.0);
                    self.session
                        .complete(effect.id, self.now, reply.into_outcome())
                        .unwrap();
                }
            }
        }
        panic!("no end in sight");
    }

    pub fn sleep(&mut self, secs: f64) {
        self.now = UnixTime::from_secs_f64(self.now.as_secs_f64() + secs).unwrap();
    }
}

/// Asks the emulator whose token this is.
pub fn whoami(emulator: &mut Emulator, authorization: Option<&str>, now: UnixTime) -> Answer {
    let headers = authorization
        .map(|value| ("Authorization".to_owned(), value.to_owned()))
        .into_iter()
        .collect();
    let request = IncomingRequest {
        method: "GET".to_owned(),
        target: "/emulator/whoami".to_owned(),
        headers,
        body: Vec::new(),
    };
    Answer::new(emulator.handle(&request, now))
}

/// A request with a bearer token, or without.
pub fn call(method: &str, target: &str, bearer: Option<&str>, body: &Value) -> IncomingRequest {
    let mut request = post(
        target,
        &if body.is_null() {
            String::new()
        } else {
            body.to_string()
        },
    );
    request.method = method.to_owned();
    let authorization = bearer.map(|token| ("Authorization".to_owned(), format!("Bearer {token}")));
    request.headers.extend(authorization);
    request
}

impl World {
    /// A fresh IAM token of the service account.
    pub fn iam_token(&mut self) -> String {
        let claims = self.claims();
        self.send_claims(&claims).token().to_owned()
    }

    /// Asks with a good token.
    pub fn ask(&mut self, method: &str, target: &str, body: &Value) -> Answer {
        let token = self.iam_token();
        self.ask_with(&call(method, target, Some(&token), body))
    }

    pub fn ask_with(&mut self, request: &IncomingRequest) -> Answer {
        Answer::new(self.emulator.handle(request, at(NOW)))
    }

    /// Starts an operation and polls until it is done.
    pub fn operate(&mut self, method: &str, target: &str, body: &Value) -> Value {
        let started = self.ask(method, target, body);
        assert_eq!(started.status, 200, "{}", started.body);
        let id = started.body["id"].as_str().unwrap().to_owned();
        for _ in 0..10 {
            let answer = self.ask("GET", &format!("/operations/{id}"), &Value::Null);
            if answer.body["done"] == true {
                return answer.body;
            }
        }
        panic!("the operation does not end");
    }
}
