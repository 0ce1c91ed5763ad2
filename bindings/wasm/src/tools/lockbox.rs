//! A secret's payload. Its values stay in the module's memory, which is wiped, until they are asked for.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::errors::thrown;

/// Values by their keys.
#[wasm_bindgen]
pub struct LockboxPayload(pub(super) yc_iam::api::LockboxPayload);

#[wasm_bindgen]
impl LockboxPayload {
    /// The ID of the version that was read.
    #[wasm_bindgen(getter, js_name = versionId)]
    pub fn version_id(&self) -> String {
        self.0.version_id().to_owned()
    }

    /// The keys, in the service's order.
    pub fn keys(&self) -> Vec<String> {
        self.0.keys().map(str::to_owned).collect()
    }

    /// The value under this key as text.
    pub fn text(&self, key: &str) -> Result<JsValue, JsValue> {
        self.0.text(key).map(JsValue::from_str).map_err(thrown)
    }

    /// The value under this key as bytes.
    pub fn bytes(&self, key: &str) -> Result<Uint8Array, JsValue> {
        self.0.bytes(key).map(Uint8Array::from).map_err(thrown)
    }
}
