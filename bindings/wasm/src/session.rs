//! The session: steps out as plain objects, outcomes in.

mod objects;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use yc_iam::{EffectId, Error, Failure, FailureKind, Outcome, Secret, SessionOptions, UnixTime};

use crate::endpoints::Endpoints;
use crate::errors::thrown;
use crate::http;
use crate::source::Source;

/// Credentials at work.
#[wasm_bindgen]
pub struct Session(yc_iam::Session);

#[wasm_bindgen]
impl Session {
    /// A session of this source, which it takes over.
    #[wasm_bindgen(constructor)]
    pub fn new(source: Source, endpoints: &Endpoints, seed: u64) -> Self {
        let options = SessionOptions {
            endpoints: endpoints.inner().clone(),
            seed,
        };
        Self(yc_iam::Session::new(source.into_inner(), options))
    }

    /// The next step, as a plain object; see `objects`.
    pub fn poll(&mut self, now: f64) -> Result<JsValue, JsValue> {
        let now = UnixTime::from_secs_f64(now).map_err(thrown)?;
        Ok(objects::step(&self.0.poll(now)))
    }

    /// Reports an HTTP response; names and values of the headers take turns.
    #[wasm_bindgen(js_name = completeResponse)]
    pub fn complete_response(
        &mut self,
        id: f64,
        now: f64,
        status: u16,
        headers: Vec<String>,
        body: Vec<u8>,
    ) -> Result<(), JsValue> {
        self.complete(id, now, Ok(Outcome::Response(http::response(status, headers, body))))
    }

    /// Reports a signature.
    #[wasm_bindgen(js_name = completeSignature)]
    pub fn complete_signature(&mut self, id: f64, now: f64, signature: Vec<u8>) -> Result<(), JsValue> {
        self.complete(id, now, Ok(Outcome::Signature(signature)))
    }

    /// Reports a file's content.
    #[wasm_bindgen(js_name = completeFile)]
    pub fn complete_file(&mut self, id: f64, now: f64, content: Vec<u8>) -> Result<(), JsValue> {
        self.complete(id, now, Ok(Outcome::File(content)))
    }

    /// Reports that it could not be done.
    #[wasm_bindgen(js_name = completeFailure)]
    pub fn complete_failure(&mut self, id: f64, now: f64, kind: &str, detail: String) -> Result<(), JsValue> {
        let failure = FailureKind::from_name(kind).map(|kind| Failure { kind, detail });
        self.complete(id, now, failure.map(Outcome::Failure))
    }

    /// Drops this token, if it is still the current one.
    pub fn invalidate(&mut self, token: String) -> bool {
        self.0.invalidate(&Secret::new(token))
    }

    /// The ID of the key that is to sign, where an effect asks for a signature.
    #[wasm_bindgen(getter, js_name = signingKeyId)]
    pub fn signing_key_id(&self) -> Option<String> {
        self.0.signing_key().map(|key| key.id().to_owned())
    }

    /// That key as PKCS#8 DER. Whoever asks for it wipes it.
    #[wasm_bindgen(js_name = exposeSigningKey)]
    pub fn expose_signing_key(&self) -> Result<Option<Uint8Array>, JsValue> {
        let der = self.0.signing_key().map(|key| key.expose_pkcs8()).transpose();
        Ok(der.map_err(thrown)?.map(|der| Uint8Array::from(der.as_slice())))
    }
}

impl Session {
    fn complete(&mut self, id: f64, now: f64, outcome: Result<Outcome, Error>) -> Result<(), JsValue> {
        // A number that is no ID becomes 0 or another that was never given out, and the session says so.
        let id = EffectId(id as u64);
        UnixTime::from_secs_f64(now)
            .and_then(|now| self.0.complete(id, now, outcome?))
            .map_err(thrown)
    }
}
