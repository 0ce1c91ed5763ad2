//! A pod's cluster, and what a service account's Secret holds.

use js_sys::{Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use yc_iam::kubernetes::{self, InClusterFiles};
use yc_iam::{AccessToken, Failure, FailureKind, Outcome, Secret, UnixTime};
use zeroize::Zeroizing;

use crate::environment::Environment;
use crate::errors::thrown;
use crate::http;
use crate::plain::Plain;

/// What a pod knows of its cluster.
#[wasm_bindgen]
pub struct InCluster(kubernetes::InCluster);

#[wasm_bindgen]
impl InCluster {
    /// `variables` is an object like `process.env`; `read` takes a path and gives the file's bytes, or throws.
    #[wasm_bindgen(constructor)]
    pub fn new(directory: Option<String>, variables: &JsValue, read: &Function) -> Result<Self, JsValue> {
        let files = InClusterFiles::in_directory(directory.as_deref());
        let environment = Environment(variables);
        kubernetes::InCluster::new(
            &files,
            |name| environment.variable(name),
            outcome(read, &files.ca_certificate),
            outcome(read, &files.namespace),
        )
        .map(Self)
        .map_err(thrown)
    }

    /// The API server's URL.
    #[wasm_bindgen(getter)]
    pub fn server(&self) -> String {
        self.0.server().to_owned()
    }

    /// PEM.
    #[wasm_bindgen(getter, js_name = caCertificate)]
    pub fn ca_certificate(&self) -> String {
        self.0.ca_certificate().to_owned()
    }

    /// The pod's namespace.
    #[wasm_bindgen(getter)]
    pub fn namespace(&self) -> String {
        self.0.namespace().to_owned()
    }

    /// The path of the token file.
    #[wasm_bindgen(getter, js_name = tokenPath)]
    pub fn token_path(&self) -> String {
        self.0.token_path().to_owned()
    }

    /// A request as a plain object; a body comes with its content type.
    pub fn request(
        &self,
        method: &str,
        path: &str,
        token: String,
        content_type: Option<String>,
        body: Option<String>,
    ) -> Result<JsValue, JsValue> {
        let body = body.map(|body| (content_type.unwrap_or_default(), Secret::new(body)));
        let body = body.as_ref().map(|(kind, body)| (kind.as_str(), body.clone()));
        let token = token_of(token, f64::INFINITY)?;
        let request = self.0.request(method, path, &token, body).map_err(thrown)?;
        Ok(http::request(&request).into())
    }
}

fn outcome(read: &Function, path: &str) -> Outcome {
    let kind = FailureKind::File;
    let detail = match read.call1(&JsValue::UNDEFINED, &JsValue::from_str(path)) {
        Ok(content) => match content.dyn_into::<Uint8Array>() {
            Ok(bytes) => return Outcome::File(bytes.to_vec()),
            Err(_) => "what was read are no bytes".to_owned(),
        },
        Err(error) => Reflect::get(&error, &JsValue::from_str("message"))
            .ok()
            .and_then(|message| message.as_string())
            .unwrap_or_else(|| "it cannot be read".to_owned()),
    };
    Outcome::Failure(Failure { kind, detail })
}

fn token_of(value: String, expires_at: f64) -> Result<AccessToken, JsValue> {
    let expires_at = match expires_at.is_finite() {
        true => UnixTime::from_secs_f64(expires_at).map_err(thrown)?,
        false => UnixTime::MAX,
    };
    Ok(AccessToken {
        value: Secret::new(value),
        expires_at,
        issued_at: UnixTime::from_secs(0),
    })
}

/// `{name, namespace, serviceAccountName, token, caCertificate}` of what `kubectl get secret` printed.
#[wasm_bindgen(js_name = parseServiceAccountSecret)]
pub fn parse_service_account_secret(text: Vec<u8>) -> Result<JsValue, JsValue> {
    let secret = kubernetes::ServiceAccountSecret::parse(&Zeroizing::new(text)).map_err(thrown)?;
    Ok(Plain::new()
        .with("name", secret.name.as_str())
        .with("namespace", secret.namespace.as_str())
        .with("serviceAccountName", secret.service_account_name.as_str())
        .with("token", secret.token.expose())
        .with("caCertificate", secret.ca_certificate.as_str())
        .into())
}

/// What a credential plug-in prints; a token without an end has `Infinity`.
#[wasm_bindgen(js_name = execCredential)]
pub fn exec_credential(token: String, expires_at: f64, exec_info: Option<String>) -> Result<JsValue, JsValue> {
    let printed = kubernetes::exec_credential(&token_of(token, expires_at)?, exec_info.as_deref()).map_err(thrown)?;
    Ok(JsValue::from_str(printed.expose()))
}
