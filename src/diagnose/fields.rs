//! The fields of a JWT: header and claims, as they are read and as they are shown.

use serde_json::{Map, Value};

use super::explanation::Explanation;
use super::show;
use crate::unverified::Unverified;

/// More values of one claim are not shown.
const MAX_VALUES: usize = 10;

/// More names of other claims are not shown.
const MAX_NAMES: usize = 40;

/// Claims that are shown for every token.
const COMMON: &[&str] = &["iss", "aud", "sub", "iat", "nbf", "exp"];

pub(super) fn header(jwt: &Unverified, explanation: &mut Explanation) {
    for (name, fact, label) in [
        ("kid", "key_id", "key ID"),
        ("alg", "algorithm", "algorithm"),
        ("typ", "type", "type"),
    ] {
        if let Some(value) = jwt.header.get(name).and_then(Value::as_str) {
            explanation.fact(fact, label, value);
        }
    }
}

/// Who issued it, for whom, about whom.
pub(super) fn parties(jwt: &Unverified, explanation: &mut Explanation) {
    if let Some(issuer) = text(&jwt.claims, "iss") {
        explanation.fact("issuer", "issuer", issuer);
    }
    let audiences = audiences(&jwt.claims);
    for audience in audiences.iter().take(MAX_VALUES) {
        explanation.fact("audience", "audience", audience);
    }
    if audiences.len() > MAX_VALUES {
        let message = format!("it has {} audiences; {MAX_VALUES} are shown", audiences.len());
        explanation.note("many_audiences", message, "");
    }
    if let Some(subject) = text(&jwt.claims, "sub") {
        explanation.fact("subject", "subject", subject);
    }
}

/// The names of the claims that are not shown, which is what is in neither list: their values may be about people.
pub(super) fn others(jwt: &Unverified, shown_too: &[&str], explanation: &mut Explanation) {
    let empty = Map::new();
    let claims = jwt.claims.as_object().unwrap_or(&empty);
    let mut names: Vec<&str> = claims
        .keys()
        .map(String::as_str)
        .filter(|name| !COMMON.contains(name) && !shown_too.contains(name))
        .collect();
    if names.is_empty() {
        return;
    }
    names.sort_unstable();
    let more = names.len().saturating_sub(MAX_NAMES);
    let quoted: Vec<String> = names.iter().take(MAX_NAMES).map(|name| show::quoted(name)).collect();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    explanation.fact(
        "other_claims",
        "other claims, not shown",
        &format!("{}{more}", quoted.join(", ")),
    );
}

pub(super) fn text<'c>(claims: &'c Value, name: &str) -> Option<&'c str> {
    claims.get(name).and_then(Value::as_str)
}

/// The claim `aud`: a string or a list of them (RFC 7519, section 4.1.3).
pub(super) fn audiences(claims: &Value) -> Vec<&str> {
    match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
