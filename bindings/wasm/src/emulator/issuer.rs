//! An external issuer of tokens, for tests of workload identities.

use wasm_bindgen::prelude::*;
use yc_iam::emulator::PodTokenRequest;
use yc_iam::{Error, ErrorCode, Secret, UnixTime};

use super::objects::Given;
use crate::errors::thrown;

/// An issuer at a URL, with one key to begin with: a PKCS#8 PEM block of an RSA or a P-256 key.
#[wasm_bindgen]
pub struct Issuer(pub(super) yc_iam::emulator::Issuer);

#[wasm_bindgen]
impl Issuer {
    /// With this key.
    #[wasm_bindgen(constructor)]
    pub fn new(url: &str, private_key: &str) -> Result<Self, JsValue> {
        yc_iam::emulator::Issuer::new(url, private_key)
            .map(Self)
            .map_err(thrown)
    }

    /// Where its keys would be found.
    #[wasm_bindgen(getter, js_name = jwksUrl)]
    pub fn jwks_url(&self) -> String {
        self.0.jwks_url()
    }

    /// Its keys, as JSON.
    #[wasm_bindgen(getter)]
    pub fn jwks(&self) -> String {
        self.0.jwks()
    }

    /// The ID of the key that signs now.
    #[wasm_bindgen(getter, js_name = keyId)]
    pub fn key_id(&self) -> String {
        self.0.key_id().to_owned()
    }

    /// Signs with this key from now on; those before stay published.
    #[wasm_bindgen(js_name = rotateKey)]
    pub fn rotate_key(&mut self, private_key: &str) -> Result<(), JsValue> {
        self.0.rotate_key(private_key).map_err(thrown)
    }

    /// Publishes the key that signs and no other.
    #[wasm_bindgen(js_name = retireOldKeys)]
    pub fn retire_old_keys(&mut self) {
        self.0.retire_old_keys();
    }

    /// A token with any claims, given as JSON.
    pub fn sign(&self, claims: &str) -> Result<String, JsValue> {
        let claims = serde_json::from_str(claims)
            .map_err(|_| thrown(Error::new(ErrorCode::InvalidArgument, "the claims are not JSON")))?;
        self.0.sign(&claims).map(exposed).map_err(thrown)
    }
}

/// What lies in a pod's token file.
#[wasm_bindgen]
pub struct TokenFile(yc_iam::emulator::TokenFile);

#[wasm_bindgen]
impl TokenFile {
    /// The options are `{pod?, audiences?, lifetime?}`.
    #[wasm_bindgen(constructor)]
    pub fn new(namespace: &str, service_account: &str, options: &JsValue) -> Self {
        let given = Given(options);
        let default = PodTokenRequest::new(namespace, service_account);
        Self(yc_iam::emulator::TokenFile::new(PodTokenRequest {
            pod: given.text("pod").unwrap_or(default.pod),
            audiences: given.texts("audiences").unwrap_or(default.audiences),
            lifetime: given.number("lifetime").map_or(default.lifetime, |secs| secs as i64),
            ..default
        }))
    }

    /// Its content now.
    pub fn read(&mut self, issuer: &mut Issuer, now: f64) -> Result<String, JsValue> {
        UnixTime::from_secs_f64(now)
            .and_then(|now| self.0.read(&mut issuer.0, now))
            .map(exposed)
            .map_err(thrown)
    }
}

fn exposed(token: Secret) -> String {
    token.expose().to_owned()
}
