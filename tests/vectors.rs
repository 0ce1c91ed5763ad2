//! Runs `tests/vectors/*.json`; the formats are in `tests/README.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use yc_iam::{Error, JwtOptions, Lifetime, Response, ServiceAccountKey, Step, UnixTime, redact, sign_jwt};

use common::{
    Checked, Walk, answer, bytes, check_error, close, each, endpoints, key, number, poll, request, same, text,
};

/// Either what the vector expects, or the error that it expects.
fn outcome<T>(case: &Value, found: Result<T, Error>, check: impl FnOnce(T) -> Checked) -> Checked {
    match (found, case.get("error")) {
        (Ok(found), None) => check(found),
        (Err(error), Some(expected)) => check_error(&error, expected),
        (Ok(_), Some(expected)) => Err(format!("no error, but expected {expected}")),
        (Err(error), None) => Err(format!("unexpected error {error:?}")),
    }
}

#[test]
fn keys() {
    each("keys", |case| {
        outcome(case, ServiceAccountKey::from_json(bytes(&case["content"])), |key| {
            let expect = &case["expect"];
            same("id", key.id(), text(expect, "id"))?;
            same(
                "service_account_id",
                key.service_account_id(),
                text(expect, "service_account_id"),
            )?;
            same(
                "modulus_bits",
                Some(u64::from(key.modulus_bits())),
                expect["modulus_bits"].as_u64(),
            )?;
            same("created_at", key.created_at(), expect["created_at"].as_str())?;
            // What was parsed once is good for every signer.
            key.signer()
                .map(drop)
                .map_err(|error| format!("the signer refuses it: {error}"))
        })
    });
}

#[test]
fn signing_inputs() {
    each("signing_inputs", |case| {
        let endpoints = endpoints(&case["endpoints"]).unwrap();
        let input = Walk::new(key(text(case, "key")), endpoints, 1, number(&case["now"])).signing_input()?;
        same("signing_input", input.as_str(), text(case, "signing_input"))
    });
}

#[test]
fn jwts() {
    let signed = |case: &Value| {
        let key = key(text(case, "key"));
        let audience = case["audience"]
            .as_str()
            .map_or_else(|| yc_iam::Endpoints::default().audience(), str::to_owned);
        let now = UnixTime::from_secs_f64(number(&case["now"]))?;
        let lifetime = Lifetime::from_secs(number(&case["lifetime"]))?;
        sign_jwt(
            &key,
            &key.signer()?,
            &JwtOptions {
                now,
                lifetime,
                audience: &audience,
            },
        )
    };
    each("jwts", |case| {
        outcome(case, signed(case), |jwt| {
            let parts: Vec<&str> = jwt.expose().split('.').collect();
            same("number of parts", parts.len(), 3)?;
            let decoded = |part: &str| Base64UrlUnpadded::decode_vec(part).map_err(|error| error.to_string());
            same("header", decoded(parts[0])?.as_slice(), text(case, "header").as_bytes())?;
            same("claims", decoded(parts[1])?.as_slice(), text(case, "claims").as_bytes())?;
            same(
                "signature's length",
                decoded(parts[2])?.len(),
                key(text(case, "key")).modulus_bits().div_ceil(8) as usize,
            )
        })
    });
}

#[test]
fn requests() {
    each("requests", |case| {
        let endpoints = endpoints(&case["endpoints"]).unwrap();
        let mut walk = Walk::new(key(text(case, "key")), endpoints, 1, number(&case["now"]));
        walk.signature = bytes(&case["signature"]);
        let (_, request) = walk.exchange()?;
        let expected = &case["request"];
        request::check(&request, expected)
    });
}

#[test]
fn endpoints_are_checked() {
    each("endpoints", |case| {
        outcome(case, endpoints(&case["overrides"]), |endpoints| {
            let expect = &case["expect"];
            for (name, url) in [
                ("iam", endpoints.iam()),
                ("auth", endpoints.auth()),
                ("metadata", endpoints.metadata()),
                ("lockbox", endpoints.lockbox()),
                ("operation", endpoints.operation()),
            ] {
                same(name, url, text(expect, name))?;
            }
            let mut walk = Walk::new(key("plain"), endpoints, 1, 1e9);
            let input = walk.signing_input()?;
            let claims = Base64UrlUnpadded::decode_vec(input.split('.').nth(1).unwrap_or_default()).unwrap();
            let claims: Value = serde_json::from_slice(&claims).unwrap();
            same("audience", text(&claims, "aud"), text(expect, "audience"))?;
            let mut walk = Walk {
                session: walk.session,
                now: 1e9 + 3600.0,
                ..walk
            };
            same("url", walk.exchange()?.1.url.as_str(), text(expect, "url"))
        })
    });
}

#[test]
fn responses() {
    each("responses", |case| {
        let pair = |header: &Value| {
            (
                header[0].as_str().unwrap().to_owned(),
                header[1].as_str().unwrap().to_owned(),
            )
        };
        let response = Response {
            status: case["status"].as_u64().unwrap() as u16,
            headers: case["headers"].as_array().unwrap().iter().map(pair).collect(),
            body: bytes(&case["body"]),
        };
        let mut walk = Walk::new(key("plain"), yc_iam::Endpoints::default(), 1, number(&case["now"]));
        outcome(case, walk.end(&response)?, |token| {
            let expected = &case["token"];
            same("value", token.value.expose(), text(expected, "value"))?;
            close(
                "expires_at",
                token.expires_at.as_secs_f64(),
                number(&expected["expires_at"]),
            )?;
            close(
                "issued_at",
                token.issued_at.as_secs_f64(),
                number(&expected["issued_at"]),
            )
        })
    });
}

/// A session that was given a token when it was issued, and until when the token is fresh.
fn with_token(case: &Value, seed: &Value) -> Checked<(Walk, f64)> {
    let issued_at = number(&case["issued_at"]);
    let mut walk = Walk::new(
        key("plain"),
        yc_iam::Endpoints::default(),
        seed.as_u64().unwrap(),
        issued_at,
    );
    let body = format!(
        r#"{{"iamToken":"t1.refresh","expiresAt":"{}"}}"#,
        text(case, "expires_at_text")
    );
    let token = walk.end(&answer(200, &body))?.map_err(|error| error.to_string())?;
    close(
        "expires_at",
        token.expires_at.as_secs_f64(),
        number(&case["expires_at"]),
    )?;
    match poll(&mut walk.session, issued_at) {
        Step::Use { fresh_until, .. } => Ok((walk, fresh_until.as_secs_f64())),
        step => Err(format!("no token at once but {step:?}")),
    }
}

fn state(case: &Value, seed: &Value, now: f64) -> Checked<&'static str> {
    let (mut walk, _) = with_token(case, seed)?;
    match (poll(&mut walk.session, now), poll(&mut walk.session, now)) {
        (Step::Use { .. }, Step::Use { .. }) => Ok("fresh"),
        (Step::Perform(_), Step::Use { .. }) => Ok("stale"),
        (Step::Perform(_), Step::Wait { in_flight: true, .. }) => Ok("expired"),
        steps => Err(format!("at {now}: {steps:?}")),
    }
}

#[test]
fn refresh() {
    each("refresh", |case| {
        for seed in case["seeds"].as_array().unwrap() {
            let (_, fresh_until) = with_token(case, seed)?;
            let (min, max) = (number(&case["fresh_until_min"]), number(&case["fresh_until_max"]));
            if fresh_until < min - 0.0015 || fresh_until > max + 0.0015 {
                return Err(format!(
                    "fresh until {fresh_until}, not {min} to {max}, with seed {seed}"
                ));
            }
            for check in case["checks"].as_array().unwrap() {
                let now = number(&check["now"]);
                same(
                    &format!("state at {now} with seed {seed}"),
                    state(case, seed, now)?,
                    text(check, "state"),
                )?;
            }
            same(
                "state just before fresh_until",
                state(case, seed, fresh_until - 0.001)?,
                "fresh",
            )?;
            same("state at fresh_until", state(case, seed, fresh_until)?, "stale")?;
        }
        Ok(())
    });
}

/// A fleet that got its tokens at the same moment does not renew them at the same moment.
#[test]
fn jitter_spreads_a_fleet() {
    each("refresh", |case| {
        let mut ends: Vec<f64> = (0..200)
            .map(|seed| with_token(case, &Value::from(seed)).map(|found| found.1))
            .collect::<Checked<_>>()?;
        ends.sort_by(f64::total_cmp);
        let (min, max) = (number(&case["fresh_until_min"]), number(&case["fresh_until_max"]));
        let spread = (ends[180] - ends[20]) / (max - min);
        let crowd = ends.windows(2).filter(|pair| pair[0] == pair[1]).count();
        if spread < 0.6 || (max - min > 60.0 && crowd > 120) {
            return Err(format!(
                "80 % of the fleet renew within {spread} of the window, {crowd} at a time that another one has too"
            ));
        }
        Ok(())
    });
}

#[test]
fn secrets_are_redacted() {
    each("redact", |case| {
        let redacted = redact(text(case, "text"));
        same("redacted", redacted.as_str(), text(case, "redacted"))?;
        same("redacted twice", redact(&redacted).as_str(), redacted.as_str())
    });
}
