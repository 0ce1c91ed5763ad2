//! A service account's key, and JWTs that somebody else signs.

use js_sys::{TypeError, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use yc_iam::{JwtOptions, Lifetime, Secret, UnixTime};
use zeroize::Zeroizing;

use crate::errors::thrown;

/// A key file's content, parsed and checked.
#[wasm_bindgen]
pub struct ServiceAccountKey(yc_iam::ServiceAccountKey);

#[wasm_bindgen]
impl ServiceAccountKey {
    /// From a string or a `Uint8Array`.
    #[wasm_bindgen(js_name = fromJson)]
    pub fn from_json(content: JsValue) -> Result<Self, JsValue> {
        let parsed = if let Some(text) = content.as_string() {
            yc_iam::ServiceAccountKey::from_json(Secret::new(text).expose())
        } else if let Some(bytes) = content.dyn_ref::<Uint8Array>() {
            yc_iam::ServiceAccountKey::from_json(Zeroizing::new(bytes.to_vec()))
        } else {
            return Err(TypeError::new("a key file's content is a string or a Uint8Array").into());
        };
        parsed.map(Self).map_err(thrown)
    }

    /// From two IDs and the public key's PEM: the private key is elsewhere.
    pub fn external(id: &str, service_account_id: &str, public_key: &str) -> Result<Self, JsValue> {
        yc_iam::ServiceAccountKey::external(id, service_account_id, public_key)
            .map(Self)
            .map_err(thrown)
    }

    /// Whether a text that is content or a path is the content of a key file.
    #[wasm_bindgen(js_name = beginsAsJson)]
    pub fn begins_as_json(content_or_path: String) -> bool {
        yc_iam::ServiceAccountKey::begins_as_json(Secret::new(content_or_path).expose())
    }

    /// What a text is that was given as a path and cannot be read: the content itself, or something else that the
    /// error names. `failure` is what the file system said.
    #[wasm_bindgen(js_name = fromUnreadable)]
    pub fn from_unreadable(path: String, failure: String) -> Result<Self, JsValue> {
        let path = Secret::new(path);
        yc_iam::ServiceAccountKey::from_unreadable_path(path.expose(), &failure)
            .map(Self)
            .map_err(thrown)
    }

    /// The key's ID.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.0.id().to_owned()
    }

    /// The service account's ID.
    #[wasm_bindgen(getter, js_name = serviceAccountId)]
    pub fn service_account_id(&self) -> String {
        self.0.service_account_id().to_owned()
    }

    /// RFC 3339, if the file says it.
    #[wasm_bindgen(getter, js_name = createdAt)]
    pub fn created_at(&self) -> Option<String> {
        self.0.created_at().map(str::to_owned)
    }

    /// The length of the RSA modulus.
    #[wasm_bindgen(getter, js_name = modulusBits)]
    pub fn modulus_bits(&self) -> u32 {
        self.0.modulus_bits()
    }

    /// A JWT without its signature. Without a lifetime: the longest; without an audience: the global installation's.
    #[wasm_bindgen(js_name = signingInput)]
    pub fn signing_input(
        &self,
        now: f64,
        lifetime: Option<f64>,
        audience: Option<String>,
    ) -> Result<SigningInput, JsValue> {
        let input = || {
            let now = UnixTime::from_secs_f64(now)?;
            let lifetime = lifetime.map_or(Ok(Lifetime::MAX), Lifetime::from_secs)?;
            let audience = audience.unwrap_or_else(|| yc_iam::Endpoints::global().audience());
            let options = JwtOptions {
                now,
                lifetime,
                audience: &audience,
            };
            yc_iam::SigningInput::new(&self.0, &options)
        };
        input().map(SigningInput).map_err(thrown)
    }

    /// PKCS#8 DER, for the platform's own cryptography. Whoever asks for it wipes it.
    #[wasm_bindgen(js_name = exposePkcs8)]
    pub fn expose_pkcs8(&self) -> Result<Uint8Array, JsValue> {
        let der = self.0.expose_pkcs8().map_err(thrown)?;
        Ok(Uint8Array::from(der.as_slice()))
    }
}

impl ServiceAccountKey {
    pub(crate) fn inner(&self) -> &yc_iam::ServiceAccountKey {
        &self.0
    }
}

/// A JWT without its signature.
#[wasm_bindgen]
pub struct SigningInput(yc_iam::SigningInput);

#[wasm_bindgen]
impl SigningInput {
    /// What is to be signed.
    pub fn bytes(&self) -> Uint8Array {
        Uint8Array::from(self.0.as_str().as_bytes())
    }

    /// The JWT with this signature.
    pub fn assemble(&self, signature: &[u8]) -> Result<String, JsValue> {
        self.0
            .assemble(signature)
            .map(|jwt| jwt.expose().to_owned())
            .map_err(thrown)
    }
}
