//! A service account's key, and JWTs signed with it.

use std::cell::OnceCell;
use std::sync::Arc;

use js_sys::{TypeError, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use yc_iam::{DefaultSigner, Error, ErrorCode, Failure, FailureKind, JwtOptions, Lifetime, Secret, UnixTime};
use zeroize::Zeroizing;

use crate::errors::thrown;

/// A key file's content, parsed and checked.
#[wasm_bindgen]
pub struct ServiceAccountKey {
    key: yc_iam::ServiceAccountKey,
    /// Costly to make, so made by the first signature.
    signer: OnceCell<Arc<DefaultSigner>>,
}

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
        Ok(Self {
            key: parsed.map_err(thrown)?,
            signer: OnceCell::new(),
        })
    }

    /// What a text is that was given as a path and cannot be read: the content itself, or something else that the
    /// error names. `failure` is what the file system said.
    #[wasm_bindgen(js_name = fromUnreadable)]
    pub fn from_unreadable(path: String, failure: String) -> Result<Self, JsValue> {
        let path = Secret::new(path);
        let parsed = yc_iam::ServiceAccountKey::from_json(path.expose()).map_err(|looked_at| {
            let detail = match looked_at.code() {
                ErrorCode::PathGiven => format!("{}: {failure}", path.expose()),
                // A long text is no path that anybody means, and may be a secret.
                ErrorCode::InvalidJson if path.expose().len() <= 100 => format!("{}: {failure}", path.expose()),
                ErrorCode::InvalidJson | ErrorCode::EmptyKey => failure,
                _ => return looked_at,
            };
            Error::from(Failure {
                kind: FailureKind::File,
                detail,
            })
        });
        Ok(Self {
            key: parsed.map_err(thrown)?,
            signer: OnceCell::new(),
        })
    }

    /// The key's ID.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.key.id().to_owned()
    }

    /// The service account's ID.
    #[wasm_bindgen(getter, js_name = serviceAccountId)]
    pub fn service_account_id(&self) -> String {
        self.key.service_account_id().to_owned()
    }

    /// RFC 3339, if the file says it.
    #[wasm_bindgen(getter, js_name = createdAt)]
    pub fn created_at(&self) -> Option<String> {
        self.key.created_at().map(str::to_owned)
    }

    /// The length of the RSA modulus.
    #[wasm_bindgen(getter, js_name = modulusBits)]
    pub fn modulus_bits(&self) -> u32 {
        self.key.modulus_bits()
    }

    /// A JWT, signed here. Without a lifetime: the longest; without an audience: the global installation's.
    #[wasm_bindgen(js_name = signJwt)]
    pub fn sign_jwt(&self, now: f64, lifetime: Option<f64>, audience: Option<String>) -> Result<String, JsValue> {
        let signer = self.signer().map_err(thrown)?;
        with_options(now, lifetime, audience, |options| {
            yc_iam::sign_jwt(&self.key, signer.as_ref(), options)
        })
        .map(|jwt| jwt.expose().to_owned())
        .map_err(thrown)
    }

    /// A JWT that somebody else will sign; the arguments are those of `signJwt`.
    #[wasm_bindgen(js_name = signingInput)]
    pub fn signing_input(
        &self,
        now: f64,
        lifetime: Option<f64>,
        audience: Option<String>,
    ) -> Result<SigningInput, JsValue> {
        with_options(now, lifetime, audience, |options| {
            yc_iam::SigningInput::new(&self.key, options)
        })
        .map(SigningInput)
        .map_err(thrown)
    }

    /// PKCS#8 DER, for the platform's own cryptography. Whoever asks for it wipes it.
    #[wasm_bindgen(js_name = exposePkcs8)]
    pub fn expose_pkcs8(&self) -> Result<Uint8Array, JsValue> {
        let der = self.key.expose_pkcs8().map_err(thrown)?;
        Ok(Uint8Array::from(der.as_slice()))
    }
}

impl ServiceAccountKey {
    pub(crate) fn inner(&self) -> &yc_iam::ServiceAccountKey {
        &self.key
    }

    pub(crate) fn signer(&self) -> Result<Arc<DefaultSigner>, Error> {
        if let Some(signer) = self.signer.get() {
            return Ok(signer.clone());
        }
        let signer = Arc::new(self.key.signer()?);
        Ok(self.signer.get_or_init(|| signer).clone())
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

fn with_options<T>(
    now: f64,
    lifetime: Option<f64>,
    audience: Option<String>,
    use_them: impl FnOnce(&JwtOptions<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let now = UnixTime::from_secs_f64(now)?;
    let lifetime = lifetime.map_or(Ok(Lifetime::MAX), Lifetime::from_secs)?;
    let audience = audience.unwrap_or_else(|| yc_iam::Endpoints::global().audience());
    use_them(&JwtOptions {
        now,
        lifetime,
        audience: &audience,
    })
}
