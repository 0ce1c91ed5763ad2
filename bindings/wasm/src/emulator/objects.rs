//! What the emulator is given and what it gives, as plain objects. `testing.ts` declares the same shapes.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use yc_iam::emulator::{Delivery, Received, Reply};

use crate::foreign;
use crate::plain::Plain;

/// An object of options: what is absent or of another type counts as not given.
pub(super) struct Given<'a>(pub(super) &'a JsValue);

impl Given<'_> {
    fn get(&self, name: &str) -> JsValue {
        Reflect::get(self.0, &JsValue::from_str(name)).unwrap_or_default()
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.get(name).as_f64()
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).as_string()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).is_truthy()
    }

    pub(super) fn texts(&self, name: &str) -> Option<Vec<String>> {
        foreign::texts(&self.get(name)).ok()?
    }
}

/// `{status, headers, body, delay, sent}`; `sent`: how many bytes of the body arrive, `undefined` if nothing at all.
pub(super) fn reply(reply: &Reply) -> JsValue {
    let sent = match reply.delivery {
        Delivery::Whole => Some(reply.response.body.len()),
        Delivery::Truncated(len) => Some(len),
        Delivery::Dropped => None,
    };
    Plain::new()
        .with("status", reply.response.status)
        .with("headers", pairs(&reply.response.headers))
        .with("body", Uint8Array::from(reply.response.body.as_slice()))
        .with("delay", reply.delay_millis as f64 / 1000.0)
        .with("sent", sent.map(|len| len as f64))
        .into()
}

/// `{at, method, target, headers, body, jwtHeader, jwtClaims, accepted, verdict, status, requestId, faults}`
pub(super) fn received(received: &Received) -> JsValue {
    Plain::new()
        .with("at", received.at.as_secs_f64())
        .with("method", received.method.as_str())
        .with("target", received.target.as_str())
        .with("headers", pairs(&received.headers))
        .with("body", received.body.as_str())
        .with("jwtHeader", received.jwt_header.as_deref())
        .with("jwtClaims", received.jwt_claims.as_deref())
        .with("accepted", received.verdict.is_accepted())
        .with("verdict", received.verdict.to_string())
        .with("status", received.status)
        .with("requestId", received.request_id.as_str())
        .with(
            "faults",
            received
                .faults
                .iter()
                .map(|fault| JsValue::from_str(fault))
                .collect::<Array>(),
        )
        .into()
}

fn pairs(headers: &[(String, String)]) -> Array {
    headers
        .iter()
        .map(|(name, value)| Array::of2(&name.into(), &value.into()))
        .collect()
}

/// Names and values that take turns.
pub(super) fn header_pairs(headers: Vec<String>) -> Vec<(String, String)> {
    let mut texts = headers.into_iter();
    std::iter::from_fn(|| texts.next().zip(texts.next())).collect()
}
