//! What the program makes of command lines and reports that no vector has: its help, and words at random.

use yc_iam::command::{CredentialsChoice, HostError, Program, ProgramOptions, ProgramStep};
use yc_iam::{Action, Outcome, Response, UnixTime};

use crate::common::{at, key_texts};
use crate::host::failure;

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
