//! Whether an external token is worth sending: decoded here, unverified, to say at once what would fail.

use crate::error::{Error, ErrorCode};
use crate::secret::Secret;
use crate::timestamp::UnixTime;
use crate::unverified;

/// Longer tokens are refused before they are sent: no issuer makes them, and no header takes them.
const MAX_LEN: usize = 16 * 1024;

/// By how many seconds the issuer's clock may be ahead of this machine's.
const TOLERANCE_SECS: i64 = 60;

pub(super) fn check_bytes(content: &[u8], now: UnixTime) -> Result<Secret, Error> {
    let text = std::str::from_utf8(content).map_err(|_| not_a_jwt("is not text"))?;
    check(text, now)
}

/// The token without white space and a byte-order mark around it, if it is a JWT that is good now.
pub(super) fn check(text: &str, now: UnixTime) -> Result<Secret, Error> {
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
    if let Some(exp) = seconds("exp")
        && exp <= now
    {
        let problem = format!("the subject token ended {} s ago", now.saturating_sub(exp));
        return Err(invalid(
            problem,
            "whoever issues it must renew it; if it is new, the issuer's clock or this machine's is off",
        ));
    }
    if let Some(begin) = seconds("nbf").or_else(|| seconds("iat"))
        && begin > now + TOLERANCE_SECS
    {
        let problem = format!("the subject token begins in {} s only", begin.saturating_sub(now));
        return Err(invalid(
            problem,
            "the issuer's clock or this machine's is off: set them, best by NTP",
        ));
    }
    Ok(Secret::new(token.to_owned()))
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
