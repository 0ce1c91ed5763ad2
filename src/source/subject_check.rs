//! Whether an external token can be sent: decoded here, unverified, to say at once what it is instead, and why the
//! service may refuse it.

use crate::error::{Error, ErrorCode};
use crate::secret::Secret;
use crate::timestamp::UnixTime;
use crate::unverified;

/// Longer tokens are refused before they are sent: no issuer makes them, and no header takes them.
const MAX_LEN: usize = 16 * 1024;

/// By how many seconds the issuer's clock may be ahead of this machine's.
const TOLERANCE_SECS: i64 = 60;

/// An external token that can be sent.
pub(super) struct SubjectToken {
    pub(super) token: Secret,
    /// Why the service may refuse it, and what to do then. That is the service's to say: this machine's clock may be
    /// off, and only an answer tells by how much.
    pub(super) doubt: Option<String>,
}

pub(super) fn check_bytes(content: &[u8], now: UnixTime) -> Result<SubjectToken, Error> {
    let text = std::str::from_utf8(content).map_err(|_| not_a_jwt("is not text"))?;
    check(text, now)
}

/// The token without white space and a byte-order mark around it, if it is a JWT.
pub(super) fn check(text: &str, now: UnixTime) -> Result<SubjectToken, Error> {
    let token = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if token.is_empty() {
        return Err(not_a_jwt("is empty"));
    }
    if token.len() > MAX_LEN {
        return Err(not_a_jwt("is longer than any issuer's"));
    }
    let jwt = unverified::decode(token).map_err(|problem| not_a_jwt(&format!("is not a JWT: {problem}")))?;
    let seconds = |name: &str| jwt.seconds(name);
    let now = now.as_secs();
    let doubt = if let Some(exp) = seconds("exp")
        && exp <= now
    {
        let ago = now.saturating_sub(exp);
        Some(format!(
            "the subject token ended {ago} s ago: whoever issues it must renew it; if it is new, set the issuer's clock or this machine's, best by NTP"
        ))
    } else if let Some(begin) = seconds("nbf").or_else(|| seconds("iat"))
        && begin > now + TOLERANCE_SECS
    {
        let left = begin.saturating_sub(now);
        Some(format!(
            "the subject token begins in {left} s only: set the issuer's clock or this machine's, best by NTP"
        ))
    } else {
        None
    };
    Ok(SubjectToken {
        token: Secret::new(token.to_owned()),
        doubt,
    })
}

fn not_a_jwt(problem: &str) -> Error {
    invalid(
        format!("the subject token {problem}"),
        "pass the OIDC token of the external issuer, alone and whole",
    )
}

fn invalid(message: String, hint: &str) -> Error {
    Error::new(ErrorCode::InvalidSubjectToken, message).with_hint(hint)
}
