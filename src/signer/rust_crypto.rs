//! The pure-Rust signer: runs wherever Rust does, wasm included.

use std::fmt;

use getrandom::SysRng;
use rsa::RsaPrivateKey;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::pss::SigningKey;
use rsa::rand_core::TryCryptoRng;
use rsa::sha2::Sha256;
use rsa::signature::{RandomizedSigner, SignatureEncoding};

use super::Ps256Signer;
use crate::error::{Error, ErrorCode};
use crate::key::ServiceAccountKey;

/// Signs with the `rsa` crate: constant-time arithmetic, blinded, salt and blinding from the system's entropy.
pub struct RustCryptoSigner(SigningKey<Sha256>);

impl RustCryptoSigner {
    /// Prepares a key: the values that each signature needs are computed here, once.
    ///
    /// # Errors
    /// [`ErrorCode::InconsistentKey`] if the `rsa` crate refuses the key.
    pub fn new(key: &ServiceAccountKey) -> Result<Self, Error> {
        RsaPrivateKey::from_pkcs1_der(key.pkcs1()?)
            .map(Self::with_key)
            .map_err(|_| refused())
    }

    /// Prepares a key that [`ServiceAccountKey::expose_pkcs8`] gave: for a signer that lives apart from the session.
    ///
    /// # Errors
    /// [`ErrorCode::InconsistentKey`] if this is no RSA private key, or the `rsa` crate refuses it.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, Error> {
        RsaPrivateKey::from_pkcs8_der(der)
            .map(Self::with_key)
            .map_err(|_| refused())
    }

    fn with_key(key: RsaPrivateKey) -> Self {
        Self(SigningKey::new(key))
    }

    /// The signature, with salt and blinding from this source; with a fixed one, the signature is fixed too.
    ///
    /// # Errors
    /// [`ErrorCode::SigningFailed`] if the source gives no entropy.
    pub fn sign_with_rng<R: TryCryptoRng + ?Sized>(&self, rng: &mut R, message: &[u8]) -> Result<Vec<u8>, Error> {
        match self.0.try_sign_with_rng(rng, message) {
            Ok(signature) => Ok(signature.to_vec()),
            Err(_) => Err(
                Error::new(ErrorCode::SigningFailed, "the PS256 signature could not be made")
                    .with_hint("check that the system's source of random numbers works"),
            ),
        }
    }
}

fn refused() -> Error {
    Error::new(ErrorCode::InconsistentKey, "the RSA private key cannot be used")
        .with_hint("the file is damaged: download or create the key again")
}

impl Ps256Signer for RustCryptoSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.sign_with_rng(&mut SysRng, message)
    }
}

impl fmt::Debug for RustCryptoSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RustCryptoSigner([redacted])")
    }
}
