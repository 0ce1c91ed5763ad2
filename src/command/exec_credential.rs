//! `yc-iam exec-credential`: the plug-in that `kubectl` calls for a token.

use super::arguments::{Arguments, usage};
use super::credentials::{self, ACCOUNTS, CREDENTIALS, PLACES, Wanted};
use super::output::{Done, Format};
use super::plan::{Input, Next, Plan, Readings, World};
use super::spec::{Flag, Group, Spec};
use crate::effect::Outcome;
use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorCode};
use crate::kubernetes::{self, ExecPlugin, KubernetesTokenSource};
use crate::source::{Context, Progress, Source};
use crate::timestamp::UnixTime;
use crate::token::AccessToken;

const EXEC_INFO: &str = "KUBERNETES_EXEC_INFO";

/// The flag for a token of the cluster itself.
pub(super) const POD_TOKEN: &str = "service-account-token-file";

pub(super) const POD: Group = Group {
    title: "Or a token of the cluster itself",
    flags: &[Flag::new(
        POD_TOKEN,
        "FILE",
        "the token of a Kubernetes service account, which is passed on as it is",
    )],
};

pub(super) const SPEC: Spec = Spec {
    name: "exec-credential",
    about: "print a token for `kubectl`, as its plug-in",
    usage: &["[CREDENTIALS] [FLAGS]", "--service-account-token-file FILE [FLAGS]"],
    details: &[
        "Prints an ExecCredential with an IAM token, as `kubectl` and its like want it from a credential plug-in. \
         `yc-iam kubeconfig --exec` writes a kubeconfig that calls it. The environment variable KUBERNETES_EXEC_INFO says \
         which version of the interface to use.",
        "The output is JSON in any case; `--format` is for errors.",
    ],
    groups: &[&CREDENTIALS, &ACCOUNTS, &POD, &PLACES],
    operands: 0,
    plan,
};

fn plan(arguments: &Arguments, world: &World<'_>) -> Result<Plan, Error> {
    Format::of(arguments)?;
    let exec_info = world.given(EXEC_INFO);
    let show = move |token: &AccessToken| {
        let credential = kubernetes::exec_credential(token, exec_info.as_deref())?;
        Ok(Done::text(credential.expose()))
    };
    if let Some(path) = pod_token(arguments)? {
        let source = KubernetesTokenSource::new(path);
        return Plan::new(vec![Input::new(path)], move |readings, now| {
            Ok(Next::Done(show(&read(source, readings, now)?)?))
        });
    }
    let wanted = Wanted::new(arguments, world)?;
    Plan::new(wanted.inputs(), move |mut readings, _| {
        Ok(Next::Token(wanted.read(&mut readings)?, Box::new(show)))
    })
}

/// A plug-in with this command line; it is checked as if it were called now.
pub(super) fn plugin(arguments: &Arguments, world: &World<'_>) -> Result<ExecPlugin, Error> {
    let words = match pod_token(arguments)? {
        Some(path) => vec![format!("--{POD_TOKEN}={path}")],
        None => {
            Wanted::new(arguments, world)?;
            credentials::forwarded(arguments, world)?
        }
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Ok(ExecPlugin::yc_iam(&words))
}

/// The path of a token of the cluster, with no other credentials besides, and no services: none is asked.
fn pod_token(arguments: &Arguments) -> Result<Option<&str>, Error> {
    let Some(path) = arguments.value(POD_TOKEN) else {
        return Ok(None);
    };
    for flag in [&CREDENTIALS, &ACCOUNTS, &PLACES]
        .into_iter()
        .flat_map(|group| group.flags)
    {
        arguments.exclude(POD_TOKEN, flag.name)?;
    }
    if path == "-" {
        let hint = "name the file: the plug-in is called without standard input";
        return Err(usage(format!("`--{POD_TOKEN}` is `-`"), hint));
    }
    Ok(Some(path))
}

/// The token by the rules of its source, which is asked once.
fn read(mut source: KubernetesTokenSource, mut readings: Readings, now: UnixTime) -> Result<AccessToken, Error> {
    let endpoints = Endpoints::global();
    let context = Context {
        now,
        answered_at: now,
        endpoints: &endpoints,
    };
    let content = readings.next()?.content()?;
    source.start(context)?;
    match source.resume(context, Outcome::File(content.to_vec()))? {
        Progress::Done(token) => Ok(token),
        Progress::Perform(_) => Err(
            Error::new(ErrorCode::UnexpectedOutcome, "the token file was not enough").with_hint("report this as a bug"),
        ),
    }
}
