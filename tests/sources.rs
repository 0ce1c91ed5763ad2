//! Runs the vectors of the sources; the formats are in `tests/README.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use serde_json::{Value, json};
use yc_iam::{
    Action, DefaultOptions, DefaultSource, Effect, Endpoints, Error, Failure, FailureKind, Outcome, Response, Session,
    SessionOptions, Step,
};

use common::{Checked, at, bytes, check_error, close, each, endpoints, number, request, same, source, text};

fn started(case: &Value) -> Result<(Session, Option<String>), Error> {
    let (source, choice) = source(&case["source"], &case["environment"], at(number(&case["now"])))?;
    let endpoints = endpoints(&case["endpoints"]).unwrap();
    let options = SessionOptions { endpoints, seed: 1 };
    Ok((Session::new(source, options), choice))
}

#[test]
fn sources() {
    each("sources", |case| {
        let step = match started(case) {
            Ok((mut session, choice)) => {
                if let Some(expected) = case["choice"].as_str() {
                    same("choice", choice.as_deref(), Some(expected))?;
                }
                session.poll(at(number(&case["now"])))
            }
            Err(error) => Step::Fail(error),
        };
        match &step {
            Step::Perform(Effect { action, .. }) => match action {
                Action::Http(found) if case["request"].is_object() => request::check(found, &case["request"]),
                Action::ReadFile(path) => same("read_file", Some(path.as_str()), case["read_file"].as_str()),
                Action::ReadVariable(name) => {
                    same("read_variable", Some(name.as_str()), case["read_variable"].as_str())
                }
                Action::Supply => same("supply", Some(true), case["supply"].as_bool()),
                other => Err(format!("unexpected {other:?}")),
            },
            Step::Use { token, .. } => {
                same("use", Some(token.value.expose()), case["use"].as_str())?;
                close(
                    "expires_at",
                    token.expires_at.as_secs_f64(),
                    number(&case["expires_at"]),
                )
            }
            Step::Fail(error) => match case.get("error") {
                Some(expected) => check_error(error, expected),
                None => Err(format!("unexpected error {error:?}")),
            },
            other => Err(format!("unexpected {other:?}")),
        }
    });
}

/// A workload identity with a token file, on its way to the exchange with this content.
fn with_file(content: Vec<u8>, now: f64) -> (Session, Step) {
    let described = json!({ "workload_identity": {
        "service_account_id": "ajeb9l33h6mu12345678", "token_file": "/var/run/secrets/tokens/sa",
    } });
    let (source, _) = source(&described, &Value::Null, at(now)).unwrap();
    let mut session = Session::new(
        source,
        SessionOptions {
            seed: 1,
            ..SessionOptions::default()
        },
    );
    let Step::Perform(effect) = session.poll(at(now)) else {
        panic!("nothing to do")
    };
    session.complete(effect.id, at(now), Outcome::File(content)).unwrap();
    let step = session.poll(at(now));
    (session, step)
}

#[test]
fn subject_tokens() {
    each("subject_tokens", |case| {
        let (_, step) = with_file(bytes(&case["content"]), number(&case["now"]));
        match (step, case.get("error")) {
            (Step::Fail(error), Some(expected)) => check_error(&error, expected),
            (
                Step::Perform(Effect {
                    action: Action::Http(found),
                    ..
                }),
                None,
            ) => same(
                "subject_token",
                request::subject_token(&found).as_deref(),
                case["subject_token"].as_str(),
            ),
            (step, _) => Err(format!("unexpected {step:?}")),
        }
    });
}

#[test]
fn access_tokens() {
    let good = common::cases("subject_tokens");
    let subject = bytes(&good[0]["content"]);
    each("access_tokens", |case| {
        let mut now = number(&case["now"]);
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
        let (mut session, mut step) = with_file(subject.clone(), now);
        for _ in 0..20 {
            step = match step {
                Step::Perform(Effect { id, action }) => {
                    let outcome = match action {
                        Action::Http(_) => Outcome::Response(response.clone()),
                        _ => Outcome::File(subject.clone()),
                    };
                    session.complete(id, at(now), outcome).unwrap();
                    session.poll(at(now))
                }
                Step::Wait { until, .. } => {
                    now = until.as_secs_f64();
                    session.poll(until)
                }
                Step::Use { token, .. } => {
                    let expected = &case["token"];
                    same("value", Some(token.value.expose()), expected["value"].as_str())?;
                    close(
                        "expires_at",
                        token.expires_at.as_secs_f64(),
                        number(&expected["expires_at"]),
                    )?;
                    return close(
                        "issued_at",
                        token.issued_at.as_secs_f64(),
                        number(&expected["issued_at"]),
                    );
                }
                Step::Fail(error) => {
                    let expected = case.get("error").ok_or_else(|| format!("unexpected error {error:?}"))?;
                    return check_error(&error, expected);
                }
            };
        }
        Err("no end after 20 rounds".to_owned())
    });
}

#[test]
fn environments() {
    each("environments", |case| -> Checked {
        let variable = |name: &str| case["environment"][name].as_str().map(str::to_owned);
        match (Endpoints::from_env(variable), case.get("error")) {
            (Ok(endpoints), None) => {
                for (name, url) in [
                    ("iam", endpoints.iam()),
                    ("auth", endpoints.auth()),
                    ("metadata", endpoints.metadata()),
                    ("lockbox", endpoints.lockbox()),
                    ("operation", endpoints.operation()),
                    ("audience", &endpoints.audience()),
                ] {
                    same(name, url, text(&case["expect"], name))?;
                }
                Ok(())
            }
            (Err(error), Some(expected)) => check_error(&error, expected),
            (found, _) => Err(format!("unexpected {found:?}")),
        }
    });
}

fn chain(environment: &[(&str, &str)], options: &DefaultOptions) -> Result<DefaultSource, Error> {
    let found = |name: &str| {
        environment
            .iter()
            .find(|pair| pair.0 == name)
            .map(|pair| pair.1.to_owned())
    };
    DefaultSource::new(found, options)
}

#[test]
fn the_chain_takes_a_key_from_a_variable() {
    let content = String::from_utf8(common::key_texts()["plain"].clone()).unwrap();
    for name in ["YC_SERVICE_ACCOUNT_KEY_FILE", "YDB_SERVICE_ACCOUNT_KEY_CREDENTIALS"] {
        let chain = chain(&[(name, &content)], &DefaultOptions::default()).unwrap();
        assert_eq!(chain.choice(), format!("`{name}`"));
        let mut session = Session::new(chain, SessionOptions::default());
        let Step::Perform(Effect {
            action: Action::Http(found),
            ..
        }) = session.poll(at(1e9))
        else {
            panic!("no exchange")
        };
        assert!(found.body.unwrap().expose().starts_with(r#"{"jwt":"eyJ"#));
    }
}

#[test]
fn the_chain_says_what_it_passed_over() {
    let found = chain(
        &[("YC_TOKEN", "t1.x"), ("YC_IAM_TOKEN", " ")],
        &DefaultOptions::default(),
    )
    .unwrap();
    let expected = [
        "`YC_SERVICE_ACCOUNT_KEY_FILE` is not set",
        "`YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS` is not set",
        "`YDB_SERVICE_ACCOUNT_KEY_CREDENTIALS` is not set",
        "`YC_IAM_TOKEN` is empty",
    ];
    assert_eq!(found.passed_over(), expected);
    let nowhere = DefaultOptions {
        probe_metadata: false,
        ..DefaultOptions::default()
    };
    let error = chain(&[], &nowhere).unwrap_err();
    assert_eq!(error.code().as_str(), "no_credentials");
    assert_eq!(error.message().matches(" is not set").count(), 9, "{error}");
}

/// An explicit wish for metadata is not a probe: its errors are its own.
#[test]
fn the_chain_tells_a_wish_from_a_guess() {
    for (environment, code) in [
        (&[][..], "no_credentials"),
        (&[("YDB_METADATA_CREDENTIALS", "1")][..], "metadata_unavailable"),
    ] {
        let mut session = Session::new(
            chain(environment, &DefaultOptions::default()).unwrap(),
            SessionOptions::default(),
        );
        let Step::Perform(effect) = session.poll(at(1e9)) else {
            panic!("no probe")
        };
        let failure = Failure {
            kind: FailureKind::Timeout,
            detail: String::new(),
        };
        session
            .complete(effect.id, at(1e9 + 1.0), Outcome::Failure(failure))
            .unwrap();
        let Step::Fail(error) = session.poll(at(1e9 + 1.0)) else {
            panic!("no error")
        };
        assert_eq!(error.code().as_str(), code);
    }
}
