//! The command, wired to the emulator: what it sends is judged, and what it prints is used.

use yc_iam::command::{HostError, Program, ProgramOptions, ProgramStep};
use yc_iam::emulator::{Emulator, EmulatorOptions, IncomingRequest};
use yc_iam::{Action, Outcome, Session, SessionOptions, Step, UnixTime};

use crate::support::{PEM_A, whoami};

const NOW: UnixTime = UnixTime::from_secs(1_767_225_660);

/// One file, called `key.json`, and one variable.
struct Host<'a> {
    emulator: &'a mut Emulator,
    key_file: &'a str,
    iam_token: Option<&'a str>,
}

impl Host<'_> {
    fn perform(&mut self, action: &Action) -> Outcome {
        match action {
            Action::ReadFile(path) if path == "key.json" => Outcome::File(self.key_file.as_bytes().to_vec()),
            Action::Http(request) => self
                .emulator
                .handle(&IncomingRequest::from(request), NOW)
                .into_outcome(),
            other => panic!("{other:?}"),
        }
    }

    /// The exit code and what was printed; errors, if it failed.
    fn run(&mut self, arguments: &str) -> (u8, String) {
        let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
        let iam_token = self.iam_token.map(str::to_owned);
        let variable = |name: &str| iam_token.clone().filter(|_| name == "YC_IAM_TOKEN");
        let options = ProgramOptions {
            arguments: &arguments,
            variable: &variable,
            entropy: [9; 16],
            stdin_is_terminal: true,
        };
        let mut program = Program::new(&options);
        loop {
            match program.poll(NOW) {
                ProgramStep::Perform(effect) => {
                    let outcome = self.perform(&effect.action);
                    program.complete(effect.id, NOW, outcome).unwrap();
                }
                ProgramStep::Authorize { credentials, .. } => {
                    let source = credentials.source(variable).unwrap();
                    let options = SessionOptions {
                        endpoints: credentials.endpoints,
                        seed: 1,
                    };
                    let mut session = Session::new(source, options);
                    loop {
                        match session.poll(NOW) {
                            Step::Perform(effect) => {
                                let outcome = self.perform(&effect.action);
                                session.complete(effect.id, NOW, outcome).unwrap();
                            }
                            Step::Use { token, .. } => break program.authorize(&token),
                            Step::Fail(error) => {
                                break program.fail(HostError {
                                    code: error.code().as_str(),
                                    message: error.message(),
                                    ..HostError::default()
                                });
                            }
                            Step::Wait { .. } => panic!("nothing is slow here"),
                        }
                    }
                }
                ProgramStep::Exit { code, output, errors } => {
                    let output = String::from_utf8(output.expose().to_vec()).unwrap();
                    return (code, output + &errors);
                }
                step => panic!("{step:?}"),
            }
        }
    }
}

#[test]
fn tokens_and_jwts_are_taken_and_a_deleted_key_is_refused() {
    let mut emulator = Emulator::new(EmulatorOptions::default());
    let account = emulator.create_service_account("robot");
    let other = emulator.create_service_account("other");

    let key_file = emulator.create_key(&account, PEM_A, NOW).unwrap();
    emulator.allow_impersonation(&account, &other).unwrap();
    let mut host = Host {
        emulator: &mut emulator,
        key_file: &key_file,
        iam_token: None,
    };
    let (code, token) = host.run("token --key-file key.json");
    assert_eq!(code, 0, "{token}");
    let bearer = format!("Bearer {}", token.trim_end());
    assert_eq!(whoami(host.emulator, Some(&bearer), NOW).body["subjectId"], account);

    let (code, jwt) = host.run("jwt --key-file key.json");
    assert_eq!(code, 0, "{jwt}");
    let exchange = IncomingRequest {
        method: "POST".to_owned(),
        target: "/iam/v1/tokens".to_owned(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: format!(r#"{{"jwt":"{}"}}"#, jwt.trim_end()).into_bytes(),
    };
    let Outcome::Response(answer) = host.emulator.handle(&exchange, NOW).into_outcome() else {
        panic!("no answer")
    };
    assert_eq!(answer.status, 200);

    host.iam_token = Some(token.trim_end());
    let (code, of_other) = host.run(&format!("token --impersonate {other}"));
    assert_eq!(code, 0, "{of_other}");
    let bearer = format!("Bearer {}", of_other.trim_end());
    assert_eq!(whoami(host.emulator, Some(&bearer), NOW).body["subjectId"], other);

    let id = yc_iam::ServiceAccountKey::from_json(&key_file).unwrap().id().to_owned();
    assert!(host.emulator.delete_key(&id));
    let (code, errors) = host.run("token --key-file key.json");
    assert_eq!(code, 5, "{errors}");
    assert!(errors.contains("was not found"), "{errors}");
}
