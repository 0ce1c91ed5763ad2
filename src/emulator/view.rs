//! A received request with every credential taken out.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;

use super::wire::IncomingRequest;
use crate::redact::redact;

/// Fields of a body that hold a credential, whatever it looks like, and what is shown in its place.
const CREDENTIALS: &[(&str, &str)] = &[
    ("jwt", "[JWT redacted]"),
    ("yandexPassportOauthToken", "[OAuth token redacted]"),
    ("iamToken", "[IAM token redacted]"),
];

/// Headers that hold a credential, whatever it looks like.
const CREDENTIAL_HEADERS: &[&str] = &["authorization", "cookie", "proxy-authorization"];

pub(super) fn headers(request: &IncomingRequest) -> Vec<(String, String)> {
    let shown = |name: &str, value: &str| {
        let redacted = redact(value);
        let is_credential = CREDENTIAL_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is_credential && redacted == value {
            "[redacted]".to_owned()
        } else {
            redacted
        }
    };
    request
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), shown(name, value)))
        .collect()
}

pub(super) fn body(request: &IncomingRequest) -> String {
    let mut parsed: Option<Value> = serde_json::from_slice(&request.body).ok();
    if let Some(Value::Object(fields)) = &mut parsed {
        for (name, shown) in CREDENTIALS {
            if let Some(value @ Value::String(_)) = fields.get_mut(*name) {
                *value = Value::from(*shown);
            }
        }
    }
    redact(&parsed.map_or_else(
        || String::from_utf8_lossy(&request.body).into_owned(),
        |value| value.to_string(),
    ))
}

/// Header and claims of the JWT in the body, as JSON text; without the signature they open nothing.
pub(super) fn jwt(request: &IncomingRequest) -> (Option<String>, Option<String>) {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let mut parts = body
        .get("jwt")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .split('.')
        .map(decoded);
    (parts.next().flatten(), parts.next().flatten())
}

fn decoded(part: &str) -> Option<String> {
    let bytes = Base64UrlUnpadded::decode_vec(part).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    serde_json::from_str::<Value>(&text).ok().filter(Value::is_object)?;
    Some(redact(&text))
}
