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

/// The field of a form that holds a credential.
const SUBJECT_TOKEN: &str = "subject_token";

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
        .map(|(name, value)| (redact(name), shown(name, value)))
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
        || without_subject_token(&String::from_utf8_lossy(&request.body)),
        |value| value.to_string(),
    ))
}

/// A form with its external token taken out, whatever the token looks like.
fn without_subject_token(form: &str) -> String {
    let shown = |field: &str| match field.split_once('=') {
        Some((name @ SUBJECT_TOKEN, _)) => format!("{name}=[external token redacted]"),
        _ => field.to_owned(),
    };
    form.split('&').map(shown).collect::<Vec<_>>().join("&")
}

/// Header and claims of the JWT in the body, as JSON text; without the signature they open nothing.
pub(super) fn jwt(request: &IncomingRequest) -> (Option<String>, Option<String>) {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let jwt = match body.get("jwt").and_then(Value::as_str) {
        Some(jwt) => jwt.to_owned(),
        None => form_urlencoded::parse(&request.body)
            .find(|(name, _)| name == SUBJECT_TOKEN)
            .map(|(_, token)| token.into_owned())
            .unwrap_or_default(),
    };
    let mut parts = jwt.split('.').map(decoded);
    (parts.next().flatten(), parts.next().flatten())
}

fn decoded(part: &str) -> Option<String> {
    let bytes = Base64UrlUnpadded::decode_vec(part).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    serde_json::from_str::<Value>(&text).ok().filter(Value::is_object)?;
    Some(redact(&text))
}
