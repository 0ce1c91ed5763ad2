//! An IAM token and its two ends.

use crate::secret::Secret;
use crate::timestamp::UnixTime;

/// An IAM token: what goes after `Bearer` in the `Authorization` header of a call to Yandex Cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// The token itself.
    pub value: Secret,
    /// When it ends, by the service's clock.
    pub expires_at: UnixTime,
    /// When it was received, by the service's clock as far as it is known.
    pub issued_at: UnixTime,
}

impl AccessToken {
    /// The value of the `Authorization` header.
    #[must_use]
    pub fn authorization(&self) -> Secret {
        Secret::new(format!("Bearer {}", self.value.expose()))
    }
}
