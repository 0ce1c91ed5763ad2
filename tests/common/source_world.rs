//! A session of any source, its host and its world, all moved by dice.

use std::sync::LazyLock;

use serde_json::{Value, json};
use yc_iam::{Action, Effect, Failure, FailureKind, Outcome, Secret, Session, SessionOptions, Step, UnixTime};

use super::dice::Dice;
use super::world::{BEGIN, time};
use super::{answer, bytes, cases, dates, key_texts, source};

/// One source of each kind.
pub(crate) fn sources() -> Vec<Value> {
    let account = "ajeb9l33h6mu12345678";
    let oauth = json!({ "oauth": "y0_walkingExampleOfNoAccount" });
    let workload = |origin: Value| {
        let mut fields = json!({ "service_account_id": account });
        fields
            .as_object_mut()
            .unwrap()
            .extend(origin.as_object().unwrap().clone());
        json!({ "workload_identity": fields })
    };
    let file = workload(json!({ "token_file": "/token" }));
    vec![
        oauth.clone(),
        json!({ "metadata": {} }),
        json!({ "key_file": "key.json" }),
        json!({ "kubernetes_token": { "token_file": "/token" } }),
        json!({ "default": {} }),
        json!({ "fixed": { "token": "t1.walking-secret-0" } }),
        json!({ "fixed": { "token": "t1.walking-secret-0", "expires_at": BEGIN / 1000 + 90_000 } }),
        json!({ "function": r#"{"access_token":"t1.walking-secret-0","expires_in":3600}"# }),
        json!({ "impersonate": { "service_account_id": account, "source": oauth } }),
        json!({ "impersonate": { "service_account_id": account, "source": file } }),
        workload(json!({ "token_env": "NAME" })),
        workload(json!({ "token_supplier": true })),
        workload(json!({ "token_url": { "url": "https://example.org/token", "field": "value" } })),
        file,
    ]
}

/// A subject token without times, so that it is good on every day of a walk.
fn subject_token() -> &'static str {
    static TOKEN: LazyLock<String> = LazyLock::new(|| {
        let timeless = cases("subject_tokens")
            .into_iter()
            .find(|case| case["name"] == "no_times");
        String::from_utf8(bytes(&timeless.unwrap()["content"])).unwrap()
    });
    &TOKEN
}

/// What the world would answer if all were well.
fn good(action: &Action, number: u64, now: i64) -> Outcome {
    match action {
        Action::ReadFile(path) if path == "key.json" => Outcome::File(key_texts()["plain"].clone()),
        Action::ReadFile(_) | Action::ReadVariable(_) | Action::Supply => {
            Outcome::File(subject_token().as_bytes().to_vec())
        }
        Action::Http(request) if request.url.ends_with("/token") && request.method == "GET" && request.use_proxy => {
            Outcome::Response(answer(200, &json!({ "value": subject_token() }).to_string()))
        }
        Action::Http(request) => {
            let token = format!("t1.walking-secret-{number}");
            let end = dates::rfc3339(now / 1000 + 43_200);
            let body = if request.url.contains("/iam/v1/tokens") {
                json!({ "iamToken": token, "expiresAt": end })
            } else {
                json!({ "access_token": token, "expires_in": 43_200, "token_type": "Bearer" })
            };
            Outcome::Response(answer(200, &body.to_string()))
        }
        Action::Sign(_) => Outcome::Signature(vec![0x5A; 256]),
        Action::ReadInput => panic!("no source reads standard input"),
    }
}

fn bad(dice: &mut Dice) -> Outcome {
    if dice.roll(2) == 0 {
        let kinds = [
            "connection",
            "timeout",
            "tls",
            "cancelled",
            "file",
            "variable",
            "supplier",
            "signing",
            "other",
        ];
        let kind = FailureKind::from_name(kinds[dice.roll(9) as usize]).unwrap();
        let detail = "the walk's own".to_owned();
        return Outcome::Failure(Failure { kind, detail });
    }
    let status = [200, 204, 302, 400, 401, 403, 404, 429, 500, 503][dice.roll(10) as usize];
    let body = dice.pick(&[
        "",
        "<html>",
        "{",
        "[]",
        "{}",
        "null",
        r#"{"value":1}"#,
        r#"{"access_token":"a b"}"#,
    ]);
    Outcome::Response(answer(status, body))
}

/// A walk of one session.
pub(crate) struct SourceWorld {
    described: Value,
    seed: u64,
    dice: Dice,
    session: Session,
    /// The local clock, in milliseconds.
    now: i64,
    steps: u32,
    flight: Option<Effect>,
    current: Option<Secret>,
    pub(crate) served: u64,
}

impl SourceWorld {
    pub(crate) fn with(described: &Value, dice: Dice, seed: u64) -> Self {
        let (made, _) = source(described, &Value::Null, time(BEGIN)).unwrap();
        let options = SessionOptions {
            seed,
            ..SessionOptions::default()
        };
        Self {
            described: described.clone(),
            seed,
            dice,
            session: Session::new(made, options),
            now: BEGIN,
            steps: 0,
            flight: None,
            current: None,
            served: 0,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.dice.is_over()
    }

    pub(crate) fn step(&mut self) {
        let at = format!("walk {}, step {}, {}", self.seed, self.steps, self.described);
        self.steps += 1;
        match self.dice.roll(8) {
            0..=3 => self.poll(&at),
            4 | 5 => self.report(),
            6 => {
                self.now += self
                    .dice
                    .pick(&[1, 500, 1_000, 6_000, 31_000, 600_000, 4_000_000, 43_000_000]);
            }
            _ => match self.dice.roll(4) {
                0 => {
                    if let Some(token) = self.current.take() {
                        self.session.invalidate(&token);
                    }
                }
                // The walk goes on in the child, with the parent's effect in the hand.
                1 => self.session.forked(self.dice.roll(1 << 32)),
                _ => {}
            },
        }
        assert!(
            !format!("{:?}", self.session).contains("walking"),
            "shows a secret: {at}"
        );
    }

    fn poll(&mut self, at: &str) {
        let now = time(self.now);
        match self.session.poll(now) {
            Step::Use { token, .. } => {
                assert!(now < token.expires_at, "past its end: {at}");
                self.served += 1;
                self.current = Some(token.value);
            }
            Step::Perform(effect) => self.flight = Some(effect),
            Step::Wait { until, .. } => assert!(until > now, "waits for the past: {at}"),
            Step::Fail(error) => {
                assert!(!error.hint().is_empty() && !error.message().is_empty(), "{at}");
                assert!(!error.message().contains("walking"), "shows a secret: {at}");
            }
        }
    }

    fn report(&mut self) {
        let Some(effect) = self.flight.take() else { return };
        let outcome = match self.dice.roll(6) {
            0..=2 => good(&effect.action, u64::from(self.steps), self.now),
            3 => bad(&mut self.dice),
            4 => self.changed(&effect.action),
            _ => Outcome::File(b"hello".to_vec()),
        };
        // An outcome of another kind is the caller's error, and changes nothing.
        if self.session.complete(effect.id, time(self.now), outcome).is_err() {
            self.flight = Some(effect);
        }
    }

    /// A good outcome with bytes put into it, taken out of it or written over.
    fn changed(&mut self, action: &Action) -> Outcome {
        let mut outcome = good(action, u64::from(self.steps), self.now);
        let (Outcome::Response(yc_iam::Response { body: bytes, .. })
        | Outcome::File(bytes)
        | Outcome::Signature(bytes)) = &mut outcome
        else {
            return outcome;
        };
        for _ in 0..=self.dice.roll(4) {
            let place = self.dice.roll(bytes.len() as u64 + 1) as usize;
            let byte = self.dice.roll(256) as u8;
            match (self.dice.roll(8), bytes.get_mut(place)) {
                (0, _) => bytes.truncate(place),
                (1 | 2, _) => bytes.insert(place, byte),
                (3, Some(_)) => drop(bytes.remove(place)),
                (_, Some(there)) => *there = byte,
                (_, None) => {}
            }
        }
        outcome
    }
}
