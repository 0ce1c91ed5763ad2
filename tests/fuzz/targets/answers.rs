//! What services answer: to the exchanges of sessions, and to the requests of calls.

use std::sync::LazyLock;

use memchr::memmem::find;
use yc_iam::api::{Call, CallOptions, CallStep};
use yc_iam::{
    AccessToken, Action, Endpoints, MetadataSource, OauthSource, Outcome, Response, Secret, Session, SessionOptions,
    Source, Step, UnixTime, read_token,
};

use super::message;
use super::promises::{check_error, check_hidden};
use crate::common::call_world::kinds;
use crate::common::{at, source, tasks};

/// When everything happens.
const NOW: i64 = 1_767_225_600;

/// A token lives for twelve hours at most.
const MAX_LIFE: f64 = 43_200.0;

/// Nobody polls more often than this for one answer that comes again and again.
const MAX_POLLS: u32 = 100;

/// The most that a caller without a token is kept waiting in all: four times the longest wait.
const MAX_WAITING: f64 = 5.0 * 40.0;

fn read_response(input: &[u8]) -> Response {
    let message = message::read(input);
    Response {
        status: message.first.trim().parse().unwrap_or(200),
        headers: message.headers,
        body: message.body.to_vec(),
    }
}

pub(crate) fn response(input: &[u8]) {
    let response = read_response(input);
    let now = UnixTime::from_secs(NOW);
    let read = read_token(&response, now);
    assert_eq!(read_token(&response, now), read, "not the same again");
    match &read {
        Ok(token) => check_token(token, now),
        Err(error) => check_error(error, input),
    }
    session(
        OauthSource::new("y0_fuzzedExampleOfNoAccount").unwrap(),
        &response,
        input,
    );
    session(MetadataSource::new(), &response, input);
    let url = serde_json::json!({ "workload_identity": {
        "service_account_id": "ajeb9l33h6mu12345678", "token_url": { "url": "https://example.org/", "field": "value" },
    }});
    let (made, _) = source(&url, &serde_json::Value::Null, now).unwrap();
    session(made, &response, input);
}

fn check_token(token: &AccessToken, now: UnixTime) {
    assert!(token.expires_at > now && token.expires_at.as_secs_f64() <= now.as_secs_f64() + MAX_LIFE);
    let value = token.value.expose();
    assert!(!value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic()));
    assert!(!format!("{token:?}").contains(value) || value.len() < 16);
}

/// A session that gets this answer each time that it asks comes to a token or an error in good time.
fn session(source: impl Source + 'static, response: &Response, input: &[u8]) {
    let options = SessionOptions::default();
    let mut session = Session::new(source, options);
    let begin = UnixTime::from_secs(NOW);
    let mut now = begin;
    for _ in 0..MAX_POLLS {
        match session.poll(now) {
            Step::Perform(effect) => {
                let Action::Http(_) = &effect.action else {
                    panic!("asks for {:?}", effect.action)
                };
                session
                    .complete(effect.id, now, Outcome::Response(response.clone()))
                    .unwrap();
            }
            Step::Wait { until, .. } => {
                assert!(until > now, "waits for the past");
                assert!(
                    until.as_secs_f64() - begin.as_secs_f64() <= MAX_WAITING,
                    "waits for too long"
                );
                now = until;
            }
            Step::Use { token, .. } => {
                assert!(!token.value.expose().is_empty());
                assert!(!format!("{session:?}").contains(token.value.expose()) || token.value.expose().len() < 16);
                return;
            }
            Step::Fail(error) => {
                check_error(&error, input);
                check_hidden(&format!("{session:?}"), input);
                return;
            }
        }
    }
    panic!("polled {MAX_POLLS} times");
}

/// The first byte chooses the task.
pub(crate) fn api_answer(input: &[u8]) {
    static KINDS: LazyLock<&[serde_json::Value]> = LazyLock::new(kinds);
    let Some((which, rest)) = input.split_first() else {
        return;
    };
    let kind = &KINDS[usize::from(*which) % KINDS.len()];
    let response = read_response(rest);
    let options = CallOptions {
        endpoints: Endpoints::default(),
        timeout_millis: Some(600_000),
        entropy: [7; 16],
    };
    let mut call = Call::new(tasks::task(kind).unwrap(), options);
    let mut now = at(NOW as f64);
    for _ in 0..2_000 {
        match call.poll(now) {
            CallStep::Authorize { .. } => call.authorize(&Secret::new("t1.fuzzedTokenOfNoAccount".to_owned())),
            CallStep::Perform(effect) => call
                .complete(effect.id, now, Outcome::Response(response.clone()))
                .unwrap(),
            CallStep::Wait { until } => {
                assert!(until > now, "waits for the past");
                assert!(until.as_secs_f64() < NOW as f64 + 600.0, "waits beyond its end");
                now = until;
            }
            CallStep::Done(answer) => {
                // Unless the service sends it.
                let is_sent = find(input, b"t1.fuzzed").is_some();
                assert!(is_sent || !format!("{answer:?}").contains("t1.fuzzed"));
                return;
            }
            CallStep::Fail(error) => {
                check_error(&error, b"");
                return;
            }
        }
    }
    panic!("{kind} never ends");
}
