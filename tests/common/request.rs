//! Requests against what the vectors say of them.

use serde_json::Value;
use yc_iam::Request;

use super::{Checked, close, number, same, text};

/// The whole request, its headers in order.
pub(crate) fn check(request: &Request, expected: &Value) -> Checked {
    same("method", request.method, text(expected, "method"))?;
    same("url", request.url.as_str(), text(expected, "url"))?;
    let body = request.body.as_ref().map(|body| body.expose());
    same("body", body, expected["body"].as_str())?;
    let timeout = f64::from(request.timeout_millis) / 1000.0;
    close("timeout", timeout, number(&expected["timeout"]))?;
    same("use_proxy", Some(request.use_proxy), expected["use_proxy"].as_bool())?;
    let headers = expected["headers"].as_array().unwrap();
    same("number of headers", request.headers.len(), headers.len())?;
    for ((name, value), expected) in request.headers.iter().zip(headers) {
        same("header's name", Some(name.as_ref()), expected[0].as_str())?;
        let version = concat!("yc-iam/", env!("CARGO_PKG_VERSION"));
        let expected = expected[1].as_str().map(|value| value.replace("yc-iam/*", version));
        same(name, Some(value.expose().to_owned()), expected)?;
    }
    Ok(())
}

/// What a scene mentions of a request: `url`, `timeout`, `subject_token`.
pub(crate) fn check_some(request: &Request, expected: &Value) -> Checked {
    if let Some(url) = expected["url"].as_str() {
        same("url", request.url.as_str(), url)?;
    }
    if let Some(timeout) = expected["timeout"].as_f64() {
        close("timeout", f64::from(request.timeout_millis) / 1000.0, timeout)?;
    }
    if let Some(token) = expected["subject_token"].as_str() {
        same("subject_token", subject_token(request).as_deref(), Some(token))?;
    }
    Ok(())
}

/// The field of the exchange's form. What is in it needs no decoding.
pub(crate) fn subject_token(request: &Request) -> Option<String> {
    let body = request.body.as_ref()?.expose();
    let field = body.split('&').find_map(|field| field.strip_prefix("subject_token="))?;
    Some(field.to_owned())
}
