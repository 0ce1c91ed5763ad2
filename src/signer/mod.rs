//! PS256 (RFC 7518, section 3.5): RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes.

#[cfg(feature = "aws-lc")]
mod aws_lc;
#[cfg(any(feature = "aws-lc", feature = "rust-crypto"))]
mod default;
#[cfg(feature = "rust-crypto")]
mod rust_crypto;

#[cfg(feature = "aws-lc")]
pub use aws_lc::AwsLcSigner;
#[cfg(any(feature = "aws-lc", feature = "rust-crypto"))]
pub use default::DefaultSigner;
#[cfg(feature = "rust-crypto")]
pub use rust_crypto::RustCryptoSigner;

use crate::error::Error;

/// Signs with one RSA key that it took and prepared when it was made.
pub trait Ps256Signer: Send + Sync {
    /// The signature of these bytes, as long as the key's modulus.
    ///
    /// # Errors
    /// [`ErrorCode::SigningFailed`](crate::ErrorCode::SigningFailed), for instance when the system has no entropy.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error>;
}
