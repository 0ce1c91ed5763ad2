//! A host with everything scripted, for the command's vectors.

use serde_json::Value;
use yc_iam::command::{CredentialsChoice, EmulatorSettings, HostError, Program, ProgramOptions, ProgramStep};
use yc_iam::{
    Action, Error, Failure, FailureKind, Outcome, Request, Response, Session, SessionOptions, Step, UnixTime,
};

use crate::common::{Checked, at, bytes, key_texts, number, same, text};

/// A host with everything scripted.
pub(crate) struct Host<'a> {
    case: &'a Value,
    now: f64,
    session: Option<Session>,
    pub(crate) requests: Vec<Request>,
}

/// How the program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: u8,
    pub(crate) output: Vec<u8>,
    pub(crate) errors: String,
}

impl<'a> Host<'a> {
    pub(crate) fn new(case: &'a Value) -> Self {
        Self {
            case,
            now: number(&case["now"]),
            session: None,
            requests: Vec::new(),
        }
    }

    fn now(&self) -> UnixTime {
        at(self.now)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.case["environment"][name].as_str().map(str::to_owned)
    }

    /// Does what is asked for, as the case has it.
    fn perform(&mut self, action: &Action) -> Outcome {
        match action {
            Action::Http(request) => {
                let answer = &self.case["answers"][self.requests.len()];
                self.requests.push(request.clone());
                if answer.is_null() {
                    return failure("connection", "the case has no answer for this");
                }
                match answer["break"].as_str() {
                    Some(kind) => failure(kind, text(answer, "detail")),
                    None => Outcome::Response(response(answer)),
                }
            }
            Action::ReadFile(path) => match &self.case["files"][path] {
                Value::Null => failure("file", "no such file"),
                content => Outcome::File(content_of(content)),
            },
            Action::ReadInput => match &self.case["stdin"] {
                Value::Null => panic!("reads standard input"),
                content => Outcome::File(content_of(content)),
            },
            Action::ReadVariable(name) => match self.variable(name) {
                Some(value) => Outcome::File(value.into_bytes()),
                None => failure("variable", ""),
            },
            // Without a signer inside; the tests of signatures are elsewhere.
            Action::Sign(_) => Outcome::Signature(vec![0x5A; 256]),
            other => panic!("asks for {other:?}"),
        }
    }

    /// A token, by a session of its own, as hosts have it.
    fn token(
        &mut self,
        choice: &CredentialsChoice,
        refused: Option<&yc_iam::Secret>,
    ) -> Result<yc_iam::AccessToken, Error> {
        if self.session.is_none() {
            // As it crosses from one WebAssembly module to another.
            let crossed = CredentialsChoice::from_json(choice.to_json().expose())?;
            assert_eq!(crossed, *choice);
            assert!(!format!("{choice:?}").contains("PRIVATE KEY"));
            let source = crossed.source(|name| self.variable(name))?;
            let options = SessionOptions {
                endpoints: crossed.endpoints,
                seed: 1,
            };
            self.session = Some(Session::new(source, options));
        }
        let mut session = self.session.take().unwrap();
        if let Some(refused) = refused {
            session.invalidate(refused);
        }
        let token = loop {
            match session.poll(self.now()) {
                Step::Use { token, .. } => break Ok(token),
                Step::Perform(effect) => {
                    let outcome = self.perform(&effect.action);
                    session.complete(effect.id, self.now(), outcome).unwrap();
                }
                Step::Wait { until, .. } => self.now = until.as_secs_f64(),
                Step::Fail(error) => break Err(error),
            }
        };
        self.session = Some(session);
        token
    }

    pub(crate) fn run(&mut self) -> Checked<Ended> {
        let arguments: Vec<String> = list(&self.case["arguments"])
            .map(|word| word.as_str().unwrap().to_owned())
            .collect();
        let case = self.case;
        let mut program = Program::new(&ProgramOptions {
            arguments: &arguments,
            variable: &|name| case["environment"][name].as_str().map(str::to_owned),
            entropy: [7; 16],
            stdin_is_terminal: case["stdin"].is_null(),
        });
        for _ in 0..200 {
            let step = program.poll(self.now());
            assert_eq!(step, program.poll(self.now()), "a second poll is the same");
            let shown = format!("{program:?} {step:?}");
            for hidden in list(&case["hides"]) {
                assert!(
                    !shown.contains(hidden.as_str().unwrap()),
                    "{hidden} is to be seen in {shown}"
                );
            }
            match step {
                ProgramStep::Perform(effect) => {
                    let signs = matches!(effect.action, Action::Sign(_));
                    assert_eq!(program.signing_key().is_some(), signs);
                    let outcome = self.perform(&effect.action);
                    program.complete(effect.id, self.now(), outcome).unwrap();
                }
                ProgramStep::Authorize { credentials, refused } => match self.token(&credentials, refused.as_ref()) {
                    Ok(token) => program.authorize(&token),
                    Err(error) => program.fail(HostError {
                        code: error.code().as_str(),
                        message: &error.to_string(),
                        hint: error.hint(),
                        status: error.status(),
                        request_id: error.request_id(),
                    }),
                },
                ProgramStep::Wait { until } => {
                    assert!(until > self.now(), "waits for the past");
                    self.now = until.as_secs_f64();
                }
                ProgramStep::Emulate(settings) => {
                    let failure = emulate(&settings, &case["emulate"])?;
                    if let Some(detail) = case["unwritten"].as_str() {
                        program.unwritten(detail);
                    }
                    program.emulated(failure);
                }
                ProgramStep::Exit { output, .. } if !output.expose().is_empty() && case["unwritten"].is_string() => {
                    program.unwritten(text(case, "unwritten"));
                    // Once said, it is so.
                    program.unwritten("said twice");
                }
                ProgramStep::Exit { code, output, errors } => {
                    return Ok(Ended {
                        code,
                        output: output.expose().to_vec(),
                        errors,
                    });
                }
                other => panic!("unknown step {other:?}"),
            }
        }
        Err("it does not end".to_owned())
    }
}

pub(crate) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

pub(crate) fn failure(kind: &str, detail: &str) -> Outcome {
    Outcome::Failure(broken(kind, detail))
}

fn broken(kind: &str, detail: &str) -> Failure {
    Failure {
        kind: FailureKind::from_name(kind).unwrap(),
        detail: detail.to_owned(),
    }
}

fn content_of(value: &Value) -> Vec<u8> {
    match value["key"].as_str() {
        Some(name) => key_texts()[name].clone(),
        None => bytes(value),
    }
}

fn response(answer: &Value) -> Response {
    let pair = |header: &Value| {
        (
            header[0].as_str().unwrap().to_owned(),
            header[1].as_str().unwrap().to_owned(),
        )
    };
    Response {
        status: answer["status"].as_u64().unwrap() as u16,
        headers: list(&answer["headers"]).map(pair).collect(),
        body: bytes(&answer["body"]),
    }
}

fn emulate(settings: &EmulatorSettings, expected: &Value) -> Checked<Option<Failure>> {
    same("port", Some(u64::from(settings.port)), expected["port"].as_u64())?;
    same("key_file", settings.key_file.as_deref(), expected["key_file"].as_str())?;
    same(
        "token_lifetime",
        settings.token_lifetime.map(u64::from),
        expected["token_lifetime"].as_u64(),
    )?;
    same(
        "clock_tolerance",
        settings.clock_tolerance.map(u64::from),
        expected["clock_tolerance"].as_u64(),
    )?;
    let running = &expected["running"];
    if running.is_object() {
        let said = settings.announcement(text(running, "url"), text(running, "key_file"));
        if running["says"].is_string() {
            same("announcement", said.as_str(), text(running, "says"))?;
        }
    }
    Ok(expected["break"]
        .as_str()
        .map(|kind| broken(kind, text(expected, "detail"))))
}
