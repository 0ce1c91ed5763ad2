//! Whether an external token is worth sending: decoded here, unverified, to say at once what would fail.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;

use crate::error::{Error, ErrorCode};
use crate::secret::Secret;
use crate::timestamp::UnixTime;

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
    let claims = claims(token)?;
    let seconds = |name: &str| claims.get(name).and_then(Value::as_f64).map(|secs| secs as i64);
    let now = now.as_secs();
    if let Some(exp) = seconds("exp")
        && exp <= now
    {
        let problem = format!("the subject token ended {} s ago by this machine's clock", now - exp);
        return Err(invalid(
            problem,
            "whoever issues it must renew it; if it is new, set this machine's clock",
        ));
    }
    if let Some(begin) = seconds("nbf").or_else(|| seconds("iat"))
        && begin > now + TOLERANCE_SECS
    {
        let problem = format!(
            "the subject token begins in {} s only by this machine's clock",
            begin - now
        );
        return Err(invalid(problem, "set this machine's clock, best by NTP"));
    }
    Ok(Secret::new(token.to_owned()))
}

/// What the middle part says. Header and signature only have to be there.
fn claims(token: &str) -> Result<Value, Error> {
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(not_a_jwt("is not a JWT: it is not three parts joined by dots"));
    };
    let object = |part: &str, name: &str| {
        Base64UrlUnpadded::decode_vec(part)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .filter(Value::is_object)
            .ok_or_else(|| not_a_jwt(&format!("is not a JWT: its {name} cannot be decoded")))
    };
    object(header, "header")?;
    if signature.is_empty() || Base64UrlUnpadded::decode_vec(signature).is_err() {
        return Err(not_a_jwt("is not a JWT: it has no signature that can be decoded"));
    }
    object(claims, "claims part")
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
