//! How the user of a kubeconfig proves who it is.

use serde_json::{Value, json};

use super::ExecApiVersion;
use super::names::check_line;
use crate::error::{Error, ErrorCode};
use crate::header;
use crate::secret::Secret;

/// The user's credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KubeconfigUser {
    /// This very token, written into the file.
    Token(Secret),
    /// The path of a file with the token; clients read it again from time to time.
    TokenFile(String),
    /// A command that prints an [`exec_credential`](super::exec_credential()).
    Exec(ExecPlugin),
}

/// Whether a plug-in may use the terminal's input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InteractiveMode {
    /// It never does.
    #[default]
    Never,
    /// It does if there is a terminal.
    IfAvailable,
    /// It does not work without.
    Always,
}

impl InteractiveMode {
    /// As the field has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "Never",
            Self::IfAvailable => "IfAvailable",
            Self::Always => "Always",
        }
    }
}

/// A command that clients call for a token.
///
/// <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecPlugin {
    /// The command: a name to be looked up, or a path.
    pub command: String,
    /// Its arguments. They stand in the file for all to see: no secrets.
    pub args: Vec<String>,
    /// What it gets into its environment besides what is there; no secrets either.
    pub env: Vec<(String, String)>,
    /// What clients show if there is no such command.
    pub install_hint: Option<String>,
    /// What it is to print.
    pub api_version: ExecApiVersion,
    /// Whether it may ask the one at the terminal.
    pub interactive_mode: InteractiveMode,
}

impl ExecPlugin {
    /// This command, without anything else.
    #[must_use]
    pub fn new(command: &str) -> Self {
        Self {
            command: command.to_owned(),
            args: Vec::new(),
            env: Vec::new(),
            install_hint: None,
            api_version: ExecApiVersion::default(),
            interactive_mode: InteractiveMode::default(),
        }
    }

    /// This project's own command, `yc-iam exec-credential`, with these further arguments: `--key-file`, its path.
    #[must_use]
    pub fn yc_iam(args: &[&str]) -> Self {
        Self {
            args: [&["exec-credential"], args]
                .concat()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            install_hint: Some("install `yc-iam`: `pip install yc-iam` or `npm install --global yc-iam`".to_owned()),
            ..Self::new("yc-iam")
        }
    }

    fn check(&self) -> Result<(), Error> {
        check_line("exec command", &self.command)?;
        for argument in &self.args {
            if argument.contains('\0') {
                return Err(invalid("an argument of the exec plug-in holds a NUL character"));
            }
        }
        for (name, value) in &self.env {
            check_line("variable of the exec plug-in", name)?;
            if name.contains('=') || value.contains('\0') {
                return Err(invalid(
                    "a variable of the exec plug-in has `=` in its name or NUL in its value",
                ));
            }
        }
        Ok(())
    }

    fn to_value(&self) -> Value {
        let list = |items: Vec<Value>| {
            if items.is_empty() {
                Value::Null
            } else {
                Value::Array(items)
            }
        };
        let env = |(name, value): &(String, String)| json!({ "name": name, "value": value });
        let mut fields = json!({
            "apiVersion": self.api_version.as_str(),
            "args": list(self.args.iter().cloned().map(Value::String).collect()),
            "command": self.command,
            "env": list(self.env.iter().map(env).collect()),
            "interactiveMode": self.interactive_mode.as_str(),
            "provideClusterInfo": false,
        });
        if let (Some(hint), Some(fields)) = (&self.install_hint, fields.as_object_mut()) {
            fields.insert("installHint".to_owned(), Value::String(hint.clone()));
        }
        fields
    }
}

impl KubeconfigUser {
    pub(super) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Token(token) if header::is_token68(token.expose()) => Ok(()),
            Self::Token(_) => {
                let message = "the token for the kubeconfig is empty or holds characters that no token has";
                Err(Error::new(ErrorCode::InvalidCredential, message)
                    .with_hint("pass the token alone and whole, decoded from base64 if it comes out of a Secret"))
            }
            Self::TokenFile(path) => check_line("token file", path),
            Self::Exec(plugin) => plugin.check(),
        }
    }

    pub(super) fn to_value(&self) -> Value {
        match self {
            Self::Token(token) => json!({ "token": token.expose() }),
            Self::TokenFile(path) => json!({ "tokenFile": path }),
            Self::Exec(plugin) => json!({ "exec": plugin.to_value() }),
        }
    }
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::InvalidKubeconfig, message).with_hint("pass what a shell would take as one word")
}
