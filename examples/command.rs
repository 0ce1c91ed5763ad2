//! The command `yc-iam` in Rust: what a host does for it. The packages for Python and Node have the same loop.
//!
//! `cargo run --example command -- token --key-file key.json`

#[allow(dead_code, unreachable_pub, reason = "its `main` is another program")]
#[path = "quickstart.rs"]
mod quickstart;

use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::io::{IsTerminal, Read, Write};
use std::process::ExitCode;
use std::time::Duration;

use quickstart::{failure, now, send};
use yc_iam::command::{CredentialsChoice, HostError, Program, ProgramOptions, ProgramStep};
use yc_iam::{Action, Failure, FailureKind, Outcome, Secret, Session, SessionOptions, Step, UnixTime};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments = std::env::args_os().skip(1);
    let arguments: Vec<String> = arguments.map(|word| word.to_string_lossy().into_owned()).collect();
    let mut program = Program::new(&ProgramOptions {
        arguments: &arguments,
        variable: &variable,
        entropy: (u128::from(random()) << 64 | u128::from(random())).to_be_bytes(),
        stdin_is_terminal: std::io::stdin().is_terminal(),
    });
    let mut session = None;
    loop {
        match program.poll(now()?) {
            ProgramStep::Perform(effect) => program.complete(effect.id, now()?, perform(&effect.action))?,
            ProgramStep::Authorize { credentials, refused } => {
                match authorize(&mut session, credentials, refused.as_ref())? {
                    Ok(token) => program.authorize(&token),
                    Err(error) => program.fail(HostError {
                        code: error.code().as_str(),
                        message: error.message(),
                        hint: error.hint(),
                        status: error.status(),
                        request_id: error.request_id(),
                    }),
                }
            }
            ProgramStep::Wait { until } => sleep(until)?,
            ProgramStep::Emulate(_) => program.emulated(Some(Failure {
                kind: FailureKind::Other,
                detail: "this example has no server".to_owned(),
            })),
            ProgramStep::Exit { code, output, errors } => {
                let mut stdout = std::io::stdout();
                match stdout.write_all(output.expose()).and_then(|()| stdout.flush()) {
                    // Whoever reads may have had enough.
                    Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                        program.unwritten(&error.to_string());
                    }
                    _ => {
                        std::io::stderr().write_all(errors.as_bytes())?;
                        return Ok(code.into());
                    }
                }
            }
            other => return Err(format!("this example does not know {other:?}").into()),
        }
    }
}

/// What is not Unicode in it becomes a character that nothing accepts; it must not count as not set.
fn variable(name: &str) -> Option<String> {
    Some(std::env::var_os(name)?.to_string_lossy().into_owned())
}

/// Does what a host does: reads and sends, and hands on what came of it.
fn perform(action: &Action) -> Outcome {
    let read = match action {
        Action::Http(request) => return send(request).unwrap_or_else(failure),
        Action::ReadFile(path) => std::fs::read(path),
        Action::ReadVariable(name) => std::env::var(name)
            .map(String::into_bytes)
            .map_err(std::io::Error::other),
        Action::ReadInput => {
            let mut content = Vec::new();
            std::io::stdin().read_to_end(&mut content).map(|_| content)
        }
        Action::Supply | Action::Sign(_) => Err(std::io::Error::other("this example has no such thing")),
    };
    let kind = match action {
        Action::ReadVariable(_) => FailureKind::Variable,
        _ => FailureKind::File,
    };
    read.map_or_else(
        |error| {
            let detail = error.to_string();
            Outcome::Failure(Failure { kind, detail })
        },
        Outcome::File,
    )
}

/// A token by these credentials, of which a session is made once.
fn authorize(
    session: &mut Option<Session>,
    credentials: CredentialsChoice,
    refused: Option<&Secret>,
) -> Result<Result<yc_iam::AccessToken, yc_iam::Error>, Box<dyn Error>> {
    let session = match session {
        Some(session) => session,
        None => {
            let source = match credentials.source(variable) {
                Ok(source) => source,
                Err(error) => return Ok(Err(error)),
            };
            let endpoints = credentials.endpoints;
            let seed = random();
            session.insert(Session::new(source, SessionOptions { endpoints, seed }))
        }
    };
    if let Some(refused) = refused {
        session.invalidate(refused);
    }
    loop {
        match session.poll(now()?) {
            Step::Use { token, .. } => return Ok(Ok(token)),
            Step::Fail(error) => return Ok(Err(error)),
            Step::Perform(effect) => session.complete(effect.id, now()?, perform(&effect.action))?,
            Step::Wait { until, .. } => sleep(until)?,
        }
    }
}

fn sleep(until: UnixTime) -> Result<(), Box<dyn Error>> {
    let seconds = until.as_secs_f64() - now()?.as_secs_f64();
    std::thread::sleep(Duration::from_secs_f64(seconds.max(0.0)));
    Ok(())
}

/// The seed of a new hash map is as random as a retry needs it.
fn random() -> u64 {
    RandomState::new().hash_one(0)
}
