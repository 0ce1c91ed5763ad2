//! The same class as `yc_iam_signer`'s, blinded too, with what `rsa` 0.9 computes.

use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::pss::BlindedSigningKey;
use rsa::sha2::Sha256;
use rsa::signature::{RandomizedSigner, SignatureEncoding};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
pub struct Signer(BlindedSigningKey<Sha256>);

#[wasm_bindgen]
impl Signer {
    #[wasm_bindgen(constructor)]
    pub fn new(pkcs8: Vec<u8>) -> Result<Signer, JsValue> {
        match RsaPrivateKey::from_pkcs8_der(&pkcs8) {
            Ok(key) => Ok(Self(BlindedSigningKey::new(key))),
            Err(error) => Err(error.to_string().into()),
        }
    }

    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JsValue> {
        match self.0.try_sign_with_rng(&mut rand_core::OsRng, message) {
            Ok(signature) => Ok(signature.to_vec()),
            Err(error) => Err(error.to_string().into()),
        }
    }
}
