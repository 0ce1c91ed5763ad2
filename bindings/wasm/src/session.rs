//! The session: steps out as plain objects, outcomes in.

mod objects;

use std::sync::Arc;

use wasm_bindgen::prelude::*;
use yc_iam::{
    DefaultSigner, EffectId, Error, Failure, FailureKind, Outcome, Ps256Signer, Response, Secret, ServiceAccountSource,
    SessionOptions, Signing, UnixTime,
};

use crate::endpoints::Endpoints;
use crate::errors::thrown;
use crate::key::ServiceAccountKey;

/// Credentials at work.
#[wasm_bindgen]
pub struct Session(yc_iam::Session);

#[wasm_bindgen]
impl Session {
    /// A session of a service account. With `external_signing` it asks for each signature by an effect.
    #[wasm_bindgen(constructor)]
    pub fn new(
        key: &ServiceAccountKey,
        endpoints: &Endpoints,
        seed: u64,
        external_signing: bool,
    ) -> Result<Self, JsValue> {
        let signing = if external_signing {
            Signing::Outside
        } else {
            Signing::Inside(Box::new(SharedSigner(key.signer().map_err(thrown)?)))
        };
        let source = ServiceAccountSource::with_signing(key.inner().clone(), signing);
        let options = SessionOptions {
            endpoints: endpoints.inner().clone(),
            seed,
        };
        Ok(Self(yc_iam::Session::new(source, options)))
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
        let mut texts = headers.into_iter();
        let headers = std::iter::from_fn(|| texts.next().zip(texts.next())).collect();
        self.complete(id, now, Ok(Outcome::Response(Response { status, headers, body })))
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

/// The key's own signer, so that it is made once however many sessions there are.
struct SharedSigner(Arc<DefaultSigner>);

impl Ps256Signer for SharedSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.0.sign(message)
    }
}
