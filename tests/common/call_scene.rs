//! A call on a stage: what the steps of `tests/calls/*.json` do and see.

use std::collections::HashMap;

use serde_json::Value;
use yc_iam::api::{Call, CallStep};
use yc_iam::{Action, EffectId, Error, Failure, FailureKind, Outcome, Request, Secret, UnixTime};

use super::tasks::{check_answer, options, response, task};
use super::{Checked, at, check_error, close, number, same, text};

pub(crate) struct CallScene {
    call: Call,
    start: f64,
    clock: f64,
    until: Option<f64>,
    last: Option<EffectId>,
    named: HashMap<String, EffectId>,
}

impl CallScene {
    pub(crate) fn new(script: &Value) -> Self {
        Self {
            call: Call::new(task(&script["task"]).unwrap(), options(script)),
            start: number(&script["start"]),
            clock: 0.0,
            until: None,
            last: None,
            named: HashMap::new(),
        }
    }

    fn now(&self) -> UnixTime {
        at(self.start + self.clock)
    }

    pub(crate) fn step(&mut self, step: &Value) -> Checked {
        match &step["at"] {
            Value::Null => {}
            Value::String(_) => self.clock = self.until.ok_or("there was no wait before")?,
            time => self.clock = number(time),
        }
        self.clock += step["after"].as_f64().unwrap_or_default();
        if let Some(expected) = step.get("poll") {
            let found = self.call.poll(self.now());
            return self
                .compare(&found, expected)
                .map_err(|problem| format!("{problem}, in {found:?}"));
        }
        if let Some(token) = step["authorize"].as_str() {
            self.call.authorize(&Secret::new(token.to_owned()));
            return Ok(());
        }
        let Some(outcome) = outcome(step) else { return Ok(()) };
        let id = match &step["effect"] {
            Value::Null => self.last.unwrap(),
            Value::String(name) => self.named[name],
            id => EffectId(id.as_u64().unwrap()),
        };
        match (self.call.complete(id, self.now(), outcome), step.get("raises")) {
            (Ok(()), None) => Ok(()),
            (Err(error), Some(expected)) => check_error(&error, expected),
            (found, expected) => Err(format!("{found:?}, expected {expected:?}")),
        }
    }

    fn compare(&mut self, found: &CallStep, expected: &Value) -> Checked {
        match found {
            CallStep::Authorize { refused, until } => {
                let expected = expected.get("authorize").ok_or("a token was not to be asked for")?;
                if let Some(expected) = expected["until"].as_f64() {
                    close("until", until.as_secs_f64() - self.start, expected)?;
                }
                let refused = refused.as_ref().map(|token| token.expose());
                same("refused", refused, expected["refused"].as_str())
            }
            CallStep::Perform(effect) => {
                same("effect", Some("http"), expected["perform"].as_str())?;
                let Action::Http(request) = &effect.action else {
                    return Err("no request".to_owned());
                };
                self.last = Some(effect.id);
                if let Some(name) = expected["as"].as_str() {
                    self.named.insert(name.to_owned(), effect.id);
                }
                check_request(request, expected)
            }
            CallStep::Wait { until } => {
                let expected = expected.get("wait").ok_or("a wait was not expected")?;
                let until = until.as_secs_f64() - self.start;
                self.until = Some(until);
                let (min, max) = (expected["until_min"].as_f64(), expected["until_max"].as_f64());
                if min.is_some_and(|min| until < min - 0.0005) || max.is_some_and(|max| until > max + 0.0005) {
                    return Err(format!("until is {until}, not {min:?} to {max:?}"));
                }
                let exactly = expected["until"].as_f64();
                exactly.map_or(Ok(()), |expected| close("until", until, expected))
            }
            CallStep::Done(answer) => check_answer(answer, expected.get("done").ok_or("an answer was not expected")?),
            CallStep::Fail(error) => check_error(error, expected.get("fail").ok_or("an error was not expected")?),
        }
    }
}

fn outcome(step: &Value) -> Option<Outcome> {
    if let Some(answer) = step.get("respond") {
        return Some(Outcome::Response(response(answer)));
    }
    if let Some(content) = step.get("file") {
        return Some(Outcome::File(super::bytes(content)));
    }
    let failure = step.get("break")?;
    Some(Outcome::Failure(Failure {
        kind: FailureKind::from_name(text(failure, "kind")).unwrap_or_else(|error: Error| panic!("{error}")),
        detail: text(failure, "detail").to_owned(),
    }))
}

/// What a step mentions of a request.
fn check_request(request: &Request, expected: &Value) -> Checked {
    if let Some(method) = expected["method"].as_str() {
        same("method", request.method, method)?;
    }
    if let Some(url) = expected["url"].as_str() {
        same("url", request.url.as_str(), url)?;
    }
    if let Some(body) = expected.get("body") {
        same("body", request.body.as_ref().map(|body| body.expose()), body.as_str())?;
    }
    if let Some(timeout) = expected["timeout"].as_f64() {
        close("timeout", f64::from(request.timeout_millis) / 1000.0, timeout)?;
    }
    for (name, expected) in expected["headers"].as_object().into_iter().flatten() {
        let found: Vec<&str> = request
            .headers
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.expose())
            .collect();
        same(name, found, expected.as_str().into_iter().collect())?;
    }
    Ok(())
}
