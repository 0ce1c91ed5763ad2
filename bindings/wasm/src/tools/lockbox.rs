//! A secret's payload. It leaves the module at once, for not every platform says when an object is no longer used; what
//! comes back of it is read here.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use yc_iam::api::LockboxPayload;

use crate::errors::thrown;
use crate::plain::Plain;

/// `{versionId, keys, values}`
pub(super) fn payload(payload: &LockboxPayload) -> JsValue {
    let keys: Array = payload.keys().map(JsValue::from_str).collect();
    let values: Array = payload.values().map(Uint8Array::from).collect();
    Plain::new()
        .with("versionId", payload.version_id())
        .with("keys", keys)
        .with("values", values)
        .into()
}

/// The value under this key as text, of a payload that has these keys; throws if it has no such value, or it is not text.
#[wasm_bindgen(js_name = lockboxText)]
pub fn text(keys: Vec<String>, key: &str, value: Option<Vec<u8>>) -> Result<JsValue, JsValue> {
    let mut value = value;
    let entries = keys.into_iter().map(|known| {
        let content = if known == key { value.take() } else { None };
        (known, content.unwrap_or_default())
    });
    let payload = LockboxPayload::from_entries(String::new(), entries);
    payload.text(key).map(JsValue::from_str).map_err(thrown)
}
