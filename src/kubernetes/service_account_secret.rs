//! A Secret of Kubernetes with a service account's token that does not end.
//!
//! <https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets>

use base64ct::{Base64, Encoding};
use serde_json::Value;
use zeroize::Zeroizing;

use super::document::{Document, kind_of};
use super::{Kubeconfig, KubeconfigNames, KubeconfigUser, certificate, names};
use crate::credential::Kind;
use crate::error::{Error, ErrorCode};
use crate::header;
use crate::key::json::holds_a_key;
use crate::redact;
use crate::secret::Secret;

const TYPE: &str = "kubernetes.io/service-account-token";
const ACCOUNT: &str = "kubernetes.io/service-account.name";

/// What a Secret of type `kubernetes.io/service-account-token` holds, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAccountSecret {
    /// The Secret's name.
    pub name: String,
    /// The service account's namespace, which is the Secret's too.
    pub namespace: String,
    /// The service account's name.
    pub service_account_name: String,
    /// The service account's token.
    pub token: Secret,
    /// The cluster's certificate authority, PEM.
    pub ca_certificate: String,
}

impl ServiceAccountSecret {
    /// Reads what `kubectl get secret -o json` or `-o yaml` prints: the Secret, or a list with no other such Secret.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidKubernetesSecret`], saying what was given instead or what is missing;
    /// [`ErrorCode::InvalidCertificate`] for its `ca.crt`.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let text = std::str::from_utf8(text).map_err(|_| instead("is not text"))?;
        if let Some(what) = other_thing(text) {
            return Err(instead(&format!("is {what}")));
        }
        let document = Document::parse(text).map_err(|problem| instead(&problem))?;
        read(find(&document.0)?)
    }

    /// A kubeconfig with this token, for the API server at this URL; names and errors are those of [`Kubeconfig::new`].
    ///
    /// # Errors
    /// Those of [`Kubeconfig::new`].
    pub fn kubeconfig(&self, names: KubeconfigNames, server: &str) -> Result<Kubeconfig, Error> {
        let user = KubeconfigUser::Token(self.token.clone());
        Kubeconfig::new(names, server, Some(&self.ca_certificate), user)
    }
}

/// What people hand over instead of a Secret.
fn other_thing(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        Some("empty".to_owned())
    } else if text.starts_with('<') {
        Some("a web page".to_owned())
    } else if text.starts_with("-----BEGIN ") {
        Some("PEM".to_owned())
    } else {
        Kind::of(text).map(|kind| kind.name().to_owned())
    }
}

/// The one Secret with a service account's token in the document.
fn find(value: &Value) -> Result<&Value, Error> {
    if !value.is_object() {
        return Err(instead(&format!("is {}", kind_of(value))));
    }
    match text_at(value, "kind") {
        Some("Secret") => match type_of(value) {
            Some(TYPE) => Ok(value),
            Some(other) => Err(instead(&format!("is a Secret of type `{}`", redact::quote(other, 60)))),
            None => Err(instead("is a Secret without a `type`")),
        },
        Some("List" | "SecretList") => {
            let items = value
                .get("items")
                .and_then(Value::as_array)
                .map_or(&[][..], Vec::as_slice);
            let mut fitting = items.iter().filter(|item| type_of(item) == Some(TYPE));
            match (fitting.next(), fitting.count()) {
                (Some(secret), 0) => Ok(secret),
                (None, _) => Err(instead(&format!(
                    "is a list of {} objects without such a Secret",
                    items.len()
                ))),
                (Some(_), more) => Err(instead(&format!("is a list with {} such Secrets", more + 1))),
            }
        }
        Some("Config") => Err(instead("is a kubeconfig")),
        Some(other) => Err(instead(&format!("is a `{}`", redact::quote(other, 60)))),
        None if holds_a_key(value) => Err(instead("is the key file of a service account in the cloud")),
        None => Err(instead("has no `kind`")),
    }
}

fn read(secret: &Value) -> Result<ServiceAccountSecret, Error> {
    if text_at(secret, "apiVersion").is_some_and(|version| version != "v1") {
        return Err(damaged("has an `apiVersion` other than `v1`"));
    }
    let metadata = secret.get("metadata").unwrap_or(&Value::Null);
    let name = text_at(metadata, "name").filter(|name| names::is_object_name(name));
    let name = name.ok_or_else(|| damaged("has no good `metadata.name`"))?;
    let account = metadata
        .get("annotations")
        .and_then(|annotations| text_at(annotations, ACCOUNT));
    let account = account
        .filter(|account| names::is_object_name(account))
        .ok_or_else(|| damaged(&format!("has no good annotation `{ACCOUNT}`")))?;
    let field = |name: &str| entry(secret, name);
    let token = field("token")?.ok_or_else(|| {
        damaged("has no `token`").with_hint("the cluster fills it in a moment after the Secret was made: get it again")
    })?;
    let token = token.trim();
    if !header::is_token68(token) {
        return Err(damaged(
            "has a `token` that is empty or holds characters that no token has",
        ));
    }
    let ca_certificate = field("ca.crt")?.ok_or_else(|| damaged("has no `ca.crt`"))?;
    certificate::check("the Secret's `ca.crt`", &ca_certificate)?;
    let inner = field("namespace")?.map(|text| text.trim().to_owned());
    let outer = text_at(metadata, "namespace").map(str::to_owned);
    let namespace = match (inner, outer) {
        (Some(inner), Some(outer)) if inner != outer => {
            return Err(damaged("names one namespace in its data and another in its metadata"));
        }
        (Some(namespace), _) | (None, Some(namespace)) if names::is_namespace(&namespace) => namespace,
        _ => return Err(damaged("has no good `namespace`")),
    };
    Ok(ServiceAccountSecret {
        name: name.to_owned(),
        namespace,
        service_account_name: account.to_owned(),
        token: Secret::new(token.to_owned()),
        ca_certificate: ca_certificate.to_string(),
    })
}

/// An entry of `stringData`, which goes before `data` as it does in the API server, or of `data`, decoded.
fn entry(secret: &Value, name: &str) -> Result<Option<Zeroizing<String>>, Error> {
    let given = |object: &str| {
        secret
            .get(object)
            .and_then(|fields| fields.get(name))
            .filter(|value| !value.is_null())
    };
    match (given("stringData"), given("data")) {
        (Some(Value::String(text)), _) => Ok(Some(Zeroizing::new(text.clone()))),
        (None, Some(Value::String(text))) => {
            let encoded: Zeroizing<String> = Zeroizing::new(text.split_ascii_whitespace().collect());
            let bytes =
                Base64::decode_vec(&encoded).map_err(|_| damaged(&format!("has a `{name}` that is not base64")))?;
            let text = String::from_utf8(bytes).map_err(|_| damaged(&format!("has a `{name}` that is not text")))?;
            Ok(Some(Zeroizing::new(text)))
        }
        (Some(other), _) | (None, Some(other)) => Err(damaged(&format!("has {} as its `{name}`", kind_of(other)))),
        (None, None) => Ok(None),
    }
}

fn type_of(value: &Value) -> Option<&str> {
    text_at(value, "type")
}

fn text_at<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

fn instead(problem: &str) -> Error {
    let message = format!("what was given for a Secret with a service account's token {problem}");
    Error::new(ErrorCode::InvalidKubernetesSecret, message)
        .with_hint("pass what `kubectl get secret <name> -o yaml` prints for a Secret of type `kubernetes.io/service-account-token`")
}

fn damaged(problem: &str) -> Error {
    Error::new(ErrorCode::InvalidKubernetesSecret, format!("the Secret {problem}"))
        .with_hint("pass the Secret whole, as `kubectl get secret <name> -o yaml` prints it")
}
