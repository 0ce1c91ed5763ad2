//! Requests as plain objects, and responses from what the host has of them.

use js_sys::Array;
use yc_iam::{Request, Response};

use crate::plain::Plain;

/// `{type: "http", method, url, headers, body, timeout, useProxy}`
pub(crate) fn request(request: &Request) -> Plain {
    let headers: Array = request
        .headers
        .iter()
        .map(|(name, value)| Array::of2(&name.as_ref().into(), &value.expose().into()))
        .collect();
    Plain::new()
        .with("type", "http")
        .with("method", request.method)
        .with("url", request.url.as_str())
        .with("headers", headers)
        .with("body", request.body.as_ref().map(|body| body.expose()))
        .with("timeout", f64::from(request.timeout_millis) / 1000.0)
        .with("useProxy", request.use_proxy)
}

/// Names and values of the headers take turns.
pub(crate) fn response(status: u16, headers: Vec<String>, body: Vec<u8>) -> Response {
    let mut texts = headers.into_iter();
    let headers = std::iter::from_fn(|| texts.next().zip(texts.next())).collect();
    Response { status, headers, body }
}

/// `[[name, value], …]`
#[cfg(feature = "tools")]
pub(crate) fn headers(response: &Response) -> Array {
    let pair = |(name, value): &(String, String)| Array::of2(&name.into(), &value.into());
    response.headers.iter().map(pair).collect()
}
