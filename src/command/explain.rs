//! `yc-iam explain`: says what a credential is, without showing it.

use super::arguments::{Arguments, usage};
use super::credentials::{self, PLACES};
use super::output::{Done, Format};
use super::plan::{Input, Next, Plan, World};
use super::spec::{Flag, Group, Spec};
use crate::diagnose::{self, ExpectedIdentity, ExplainOptions, Explanation};
use crate::error::Error;

/// The exit code for a credential that cannot work.
const NOT_GOOD: u8 = 1;

pub(super) const SPEC: Spec = Spec {
    name: "explain",
    about: "say what a key, a token or a JWT is, and what is wrong with it",
    usage: &["[FILE | -] [FLAGS]"],
    details: &[
        "Says what a file or standard input holds: a key file, an IAM or OAuth token, a JWT, an external token, a \
         federation; whose it is, until when it is good, and what is wrong with it. Shows no byte of a secret, and sends \
         nothing anywhere.",
        "  yc-iam explain key.json",
        "  printf %s \"$CI_TOKEN\" | yc-iam explain --federation federation.json",
        "Exit code 1 means that it cannot work as it is.",
    ],
    groups: &[
        &Group {
            title: "What an external token is compared with",
            flags: &[
                Flag::new(
                    "federation",
                    "FILE",
                    "a federation, as `yc iam workload-identity oidc federation get` prints it with `--format json`",
                ),
                Flag::new(
                    "credential",
                    "FILE",
                    "a federated credential, as `yc iam workload-identity federated-credential get` prints it",
                ),
            ],
        },
        &PLACES,
    ],
    operands: 1,
    plan,
};

fn plan(arguments: &Arguments, world: &World<'_>) -> Result<Plan, Error> {
    let format = Format::of(arguments)?;
    let endpoints = credentials::endpoints(arguments, world)?;
    let subject = match arguments.operand(0) {
        Some(path) => Input::new(path),
        None if world.stdin_is_terminal => {
            let hint = "name a file, or pipe it in: `printf %s \"$TOKEN\" | yc-iam explain`";
            return Err(usage("there is nothing to explain".to_owned(), hint));
        }
        None => Input::Standard,
    };
    let (federation, credential) = (arguments.value("federation"), arguments.value("credential"));
    let (has_federation, has_credential) = (federation.is_some(), credential.is_some());
    let inputs = [Some(subject), federation.map(Input::new), credential.map(Input::new)];
    Plan::new(inputs.into_iter().flatten().collect(), move |mut readings, now| {
        let subject = readings.next()?.content()?;
        let mut content = |is_there: bool| match is_there {
            true => readings.next()?.content().map(Some),
            false => Ok::<_, Error>(None),
        };
        let federation = content(has_federation)?;
        let credential = content(has_credential)?;
        let expected = match (&federation, &credential) {
            (None, None) => None,
            (federation, credential) => Some(ExpectedIdentity::from_json(
                federation.as_ref().map(|content| content.as_slice()),
                credential.as_ref().map(|content| content.as_slice()),
            )?),
        };
        let options = ExplainOptions {
            now,
            endpoints: &endpoints,
            expected: expected.as_ref(),
        };
        Ok(Next::Done(show(&diagnose::explain(&subject, &options), format)))
    })
}

fn show(explanation: &Explanation, format: Format) -> Done {
    let text = match format {
        Format::Text => explanation.to_text(),
        Format::Json => explanation.to_json(),
    };
    Done {
        code: if explanation.is_good() { 0 } else { NOT_GOOD },
        ..Done::text(&text)
    }
}
