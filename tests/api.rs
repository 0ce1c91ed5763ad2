//! Runs `tests/vectors/api_*.json` and `tests/calls/*.json`; the formats are in `tests/README.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use serde_json::Value;
use yc_iam::api::{Answer, Call, CallOptions, CallStep, LockboxPayload, federated_credentials, lockbox};
use yc_iam::{Action, Error, ErrorCode, Failure, FailureKind, Outcome, Response, Secret};

use common::call_scene::CallScene;
use common::tasks::{self, check_answer};
use common::{Checked, answer, at, check_error, each, folder, load, number, request, text};

/// When the cases of `api_requests.json` are: it shows nowhere.
const NOW: f64 = 1_767_225_600.0;

#[test]
fn api_requests() {
    each("api_requests", |case| {
        match (tasks::task(&case["task"]), case.get("error")) {
            (Err(error), Some(expected)) => check_error(&error, expected),
            (Ok(task), None) => {
                let mut call = Call::new(task, tasks::options(case));
                match call.poll(at(NOW)) {
                    CallStep::Authorize { refused: None, .. } => call.authorize(&Secret::new("t1.vector".to_owned())),
                    step => return Err(format!("no token asked for but {step:?}")),
                }
                match call.poll(at(NOW)) {
                    CallStep::Perform(effect) => match &effect.action {
                        Action::Http(found) => request::check(found, &case["request"]),
                        other => Err(format!("no request but {other:?}")),
                    },
                    step => Err(format!("no request but {step:?}")),
                }
            }
            (found, expected) => Err(format!("{found:?}, expected {expected:?}")),
        }
    });
}

#[test]
fn api_answers() {
    each("api_answers", |case| {
        let found = end(case, &tasks::response(case))?;
        match (found, case.get("error")) {
            (Ok(answer), None) => check_answer(&answer, &case["answer"]),
            (Err(error), Some(expected)) => check_error(&error, expected),
            (found, expected) => Err(format!("{found:?}, expected {expected:?}")),
        }
    });
}

/// Gives this answer to every request, and a new token whenever one is asked for.
fn end(case: &Value, response: &Response) -> Checked<Result<Answer, Error>> {
    let task = tasks::task(&case["task"]).map_err(|error| format!("no task: {error}"))?;
    let mut call = Call::new(task, tasks::options(case));
    let mut now = number(&case["now"]);
    for round in 0..400 {
        match call.poll(at(now)) {
            CallStep::Authorize { .. } => call.authorize(&Secret::new(format!("t1.vector-{round}"))),
            CallStep::Perform(effect) => {
                let taken = call.complete(effect.id, at(now), Outcome::Response(response.clone()));
                taken.map_err(|error| format!("the answer was refused: {error}"))?;
            }
            CallStep::Wait { until } => now = until.as_secs_f64(),
            CallStep::Done(answer) => return Ok(Ok(answer)),
            CallStep::Fail(error) => return Ok(Err(error)),
        }
    }
    Err("no end after 400 rounds".to_owned())
}

#[test]
fn calls() {
    let mut failures = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(folder("calls"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    files.sort();
    for file in &files {
        let script = load(&format!("calls/{}", file.to_str().unwrap()));
        let mut scene = CallScene::new(&script);
        for (number, step) in script["steps"].as_array().unwrap().iter().enumerate() {
            if let Err(problem) = scene.step(step) {
                failures.push(format!("{}, step {number}, {step}: {problem}", text(&script, "name")));
                break;
            }
        }
    }
    assert!(files.len() > 30, "only {} calls", files.len());
    assert!(
        failures.is_empty(),
        "{} of {} calls fail:\n{}",
        failures.len(),
        files.len(),
        failures.join("\n")
    );
}

#[test]
fn binary_entries_are_no_text() {
    let now = at(NOW);
    let mut call = Call::new(
        lockbox::get("e6qetpqfe8vvag9h7jkr", None).unwrap(),
        CallOptions::default(),
    );
    call.authorize(&Secret::new("t1.vector".to_owned()));
    let CallStep::Perform(effect) = call.poll(now) else {
        panic!("no request")
    };
    let body = r#"{"entries":[{"key":"der","binaryValue":"/w=="}],"versionId":"v"}"#;
    call.complete(effect.id, now, Outcome::Response(answer(200, body)))
        .unwrap();
    let CallStep::Done(Answer::LockboxPayload(payload)) = call.poll(now) else {
        panic!("no payload")
    };
    assert_eq!(payload.bytes("der").unwrap(), [0xff]);
    assert_eq!(payload.text("der").unwrap_err().code(), ErrorCode::InvalidArgument);
    // A host that keeps what it needs has the same again.
    let entries = payload.keys().zip(payload.values());
    let kept: Vec<_> = entries.map(|(key, value)| (key.to_owned(), value.to_vec())).collect();
    assert_eq!(LockboxPayload::from_entries("v".to_owned(), kept), payload);
}

/// A change whose answer was lost may have been done: without an idempotency key it is not sent again.
#[test]
fn changes_without_an_idempotency_key_are_sent_once() {
    let now = at(NOW);
    let create = || federated_credentials::create("ajeb9l33h6mu12345678", "ajefederation0000001", "subject").unwrap();
    let get = || federated_credentials::get("ajecredential0000001").unwrap();
    let failure = |kind| {
        Outcome::Failure(Failure {
            kind,
            detail: String::new(),
        })
    };
    let tried_again = |task, entropy, outcome| {
        let options = CallOptions {
            entropy,
            ..CallOptions::default()
        };
        let mut call = Call::new(task, options);
        call.authorize(&Secret::new("t1.vector".to_owned()));
        let CallStep::Perform(effect) = call.poll(now) else {
            panic!("no request")
        };
        call.complete(effect.id, now, outcome).unwrap();
        matches!(call.poll(now), CallStep::Wait { .. })
    };
    for outcome in [
        Outcome::Response(answer(503, "{}")),
        Outcome::Response(answer(408, "{}")),
        failure(FailureKind::Connection),
        failure(FailureKind::Timeout),
    ] {
        assert!(!tried_again(create(), [0; 16], outcome.clone()), "{outcome:?}");
        assert!(tried_again(create(), [7; 16], outcome.clone()), "{outcome:?}");
        assert!(tried_again(get(), [0; 16], outcome.clone()), "{outcome:?}");
    }
    // Too many requests: this one was not looked at.
    let refused = Outcome::Response(answer(429, "{}"));
    assert!(tried_again(create(), [0; 16], refused));
}
