//! Runs `tests/transcripts/*.json`; the format is in `tests/README.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::HashMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use yc_iam::{
    Action, Effect, EffectId, Error, Failure, FailureKind, Outcome, Response, Secret, Session, SessionOptions, Step,
    UnixTime,
};

use common::{
    Checked, EMPTY_SIGNATURE, bytes, check_error, close, endpoints, key, load, number, outside_session, request, same,
    source, text,
};

struct Scene {
    session: Session,
    start: f64,
    clock: f64,
    signs_by_itself: bool,
    signature_len: usize,
    until: Option<f64>,
    last: Option<EffectId>,
    named: HashMap<String, EffectId>,
}

impl Scene {
    fn new(script: &Value) -> Self {
        let key = key(script["key"].as_str().unwrap_or("plain"));
        let signature_len = key.modulus_bits().div_ceil(8) as usize;
        let endpoints = endpoints(&script["endpoints"]).unwrap();
        let seed = script["seed"].as_u64().unwrap();
        let session = match script.get("source") {
            None => outside_session(key, endpoints, seed),
            Some(described) => {
                let start = UnixTime::from_secs_f64(number(&script["start"])).unwrap();
                let (source, _) = source(described, &script["environment"], start).unwrap();
                Session::new(source, SessionOptions { endpoints, seed })
            }
        };
        Self {
            session,
            start: number(&script["start"]),
            clock: 0.0,
            signs_by_itself: script["signing"].as_str().unwrap_or("automatic") == "automatic",
            signature_len,
            until: None,
            last: None,
            named: HashMap::new(),
        }
    }

    fn now(&self) -> UnixTime {
        UnixTime::from_secs_f64(self.start + self.clock).unwrap()
    }

    fn since_start(&self, time: UnixTime) -> f64 {
        time.as_secs_f64() - self.start
    }

    fn step(&mut self, step: &Value) -> Checked {
        match &step["at"] {
            Value::Null => {}
            Value::String(_) => self.clock = self.until.ok_or("there was no wait before")?,
            time => self.clock = number(time),
        }
        if let Some(after) = step["after"].as_f64() {
            self.clock += after;
        }
        if let Some(expected) = step.get("poll") {
            let found = self.poll();
            return self
                .compare(&found, expected)
                .map_err(|problem| format!("{problem}, in {found:?}"));
        }
        if let Some(value) = step["invalidate"].as_str() {
            let dropped = self.session.invalidate(&Secret::new(value.to_owned()));
            return same("dropped", Some(dropped), step["dropped"].as_bool());
        }
        match (self.report(step), step.get("raises")) {
            (Ok(()), None) => Ok(()),
            (Err(error), Some(expected)) => check_error(&error, expected),
            (found, expected) => Err(format!("{found:?}, expected {expected:?}")),
        }
    }

    fn poll(&mut self) -> Step {
        loop {
            let step = self.session.poll(self.now());
            let Step::Perform(Effect { id, action }) = &step else {
                return step;
            };
            self.last = Some(*id);
            if !(self.signs_by_itself && matches!(action, Action::Sign(_))) {
                return step;
            }
            let signature = Outcome::Signature(vec![EMPTY_SIGNATURE; self.signature_len]);
            self.session.complete(*id, self.now(), signature).unwrap();
        }
    }

    fn report(&mut self, step: &Value) -> Result<(), Error> {
        let id = match &step["effect"] {
            Value::Null => self.last.unwrap(),
            Value::String(name) => self.named[name],
            id => EffectId(id.as_u64().unwrap()),
        };
        let outcome = if let Some(response) = step.get("respond") {
            let pair = |header: &Value| {
                (
                    header[0].as_str().unwrap().to_owned(),
                    header[1].as_str().unwrap().to_owned(),
                )
            };
            Outcome::Response(Response {
                status: response["status"].as_u64().unwrap() as u16,
                headers: response["headers"].as_array().into_iter().flatten().map(pair).collect(),
                body: response.get("body").map(bytes).unwrap_or_default(),
            })
        } else if let Some(signature) = step.get("sign") {
            Outcome::Signature(bytes(signature))
        } else if let Some(content) = step.get("file") {
            Outcome::File(bytes(content))
        } else {
            let failure = &step["break"];
            let kind = FailureKind::from_name(text(failure, "kind"))?;
            Outcome::Failure(Failure {
                kind,
                detail: text(failure, "detail").to_owned(),
            })
        };
        self.session.complete(id, self.now(), outcome)
    }

    fn compare(&mut self, found: &Step, expected: &Value) -> Checked {
        match found {
            Step::Use { token, fresh_until } => {
                same("token", Some(token.value.expose()), expected["use"].as_str())?;
                let fresh_until = self.since_start(*fresh_until);
                self.window("fresh_until", fresh_until, expected)?;
                for (name, time) in [("expires_at", token.expires_at), ("issued_at", token.issued_at)] {
                    if let Some(expected) = expected[name].as_f64() {
                        close(name, self.since_start(time), expected)?;
                    }
                }
                Ok(())
            }
            Step::Perform(Effect { id, action }) => {
                let (kind, signing_input) = match action {
                    Action::Http(request) => ("http", request.body.as_ref().and_then(|body| jwt_in(body.expose()))),
                    Action::Sign(input) => ("sign", Some(input.as_str().to_owned())),
                    Action::ReadFile(_) => ("read_file", None),
                    Action::ReadVariable(_) => ("read_variable", None),
                    Action::Supply => ("supply", None),
                    Action::ReadInput => ("read_input", None),
                };
                same("effect", Some(kind), expected["perform"].as_str())?;
                if let Some(expected) = expected["timeout"].as_f64() {
                    close("timeout", f64::from(action.timeout_millis()) / 1000.0, expected)?;
                }
                match action {
                    Action::Http(found) => request::check_some(found, expected)?,
                    Action::ReadFile(name) | Action::ReadVariable(name) if expected.get("path").is_some() => {
                        same("path", Some(name.as_str()), expected["path"].as_str())?;
                    }
                    _ => {}
                }
                if let Some(name) = expected["as"].as_str() {
                    self.named.insert(name.to_owned(), *id);
                }
                let iat = expected["iat"].as_f64();
                iat.map_or(Ok(()), |expected| {
                    close(
                        "iat",
                        issued_at(&signing_input.unwrap_or_default()) - self.start,
                        expected,
                    )
                })
            }
            Step::Wait { until, in_flight } => {
                let expected = expected.get("wait").ok_or("a wait was not expected")?;
                same("in_flight", Some(*in_flight), expected["in_flight"].as_bool())?;
                let until = self.since_start(*until);
                self.until = Some(until);
                expected["until"]
                    .as_f64()
                    .map_or(Ok(()), |expected| close("until", until, expected))?;
                self.window("until", until, expected)
            }
            Step::Fail(error) => check_error(error, expected.get("fail").ok_or("an error was not expected")?),
        }
    }

    fn window(&self, name: &str, found: f64, expected: &Value) -> Checked {
        let (min, max) = (
            expected[format!("{name}_min")].as_f64(),
            expected[format!("{name}_max")].as_f64(),
        );
        if min.is_some_and(|min| found < min - 0.0005) || max.is_some_and(|max| found > max + 0.0005) {
            return Err(format!("{name} is {found}, not {min:?} to {max:?}"));
        }
        Ok(())
    }
}

fn jwt_in(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    Some(body["jwt"].as_str()?.to_owned())
}

fn issued_at(jwt: &str) -> f64 {
    let claims = Base64UrlUnpadded::decode_vec(jwt.split('.').nth(1).unwrap()).unwrap();
    number(&serde_json::from_slice::<Value>(&claims).unwrap()["iat"])
}

#[test]
fn transcripts() {
    let mut failures = Vec::new();
    let mut count = 0;
    let mut files: Vec<_> = std::fs::read_dir(common::folder("transcripts"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    files.sort();
    for file in files {
        let script = load(&format!("transcripts/{}", file.to_str().unwrap()));
        count += 1;
        let mut scene = Scene::new(&script);
        for (number, step) in script["steps"].as_array().unwrap().iter().enumerate() {
            if let Err(problem) = scene.step(step) {
                failures.push(format!(
                    "{}, step {number} at {}: {problem}",
                    text(&script, "name"),
                    scene.clock
                ));
                break;
            }
        }
    }
    assert!(count > 50, "only {count} transcripts");
    assert!(
        failures.is_empty(),
        "{} of {count} transcripts fail:\n{}",
        failures.len(),
        failures.join("\n")
    );
}
