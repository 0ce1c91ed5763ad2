//! What a credential plug-in of `kubectl` prints.
//!
//! <https://kubernetes.io/docs/reference/config-api/client-authentication.v1/>

use serde_json::Value;

use crate::error::{Error, ErrorCode};
use crate::header;
use crate::json;
use crate::redact;
use crate::secret::Secret;
use crate::timestamp::UnixTime;
use crate::token::AccessToken;

const GROUP: &str = "client.authentication.k8s.io/";

/// `kubectl` describes the cluster in it; certificates and all, it stays far below.
const MAX_INFO_LEN: usize = 1024 * 1024;

/// A version of the plug-ins' interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExecApiVersion {
    /// Since Kubernetes 1.22.
    #[default]
    V1,
    /// For older clients.
    V1Beta1,
}

impl ExecApiVersion {
    const ALL: &'static [Self] = &[Self::V1, Self::V1Beta1];

    /// As `apiVersion` has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "client.authentication.k8s.io/v1",
            Self::V1Beta1 => "client.authentication.k8s.io/v1beta1",
        }
    }

    /// The version of this name, with or without its group: `v1`, `client.authentication.k8s.io/v1beta1`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for any other.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        let found = |version: &&Self| version.as_str() == name || version.as_str().strip_prefix(GROUP) == Some(name);
        Self::ALL.iter().find(found).copied().ok_or_else(|| {
            let shown = redact::quote(name, 60);
            let message = format!("there is no version `{shown}` of credential plug-ins here");
            Error::new(ErrorCode::InvalidArgument, message)
                .with_hint("set `apiVersion` of the kubeconfig's `exec` to `client.authentication.k8s.io/v1`")
        })
    }

    /// The version that `kubectl` asks for in `KUBERNETES_EXEC_INFO`; v1 where the variable is not set.
    fn asked_for(exec_info: Option<&str>) -> Result<Self, Error> {
        let invalid = |problem: &str| {
            Error::new(ErrorCode::InvalidArgument, format!("`KUBERNETES_EXEC_INFO` {problem}"))
                .with_hint("pass it as `kubectl` sets it, or leave it out")
        };
        let Some(text) = exec_info.filter(|text| !text.trim().is_empty()) else {
            return Ok(Self::default());
        };
        if text.len() > MAX_INFO_LEN {
            return Err(invalid("is longer than `kubectl` makes it"));
        }
        let info: Value = serde_json::from_slice(text.as_bytes()).map_err(|_| invalid("is not JSON"))?;
        let field = |name: &str| info.get(name).and_then(Value::as_str);
        if field("kind") != Some("ExecCredential") {
            return Err(invalid("is no `ExecCredential`"));
        }
        Self::from_name(
            field("apiVersion")
                .filter(|name| name.starts_with(GROUP))
                .ok_or_else(|| invalid("has no `apiVersion` of `client.authentication.k8s.io`"))?,
        )
    }
}

/// What the command prints for `kubectl`: JSON with this token, an IAM token or a service account's, in the version that
/// the value of `KUBERNETES_EXEC_INFO` asks for.
///
/// `kubectl` keeps the token until `expirationTimestamp` (RFC 3339, whole seconds); where the end is not known, the field
/// is left out, and it keeps the token until the API server refuses it.
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] if `exec_info` is none or asks for an unknown version; [`ErrorCode::InvalidCredential`]
/// if the token cannot be one.
pub fn exec_credential(token: &AccessToken, exec_info: Option<&str>) -> Result<Secret, Error> {
    let version = ExecApiVersion::asked_for(exec_info)?;
    if !header::is_token68(token.value.expose()) {
        let message = "the token for `kubectl` is empty or holds characters that no token has";
        return Err(Error::new(ErrorCode::InvalidCredential, message).with_hint("pass the token that the session gave"));
    }
    let mut status = Vec::new();
    if token.expires_at < UnixTime::MAX {
        status.push(("expirationTimestamp", json::string(&token.expires_at.to_rfc3339())));
    }
    status.push(("token", json::string(token.value.expose())));
    Ok(Secret::new(json::object(&[
        ("apiVersion", json::string(version.as_str())),
        ("kind", json::string("ExecCredential")),
        ("status", json::object(&status)),
    ])))
}
