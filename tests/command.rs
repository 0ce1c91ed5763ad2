//! Runs the command's vectors; the format is in `tests/README.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use yc_iam::command::{CredentialsChoice, EmulatorSettings, HostError, Program, ProgramOptions, ProgramStep};
use yc_iam::{
    Action, Error, Failure, FailureKind, Outcome, Request, Response, Session, SessionOptions, Step, UnixTime,
};

use common::{Checked, at, bytes, each, key_texts, number, same, text};

/// A host with everything scripted.
struct Host<'a> {
    case: &'a Value,
    now: f64,
    session: Option<Session>,
    requests: Vec<Request>,
}

/// How the program ended.
#[derive(Debug)]
struct Ended {
    code: u8,
    output: Vec<u8>,
    errors: String,
}

impl Host<'_> {
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

    fn run(&mut self) -> Checked<Ended> {
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
                ProgramStep::Emulate(settings) => program.emulated(emulate(&settings, &case["emulate"])?),
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

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn failure(kind: &str, detail: &str) -> Outcome {
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
        same("announcement", said.as_str(), text(running, "says"))?;
    }
    Ok(expected["break"]
        .as_str()
        .map(|kind| broken(kind, text(expected, "detail"))))
}

fn check_jwt(output: &str, expected: &Value) -> Checked {
    let parts: Vec<&str> = output.trim_end().split('.').collect();
    let decoded = |part: &str| String::from_utf8(Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap();
    same("parts", parts.len(), 3)?;
    same("header", decoded(parts[0]).as_str(), text(expected, "header"))?;
    same("claims", decoded(parts[1]).as_str(), text(expected, "claims"))?;
    same("signature", Base64UrlUnpadded::decode_vec(parts[2]).unwrap().len(), 256)
}

fn check_request(request: &Request, expected: &Value) -> Checked {
    same("method", request.method, text(expected, "method"))?;
    same("url", request.url.as_str(), text(expected, "url"))?;
    let header = request.headers.iter().find(|(name, _)| name == "authorization");
    let bearer = header.map(|(_, value)| value.expose());
    same("authorization", bearer, expected["authorization"].as_str())?;
    match expected["body"].as_str() {
        Some(body) => same("body", request.body.as_ref().map(|body| body.expose()), Some(body)),
        None => Ok(()),
    }
}

fn check(case: &Value, ended: &Ended, requests: &[Request]) -> Checked {
    let output = String::from_utf8_lossy(&ended.output);
    same("code", Some(u64::from(ended.code)), case["code"].as_u64())
        .map_err(|problem| format!("{problem}: {} {output}", ended.errors))?;
    let (expected, errors) = (&case["output"], &ended.errors);
    if expected.is_object() {
        same("output", ended.output.clone(), bytes(expected)).map_err(|problem| format!("{problem}: {output}"))?;
    }
    if let Some(value) = case.get("output_json") {
        let found: Value = serde_json::from_slice(&ended.output).map_err(|error| format!("{error}: {output}"))?;
        same("output_json", &found, value)?;
        same("line break", output.ends_with('\n'), true)?;
    }
    if case["output_jwt"].is_object() {
        check_jwt(&output, &case["output_jwt"])?;
    }
    if let Some(expected) = case["errors"].as_str() {
        same("errors", errors.as_str(), expected)?;
    }
    if let Some(expected) = case.get("errors_json") {
        let found: Value = serde_json::from_str(errors).map_err(|error| format!("{error}: {errors}"))?;
        for (name, value) in expected.as_object().unwrap() {
            same(name, &found["error"][name], value)?;
        }
    }
    for (what, shown) in [("output_says", &*output), ("errors_say", errors)] {
        for said in list(&case[what]) {
            let said = said.as_str().unwrap();
            same(&format!("{what} {said:?} in {shown}"), shown.contains(said), true)?;
        }
    }
    for hidden in list(&case["hides"]).chain(list(&case["errors_hide"])) {
        let hidden = hidden.as_str().unwrap();
        same(&format!("{hidden:?} in {errors}"), errors.contains(hidden), false)?;
    }
    for hidden in list(&case["hides"]) {
        let hidden = hidden.as_str().unwrap();
        same(&format!("{hidden:?} in {output}"), output.contains(hidden), false)?;
    }
    same("nothing on standard error", ended.code > 1, !errors.is_empty())?;
    same(
        "nothing on standard output",
        ended.code > 1 && !output.is_empty(),
        false,
    )?;
    let expected: Vec<&Value> = list(&case["requests"]).collect();
    same("number of requests", requests.len(), expected.len())?;
    requests
        .iter()
        .zip(expected)
        .try_for_each(|(request, expected)| check_request(request, expected))
}

#[test]
fn commands() {
    each("commands", |case| {
        let mut host = Host {
            case,
            now: number(&case["now"]),
            session: None,
            requests: Vec::new(),
        };
        let ended = host.run()?;
        check(case, &ended, &host.requests)
    });
}

fn shown(arguments: &[&str]) -> String {
    let arguments: Vec<String> = arguments.iter().map(|&word| word.to_owned()).collect();
    let mut program = Program::new(&ProgramOptions {
        arguments: &arguments,
        variable: &|_| None,
        entropy: [0; 16],
        stdin_is_terminal: true,
    });
    match program.poll(at(0.0)) {
        ProgramStep::Exit { code: 0, output, .. } => String::from_utf8(output.expose().to_vec()).unwrap(),
        step => panic!("{arguments:?}: {step:?}"),
    }
}

const COMMANDS: [&str; 7] = [
    "token",
    "jwt",
    "explain",
    "kubeconfig",
    "exec-credential",
    "lockbox",
    "emulator",
];

#[test]
fn help_fits_a_terminal_and_is_the_same_on_both_ways() {
    let overview = shown(&["--help"]);
    assert_eq!(overview, shown(&["help"]));
    for command in COMMANDS {
        assert!(overview.contains(&format!("\n  {command} ")), "{command}");
        let help = shown(&[command, "--help"]);
        assert_eq!(help, shown(&["help", command]));
        assert!(help.starts_with(&format!("Usage: yc-iam {command}")), "{help}");
        assert!(help.contains("--format FORMAT"));
        for line in help.lines().chain(overview.lines()) {
            assert!(
                line.chars().count() <= 80 && line.trim_end() == line,
                "{command}: {line:?}"
            );
        }
    }
}

#[test]
fn a_program_is_of_one_thread_at_a_time_and_can_move() {
    fn is_send<T: Send + Sync>() {}
    is_send::<Program>();
}

#[test]
fn reports_that_nobody_asked_for_are_refused() {
    let arguments = ["token".to_owned(), "--key-file=-".to_owned()];
    let mut program = Program::new(&ProgramOptions {
        arguments: &arguments,
        variable: &|_| None,
        entropy: [0; 16],
        stdin_is_terminal: false,
    });
    let unknown = program.complete(yc_iam::EffectId(1), at(0.0), Outcome::File(Vec::new()));
    assert_eq!(unknown.unwrap_err().code().as_str(), "unexpected_outcome");
    let ProgramStep::Perform(effect) = program.poll(at(0.0)) else {
        panic!("nothing to read")
    };
    let other = program.complete(effect.id, at(0.0), Outcome::Signature(Vec::new()));
    assert_eq!(other.unwrap_err().code().as_str(), "unexpected_outcome");
    assert_eq!(program.poll(at(0.0)), ProgramStep::Perform(effect.clone()));
    program
        .complete(effect.id, at(0.0), Outcome::File(b"x".to_vec()))
        .unwrap();
    program
        .complete(effect.id, at(0.0), Outcome::File(b"x".to_vec()))
        .unwrap();
    assert!(matches!(program.poll(at(0.0)), ProgramStep::Authorize { .. }));
}

/// Words that make command lines which are nearly good.
const WORDS: &[&str] = &[
    "token",
    "jwt",
    "explain",
    "kubeconfig",
    "exec-credential",
    "lockbox",
    "get",
    "emulator",
    "help",
    "-",
    "--",
    "-h",
    "-",
    "x",
    "",
    "=",
    "--=",
    "-=",
    "--key-file",
    "--key-file=key.json",
    "--token-file",
    "--service-account-id",
    "--format",
    "json",
    "--metadata",
    "--server=https://203.0.113.5",
    "--ca-file=ca",
    "--exec",
    "--merge=old",
    "--key",
    "--impersonate=ajeb9l33h6mu12345678",
    "--service-account-token-file=t",
    "--secret-file=-",
    "--port=1",
    "é\u{202e}\u{0}",
];

fn picked(seed: &mut u64, sides: usize) -> usize {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize % sides
}

/// Whatever is asked for and whatever comes of it, a program ends with a code that the help names, and says why.
#[test]
fn every_command_line_comes_to_an_end() {
    let contents: [&[u8]; 6] = [
        b"",
        b"{}",
        b"\xff\xfe",
        b"<html>",
        b"t1.walking-secret-of-nobody",
        &key_texts()["plain"],
    ];
    let kinds = ["connection", "timeout", "tls", "cancelled", "file", "other"];
    let mut good = 0;
    for number in 0..20_000_u64 {
        let mut seed = number;
        let mut pick = |sides| picked(&mut seed, sides);
        let mut arguments = vec![WORDS[pick(9)].to_owned()];
        arguments.extend((0..pick(6)).map(|_| WORDS[pick(WORDS.len())].to_owned()));
        let mut program = Program::new(&ProgramOptions {
            arguments: &arguments,
            variable: &|name| (number % 2 == 0 && name == "YC_IAM_TOKEN").then(|| "t1.walking".to_owned()),
            entropy: [1; 16],
            stdin_is_terminal: number % 3 == 0,
        });
        let mut now = 1_767_225_600.0;
        let (code, output, errors) = loop {
            match program.poll(at(now)) {
                ProgramStep::Perform(effect) => {
                    let outcome = match (&effect.action, pick(5)) {
                        (_, 0) => failure(kinds[pick(kinds.len())], "walk"),
                        (Action::Http(_), _) => {
                            let status = [200, 401, 403, 500][pick(4)];
                            let body = contents[pick(contents.len())].to_vec();
                            Outcome::Response(Response {
                                status,
                                headers: Vec::new(),
                                body,
                            })
                        }
                        _ => Outcome::File(contents[pick(contents.len())].to_vec()),
                    };
                    let _ = program.complete(effect.id, at(now), outcome);
                }
                ProgramStep::Authorize { credentials, .. } => {
                    assert!(CredentialsChoice::from_json(credentials.to_json().expose()).is_ok());
                    match pick(3) {
                        0 => program.fail(HostError {
                            code: "nonsense",
                            message: "walk",
                            ..HostError::default()
                        }),
                        _ => program.authorize(&yc_iam::AccessToken {
                            value: yc_iam::Secret::new(format!("t1.walk-{}", pick(3))),
                            expires_at: UnixTime::MAX,
                            issued_at: at(now),
                        }),
                    }
                }
                ProgramStep::Wait { until } => now = until.as_secs_f64(),
                ProgramStep::Emulate(_) => program.emulated(None),
                ProgramStep::Exit { code, output, errors } => break (code, output, errors),
                other => panic!("unknown step {other:?}"),
            }
        };
        good += u32::from(code == 0);
        assert!(code <= 7, "{arguments:?}");
        assert_eq!(code > 1, !errors.is_empty(), "{arguments:?}: {errors}");
        assert!(code <= 1 || output.expose().is_empty(), "{arguments:?}");
        assert!(
            !errors.contains("walking") && !errors.contains("MII"),
            "{arguments:?}: {errors}"
        );
    }
    assert!(good > 500, "only {good} are good");
}
