//! A JWT's header and claims, decoded and not verified: enough to say what is wrong, never enough to trust anybody.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;

/// The two parts of a compact JWS (RFC 7515) that can be read; each is an object, or null where it is damaged.
pub(crate) struct Unverified {
    pub(crate) header: Value,
    pub(crate) claims: Value,
}

impl Unverified {
    /// A claim that is a NumericDate (RFC 7519, section 2), in whole seconds.
    pub(crate) fn seconds(&self, name: &str) -> Option<i64> {
        self.claims.get(name).and_then(Value::as_f64).map(|secs| secs as i64)
    }
}

/// What the first two parts say. A signature only has to be there.
///
/// # Errors
/// A sentence about "it", if this is no JWT.
pub(crate) fn decode(token: &str) -> Result<Unverified, &'static str> {
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err("it is not three parts joined by dots");
    };
    let header = object(header).ok_or("its header cannot be decoded")?;
    if signature.is_empty() || Base64UrlUnpadded::decode_vec(signature).is_err() {
        return Err("it has no signature that can be decoded");
    }
    let claims = object(claims).ok_or("its claims part cannot be decoded")?;
    Ok(Unverified { header, claims })
}

/// What can still be read of something that [`decode`] refuses.
pub(crate) fn salvage(token: &str) -> Unverified {
    let mut parts = token.split('.').map(|part| object(part).unwrap_or_default());
    let (header, claims) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    Unverified { header, claims }
}

/// One part's JSON object.
pub(crate) fn object(part: &str) -> Option<Value> {
    let bytes = Base64UrlUnpadded::decode_vec(part).ok()?;
    serde_json::from_slice(&bytes).ok().filter(Value::is_object)
}
