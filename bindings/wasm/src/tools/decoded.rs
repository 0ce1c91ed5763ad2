//! A JWT's header and claims, field by field.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use yc_iam::UnixTime;
use yc_iam::diagnose::{JwtField, decoded_jwt};
use zeroize::Zeroizing;

use crate::errors::thrown;
use crate::plain::Plain;

/// `[{part, name, value, remark}]`, empty for what is no JWT.
#[wasm_bindgen(js_name = decodedJwt)]
pub fn decoded(content: Vec<u8>, now: f64) -> Result<Array, JsValue> {
    let content = Zeroizing::new(content);
    let now = UnixTime::from_secs_f64(now).map_err(thrown)?;
    Ok(decoded_jwt(&content, now).iter().map(plain).collect())
}

fn plain(field: &JwtField) -> JsValue {
    Plain::new()
        .with("part", field.part.as_str())
        .with("name", field.name.as_str())
        .with("value", field.value.as_str())
        .with("remark", field.remark.as_str())
        .into()
}
