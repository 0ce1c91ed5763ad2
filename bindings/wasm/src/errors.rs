//! The core's error as the plain object that is thrown; the only conversion of errors.

use wasm_bindgen::JsValue;
use yc_iam::Error;

use crate::plain::Plain;

/// `{code, fault, transient, message, hint, status, requestId, retryAfter}`; the last three may be `undefined`.
pub(crate) fn object(error: &Error) -> JsValue {
    Plain::new()
        .with("code", error.code().as_str())
        .with("fault", error.fault().as_str())
        .with("transient", error.transient())
        .with("message", error.to_string())
        .with("hint", error.hint())
        .with("status", error.status())
        .with("requestId", error.request_id())
        .with("retryAfter", error.retry_after())
        .into()
}

/// For `map_err`.
pub(crate) fn thrown(error: Error) -> JsValue {
    object(&error)
}
