//! The signer that is used where none is chosen: there is one as soon as a feature brings one.

#[cfg(feature = "aws-lc")]
use super::AwsLcSigner;
#[cfg(not(feature = "aws-lc"))]
use super::RustCryptoSigner;
use crate::error::Error;
use crate::key::ServiceAccountKey;

/// The signer that [`ServiceAccountKey::signer`] makes: AWS-LC where its feature is on.
#[cfg(feature = "aws-lc")]
pub type DefaultSigner = AwsLcSigner;
/// The signer that [`ServiceAccountKey::signer`] makes: pure Rust.
#[cfg(not(feature = "aws-lc"))]
pub type DefaultSigner = RustCryptoSigner;

impl ServiceAccountKey {
    /// Prepares this key for signing. Keep the signer: this is the costly half of a signature.
    ///
    /// # Errors
    /// [`ErrorCode::InconsistentKey`](crate::ErrorCode::InconsistentKey) if the signer refuses the key.
    pub fn signer(&self) -> Result<DefaultSigner, Error> {
        DefaultSigner::new(self)
    }
}
