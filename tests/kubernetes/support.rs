//! Kubeconfigs and tokens as the vectors describe them.

use serde_json::Value;
use yc_iam::kubernetes::{ExecApiVersion, ExecPlugin, InteractiveMode, Kubeconfig, KubeconfigNames, KubeconfigUser};
use yc_iam::{AccessToken, Error, Failure, FailureKind, Outcome, Secret, UnixTime};

use crate::common::{bytes, text};

pub(crate) fn kubeconfig(case: &Value) -> Result<Kubeconfig, Error> {
    let names = &case["names"];
    let name = |field: &str| text(names, field).to_owned();
    let names = KubeconfigNames {
        cluster: name("cluster"),
        context: name("context"),
        user: name("user"),
        namespace: names["namespace"].as_str().map(str::to_owned),
    };
    let ca = (!case["ca_certificate"].is_null()).then(|| string(&case["ca_certificate"]));
    Kubeconfig::new(names, text(case, "server"), ca.as_deref(), user(&case["user"]))
}

fn user(value: &Value) -> KubeconfigUser {
    let strings = |value: &Value| -> Vec<String> {
        let items = value.as_array().into_iter().flatten();
        items.map(|item| item.as_str().unwrap().to_owned()).collect()
    };
    if let Some(token) = value["token"].as_str() {
        KubeconfigUser::Token(secret(token))
    } else if let Some(path) = value["token_file"].as_str() {
        KubeconfigUser::TokenFile(path.to_owned())
    } else if value["yc_iam"].is_array() {
        let args = strings(&value["yc_iam"]);
        KubeconfigUser::Exec(ExecPlugin::yc_iam(&args.iter().map(String::as_str).collect::<Vec<_>>()))
    } else {
        let exec = &value["exec"];
        let pairs = exec["env"].as_array().into_iter().flatten().map(strings);
        KubeconfigUser::Exec(ExecPlugin {
            args: strings(&exec["args"]),
            env: pairs.map(|pair| (pair[0].clone(), pair[1].clone())).collect(),
            install_hint: exec["install_hint"].as_str().map(str::to_owned),
            api_version: ExecApiVersion::from_name(exec["api_version"].as_str().unwrap_or("v1")).unwrap(),
            interactive_mode: match exec["interactive_mode"].as_str() {
                None | Some("Never") => InteractiveMode::Never,
                Some("IfAvailable") => InteractiveMode::IfAvailable,
                Some("Always") => InteractiveMode::Always,
                other => panic!("no such mode: {other:?}"),
            },
            ..ExecPlugin::new(text(exec, "command"))
        })
    }
}

pub(crate) fn token(value: &str, expires_at: f64) -> AccessToken {
    AccessToken {
        value: secret(value),
        expires_at: UnixTime::from_secs_f64(expires_at).unwrap(),
        issued_at: UnixTime::from_secs(0),
    }
}

/// What a host found in a file.
pub(crate) fn outcome(value: &Value) -> Outcome {
    let failure = &value["break"];
    if failure.is_null() {
        return Outcome::File(bytes(value));
    }
    Outcome::Failure(Failure {
        kind: FailureKind::from_name(text(failure, "kind")).unwrap(),
        detail: text(failure, "detail").to_owned(),
    })
}

pub(crate) fn string(value: &Value) -> String {
    String::from_utf8(bytes(value)).unwrap()
}

pub(crate) fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}
