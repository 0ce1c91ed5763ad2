//! JWTs (RFC 7519): what header and claims say, then what the kind of its issuer asks for.

use serde_json::{Map, Value};

use super::explanation::Explanation;
use super::workload::Platform;
use super::{ExplainOptions, own_jwt, show, workload};
use crate::unverified::{self, Unverified};

/// Longer tokens are refused before they are sent.
const MAX_LEN: usize = 16 * 1024;

/// More values of one claim are not shown.
const MAX_VALUES: usize = 10;

/// More names of other claims are not shown.
const MAX_NAMES: usize = 40;

/// Claims that are shown for every token.
const COMMON: &[&str] = &["iss", "aud", "sub", "iat", "nbf", "exp"];

pub(super) fn explain(token: &str, options: &ExplainOptions<'_>) -> Explanation {
    if token.split('.').count() == 5 {
        return encrypted(token);
    }
    let (jwt, damage) = match unverified::decode(token) {
        Ok(jwt) => (jwt, None),
        Err(problem) => (unverified::salvage(token), Some(problem)),
    };
    let mut explanation = if own_jwt::is_own(&jwt) {
        own_jwt::explain(&jwt, options)
    } else {
        workload::explain(&jwt, options)
    };
    if let Some(problem) = damage {
        explanation.error(
            "damaged_jwt",
            format!("it is not a whole JWT: {problem}"),
            "copy it again, alone and whole",
        );
    }
    if token.len() > MAX_LEN {
        let message = format!("it has {} characters, more than any issuer's", token.len());
        explanation.error("too_long", message, "pass one token, alone");
    }
    explanation
}

/// A JWE in its compact form (RFC 7516, section 7.1).
fn encrypted(token: &str) -> Explanation {
    let mut explanation = Explanation::new("encrypted_jwt", "an encrypted JWT");
    let jwt = Unverified {
        claims: Value::Null,
        ..unverified::salvage(token)
    };
    header(&jwt, &mut explanation);
    let message = "only who has the key can read its claims";
    explanation.error(
        "encrypted",
        message,
        "the token exchange takes signed JWTs: ask the issuer for an ID token",
    );
    explanation
}

/// The header alone: a token that was cut at its first dot.
pub(super) fn header_only(header_object: Value) -> Explanation {
    let mut explanation = Explanation::new("jwt", "the header of a JWT");
    let jwt = Unverified {
        header: header_object,
        claims: Value::Null,
    };
    header(&jwt, &mut explanation);
    let message = "it is not a whole JWT: claims and signature are not there";
    explanation.error("damaged_jwt", message, "copy it again, alone and whole");
    explanation
}

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

/// The names of the claims that are not shown: what is in them may be about people.
pub(super) fn other_claims(jwt: &Unverified, platform: Option<Platform>, explanation: &mut Explanation) {
    let empty = Map::new();
    let claims = jwt.claims.as_object().unwrap_or(&empty);
    let shown_too = platform.map_or(&[] as &[&str], Platform::claims);
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
