//! Signatures, in a module of their own.

use wasm_bindgen::prelude::*;
use yc_iam::{Ps256Signer, RustCryptoSigner};
use zeroize::Zeroizing;

use crate::errors::thrown;

/// A private key, prepared for signing with PS256.
#[wasm_bindgen]
pub struct Signer(RustCryptoSigner);

#[wasm_bindgen]
impl Signer {
    /// Takes what `ServiceAccountKey.exposePkcs8()` gave.
    #[wasm_bindgen(constructor)]
    pub fn new(pkcs8: Vec<u8>) -> Result<Self, JsValue> {
        RustCryptoSigner::from_pkcs8_der(&Zeroizing::new(pkcs8))
            .map(Self)
            .map_err(thrown)
    }

    /// The raw signature of these bytes.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JsValue> {
        self.0.sign(message).map_err(thrown)
    }
}
