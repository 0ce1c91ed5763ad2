//! The file that `kubectl` reads.

use js_sys::TypeError;
use wasm_bindgen::prelude::*;
use yc_iam::Secret;
use yc_iam::kubernetes::{ExecApiVersion, ExecPlugin, InteractiveMode, Kubeconfig, KubeconfigNames, KubeconfigUser};

use super::given::Given;
use crate::errors::thrown;

const FIELDS: [&str; 12] = [
    "server",
    "caCertificate",
    "cluster",
    "context",
    "user",
    "namespace",
    "token",
    "tokenFile",
    "exec",
    "ycIam",
    "format",
    "mergeInto",
];

const EXEC_FIELDS: [&str; 6] = ["command", "args", "env", "installHint", "apiVersion", "interactiveMode"];

/// `{server, caCertificate?, cluster, context, user, namespace?, format?, mergeInto?}` and one of `{token}`, `{tokenFile}`,
/// `{exec: {command, args?, env?, installHint?, apiVersion?, interactiveMode?}}` and `{ycIam: arguments}`.
#[wasm_bindgen]
pub fn kubeconfig(options: &JsValue) -> Result<JsValue, JsValue> {
    let given = Given::new("the kubeconfig", options, &FIELDS)?;
    let names = KubeconfigNames {
        cluster: required(&given, "cluster")?,
        context: required(&given, "context")?,
        user: required(&given, "user")?,
        namespace: given.text("namespace")?,
    };
    let server = required(&given, "server")?;
    let ca_certificate = given.text("caCertificate")?;
    let config = Kubeconfig::new(names, &server, ca_certificate.as_deref(), user(&given)?).map_err(thrown)?;
    let text = match (given.text("mergeInto")?, given.text("format")?.as_deref()) {
        (Some(existing), None | Some("yaml")) => config.merged_into(Secret::new(existing).expose()).map_err(thrown)?,
        (None, None | Some("yaml")) => config.to_yaml(),
        (None, Some("json")) => config.to_json(),
        (Some(_), Some("json")) => return Err(TypeError::new("`mergeInto` gives YAML, and no JSON").into()),
        _ => return Err(TypeError::new("`format` is neither \"yaml\" nor \"json\"").into()),
    };
    Ok(JsValue::from_str(text.expose()))
}

fn required(given: &Given<'_>, name: &str) -> Result<String, JsValue> {
    given
        .text(name)?
        .ok_or_else(|| TypeError::new(&format!("`{name}` is missing")).into())
}

fn user(given: &Given<'_>) -> Result<KubeconfigUser, JsValue> {
    let token = given.text("token")?.map(Secret::new).map(KubeconfigUser::Token);
    let file = given.text("tokenFile")?.map(KubeconfigUser::TokenFile);
    let exec = given.field("exec")?.map(|exec| plugin(&exec)).transpose()?;
    let own = given.texts("ycIam")?.map(|arguments| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        ExecPlugin::yc_iam(&arguments)
    });
    let plugins = [exec, own].into_iter().flatten().map(KubeconfigUser::Exec);
    let mut users = [token, file].into_iter().flatten().chain(plugins);
    match (users.next(), users.next()) {
        (Some(user), None) => Ok(user),
        _ => Err(TypeError::new("pass exactly one of `token`, `tokenFile`, `exec` and `ycIam`").into()),
    }
}

fn plugin(exec: &JsValue) -> Result<ExecPlugin, JsValue> {
    let given = Given::new("`exec`", exec, &EXEC_FIELDS)?;
    let default = ExecPlugin::new(&required(&given, "command")?);
    let api_version = given.text("apiVersion")?.map(|name| ExecApiVersion::from_name(&name));
    let interactive_mode = match given.text("interactiveMode")?.as_deref() {
        None => default.interactive_mode,
        Some("Never") => InteractiveMode::Never,
        Some("IfAvailable") => InteractiveMode::IfAvailable,
        Some("Always") => InteractiveMode::Always,
        Some(_) => return Err(TypeError::new("`interactiveMode` is no mode of kubectl's").into()),
    };
    Ok(ExecPlugin {
        args: given.texts("args")?.unwrap_or_default(),
        env: given.pairs("env")?.unwrap_or_default(),
        install_hint: given.text("installHint")?,
        api_version: api_version.transpose().map_err(thrown)?.unwrap_or(default.api_version),
        interactive_mode,
        ..default
    })
}
