//! What the emulator needs of cryptography: AWS-LC where its feature is on, so that a program links one library for it
//! and not two; else the `rsa` and `p256` crates.

mod rsa_key;

#[cfg(feature = "aws-lc")]
mod aws_lc;
#[cfg(not(feature = "aws-lc"))]
mod rust_crypto;

#[cfg(feature = "aws-lc")]
use aws_lc as library;
#[cfg(not(feature = "aws-lc"))]
use rust_crypto as library;

pub(super) use library::{P256Signer, RsaSigner, generate_p256, generate_rsa, sha256};
pub(super) use rsa_key::RsaPublicKey;

/// The bytes of an ES256 public key: a point, SEC 1 uncompressed.
const POINT_LEN: usize = 65;
const UNCOMPRESSED: u8 = 4;

/// A signature algorithm with the key to verify with.
pub(super) enum Verifier {
    Ps256(RsaPublicKey),
    Rs256(RsaPublicKey),
    Es256(Vec<u8>),
}

impl Verifier {
    /// Verifies ES256 by this point, SEC 1 uncompressed.
    pub(super) fn es256(point: &[u8]) -> Option<Self> {
        (point.len() == POINT_LEN && point.first() == Some(&UNCOMPRESSED)).then(|| Self::Es256(point.to_vec()))
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ps256(key) => library::verifies_ps256(key, message, signature),
            Self::Rs256(key) => library::verifies_rs256(key, message, signature),
            Self::Es256(point) => library::verifies_es256(point, message, signature),
        }
        .is_some()
    }
}

/// Whether this is RSASSA-PSS as in PS256, but for the length of its salt.
pub(super) fn has_another_salt_length(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
    library::verifies_with_another_salt_length(key, message, signature).is_some()
}
