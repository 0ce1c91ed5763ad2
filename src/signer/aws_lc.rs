//! The AWS-LC signer: assembly for the common processors, several times as fast as pure Rust.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PSS_SHA256;

use super::Ps256Signer;
use crate::error::{Error, ErrorCode};
use crate::key::ServiceAccountKey;

/// Signs with AWS-LC, which blinds and takes salt and blinding from its own generator.
pub struct AwsLcSigner(KeyPair);

impl AwsLcSigner {
    /// Prepares a key.
    ///
    /// # Errors
    /// [`ErrorCode::InconsistentKey`] if AWS-LC refuses the key.
    pub fn new(key: &ServiceAccountKey) -> Result<Self, Error> {
        KeyPair::from_der(key.pkcs1()?).map(Self).map_err(|_| {
            Error::new(ErrorCode::InconsistentKey, "the RSA private key cannot be used")
                .with_hint("the file is damaged: download or create the key again")
        })
    }
}

impl Ps256Signer for AwsLcSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        match self
            .0
            .sign(&RSA_PSS_SHA256, &SystemRandom::new(), message, &mut signature)
        {
            Ok(()) => Ok(signature),
            Err(_) => Err(
                Error::new(ErrorCode::SigningFailed, "the PS256 signature could not be made")
                    .with_hint("check that the system's source of random numbers works"),
            ),
        }
    }
}

impl fmt::Debug for AwsLcSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwsLcSigner([redacted])")
    }
}
