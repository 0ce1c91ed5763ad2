//! JWTs (RFC 7519), told apart by who issued them and what is left of them.

use serde_json::Value;

use super::explanation::Explanation;
use super::options::ExplainOptions;
use super::{fields, own_jwt, workload};
use crate::unverified::{self, Unverified};

/// Longer tokens are refused before they are sent.
const MAX_LEN: usize = 16 * 1024;

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
    fields::header(&jwt, &mut explanation);
    let message = "only who has the key can read its claims";
    explanation.error(
        "encrypted",
        message,
        "the token exchange takes signed JWTs: ask the issuer for an ID token",
    );
    explanation
}

/// The header alone: a token that was cut at its first dot.
pub(super) fn header_only(header: Value) -> Explanation {
    let mut explanation = Explanation::new("jwt", "the header of a JWT");
    let jwt = Unverified {
        header,
        claims: Value::Null,
    };
    fields::header(&jwt, &mut explanation);
    let message = "it is not a whole JWT: claims and signature are not there";
    explanation.error("damaged_jwt", message, "copy it again, alone and whole");
    explanation
}
