//! Functions on text, and what the host must know to make errors of its own.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use yc_iam::{Error, ErrorCode, Failure, FailureKind};

use crate::errors::{object, thrown};
use crate::plain::Plain;

/// Every error code: `[{code, fault, transient, description}]`.
#[wasm_bindgen(js_name = errorCodes)]
pub fn error_codes() -> Array {
    let describe = |code: &ErrorCode| {
        JsValue::from(
            Plain::new()
                .with("code", code.as_str())
                .with("fault", code.fault().as_str())
                .with("transient", code.transient())
                .with("description", code.description().trim()),
        )
    };
    ErrorCode::ALL.iter().map(describe).collect()
}

/// The error that a failure in the host's hands becomes, for those that no session is involved in.
#[wasm_bindgen(js_name = failureError)]
pub fn failure_error(kind: &str, detail: String) -> JsValue {
    let error = FailureKind::from_name(kind).map_or_else(|error| error, |kind| Error::from(Failure { kind, detail }));
    object(&error)
}

/// Takes credentials out of text that somebody will read.
#[wasm_bindgen]
pub fn redact(text: &str) -> String {
    yc_iam::redact(text)
}

/// Throws unless a bearer token may travel to this URL.
#[wasm_bindgen(js_name = checkBearerUrl)]
pub fn check_bearer_url(url: &str) -> Result<(), JsValue> {
    yc_iam::check_bearer_url(url).map_err(thrown)
}
