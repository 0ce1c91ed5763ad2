//! The tokens that were issued and have not ended.

use std::collections::BTreeMap;
use std::fmt;

use super::status::{Code, Refusal};
use crate::secret::Secret;
use crate::timestamp::UnixTime;

/// The service's words for a bearer that it does not accept.
const INVALID: &str = "The token is invalid";

#[derive(Default)]
pub(super) struct Tokens {
    issued: BTreeMap<String, Issued>,
    /// With so many, those that ended long ago are looked for: once for each doubling, not once for each token.
    full_at: usize,
}

struct Issued {
    subject: String,
    expires_at: UnixTime,
}

impl Tokens {
    pub(super) fn add(&mut self, token: &Secret, subject: &str, now: UnixTime, expires_at: UnixTime) {
        // An ended token is still told from an unknown one for as long as a test could ask.
        const KEPT_MILLIS: i64 = 86_400_000;
        const MIN_FULL: usize = 64;
        if self.issued.len() >= self.full_at {
            self.issued
                .retain(|_, issued| now < issued.expires_at.plus_millis(KEPT_MILLIS));
            self.full_at = self.issued.len().saturating_mul(2).max(MIN_FULL);
        }
        self.issued.insert(
            token.expose().to_owned(),
            Issued {
                subject: subject.to_owned(),
                expires_at,
            },
        );
    }

    pub(super) fn revoke(&mut self, token: &str) -> bool {
        self.issued.remove(token).is_some()
    }

    /// Revokes a token and says whose it was.
    pub(super) fn take(&mut self, token: &str) -> Option<String> {
        self.issued.remove(token).map(|issued| issued.subject)
    }

    pub(super) fn revoke_all(&mut self) {
        self.issued.clear();
    }

    /// Whose token this `Authorization` header holds.
    pub(super) fn subject(&self, authorization: Option<&str>, now: UnixTime) -> Result<&str, Refusal> {
        let authorization = authorization.ok_or_else(|| {
            Refusal::unauthenticated("the request has no `authorization` header, but this needs a bearer token")
        })?;
        let token = bearer(authorization).ok_or_else(|| {
            Refusal::unauthenticated("the `authorization` header is not `Bearer`, a space and a token")
        })?;
        let invalid = |reason: String| Refusal::in_the_services_words(Code::Unauthenticated, INVALID).because(reason);
        let issued = self
            .issued
            .get(token)
            .ok_or_else(|| invalid("it was not issued here, or it was revoked".to_owned()))?;
        if now >= issued.expires_at {
            return Err(invalid(format!(
                "it ended {} s ago",
                now.millis_since(issued.expires_at) / 1000
            )));
        }
        Ok(&issued.subject)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokens([{} redacted])", self.issued.len())
    }
}

/// The token in the value of an `Authorization` header (RFC 6750, section 2.1).
pub(super) fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
