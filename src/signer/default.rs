//! The signer that is used where none is chosen: there is one as soon as a feature brings one.

#[cfg(feature = "aws-lc")]
use super::AwsLcSigner;
#[cfg(not(feature = "aws-lc"))]
use super::RustCryptoSigner;
use crate::error::Error;
use crate::key::ServiceAccountKey;
use crate::source::{ServiceAccountSource, Signing};

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

impl ServiceAccountSource {
    /// A source that signs in this process.
    ///
    /// # Errors
    /// [`ErrorCode::InconsistentKey`](crate::ErrorCode::InconsistentKey) if the signer refuses the key.
    pub fn new(key: ServiceAccountKey) -> Result<Self, Error> {
        let signer = key.signer()?;
        Ok(Self::with_signing(key, Signing::Inside(Box::new(signer))))
    }
}
