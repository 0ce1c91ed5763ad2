//! Random walks through a session of each source: whatever hosts and services answer, and whatever the clock does.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use serde_json::{Value, json};
use yc_iam::{Action, Effect, Failure, FailureKind, Outcome, Secret, Session, SessionOptions, Step, UnixTime};

use common::{answer, bytes, cases, key_texts, source};

const BEGIN: i64 = 1_767_225_600_000;
const WALKS: u64 = 60;
const STEPS: u32 = 200;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.roll(from.len() as u64) as usize]
    }
}

fn sources() -> Vec<Value> {
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
fn subject_token() -> String {
    let timeless = cases("subject_tokens")
        .into_iter()
        .find(|case| case["name"] == "no_times");
    String::from_utf8(bytes(&timeless.unwrap()["content"])).unwrap()
}

fn time(millis: i64) -> UnixTime {
    UnixTime::from_secs_f64(millis as f64 / 1000.0).unwrap()
}

/// What the world would answer if all were well.
fn good(action: &Action, number: u64, now: i64) -> Outcome {
    match action {
        Action::ReadFile(path) if path == "key.json" => Outcome::File(key_texts()["plain"].clone()),
        Action::ReadFile(_) | Action::ReadVariable(_) | Action::Supply => Outcome::File(subject_token().into_bytes()),
        Action::Http(request) if request.url.ends_with("/token") && request.method == "GET" && request.use_proxy => {
            Outcome::Response(answer(200, &json!({ "value": subject_token() }).to_string()))
        }
        Action::Http(request) => {
            let token = format!("t1.walking-secret-{number}");
            let end = common::dates::rfc3339(now / 1000 + 43_200);
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

fn walk(described: &Value, seed: u64) -> u64 {
    let mut dice = Dice(seed);
    let mut now = BEGIN;
    let (made, _) = source(described, &Value::Null, time(now)).unwrap();
    let mut session = Session::new(
        made,
        SessionOptions {
            seed,
            ..SessionOptions::default()
        },
    );
    let (mut flight, mut current, mut served): (Option<Effect>, Option<Secret>, u64) = (None, None, 0);
    for number in 0..STEPS {
        let at = format!("walk {seed}, step {number}, {described}");
        match dice.roll(8) {
            0..=3 => match session.poll(time(now)) {
                Step::Use { token, .. } => {
                    assert!(time(now) < token.expires_at, "past its end: {at}");
                    served += 1;
                    current = Some(token.value);
                }
                Step::Perform(effect) => flight = Some(effect),
                Step::Wait { until, .. } => assert!(until > time(now), "waits for the past: {at}"),
                Step::Fail(error) => assert!(!error.hint().is_empty() && !error.message().is_empty(), "{at}"),
            },
            4 | 5 => {
                if let Some(effect) = flight.take() {
                    let outcome = match dice.roll(5) {
                        0..=2 => good(&effect.action, u64::from(number), now),
                        3 => bad(&mut dice),
                        _ => Outcome::File(b"hello".to_vec()),
                    };
                    // An outcome of another kind is the caller's error, and changes nothing.
                    if session.complete(effect.id, time(now), outcome).is_err() {
                        flight = Some(effect);
                    }
                }
            }
            6 => now += [1, 500, 1_000, 6_000, 31_000, 600_000, 4_000_000, 43_000_000][dice.roll(8) as usize],
            _ => {
                if dice.roll(4) == 0
                    && let Some(token) = current.take()
                {
                    session.invalidate(&token);
                }
            }
        }
        assert!(!format!("{session:?}").contains("walking"), "shows a secret: {at}");
    }
    served
}

#[test]
fn every_source_survives_every_walk() {
    for described in sources() {
        let served: u64 = (0..WALKS).map(|seed| walk(&described, seed)).sum();
        // A walk that goes nowhere shows nothing.
        assert!(served > WALKS, "{described} served {served} times only");
    }
}
