//! The emulator's cryptography by AWS-LC.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_SHA256, RSA_PSS_2048_8192_SHA256, RsaKeyPair, RsaParameters, RsaPssSaltLength, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use zeroize::Zeroizing;

use super::RsaPublicKey;

/// Those that libraries come with: none, SHA-1's, SHA-384's and SHA-512's, and as long as fits. AWS-LC does not find the
/// length by itself.
const OTHER_SALT_LENGTHS: [RsaPssSaltLength; 5] = [
    RsaPssSaltLength::Max,
    RsaPssSaltLength::Custom(20),
    RsaPssSaltLength::Custom(0),
    RsaPssSaltLength::Custom(48),
    RsaPssSaltLength::Custom(64),
];

/// The salt is as long as the hash, unless it is told otherwise.
pub(super) fn verifies_ps256(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> Option<()> {
    verifies_rsa(&RSA_PSS_2048_8192_SHA256, key, message, signature)
}

pub(super) fn verifies_with_another_salt_length(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> Option<()> {
    OTHER_SALT_LENGTHS.into_iter().find_map(|length| {
        let algorithm = RSA_PSS_2048_8192_SHA256.with_pss_salt_length(length);
        verifies_rsa(&algorithm, key, message, signature)
    })
}

pub(super) fn verifies_rs256(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> Option<()> {
    verifies_rsa(&RSA_PKCS1_2048_8192_SHA256, key, message, signature)
}

fn verifies_rsa(algorithm: &RsaParameters, key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> Option<()> {
    let numbers = RsaPublicKeyComponents {
        n: key.modulus(),
        e: key.exponent(),
    };
    numbers.verify(algorithm, message, signature).ok()
}

pub(super) fn verifies_es256(point: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
    key.verify(message, signature).ok()
}

/// Signs with RS256.
pub(in crate::emulator) struct RsaSigner(RsaKeyPair);

impl RsaSigner {
    pub(in crate::emulator) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        RsaKeyPair::from_pkcs8(der).ok().map(Self)
    }

    pub(in crate::emulator) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .ok()?;
        Some(signature)
    }
}

/// Signs with ES256.
pub(in crate::emulator) struct P256Signer(EcdsaKeyPair);

impl P256Signer {
    pub(in crate::emulator) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der)
            .ok()
            .map(Self)
    }

    /// The public key: a point, SEC 1 uncompressed.
    pub(in crate::emulator) fn point(&self) -> Vec<u8> {
        self.0.public_key().as_ref().to_vec()
    }

    pub(in crate::emulator) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let signature = self.0.sign(&SystemRandom::new(), message).ok()?;
        Some(signature.as_ref().to_vec())
    }
}

/// An RSA private key as PKCS#8, DER.
pub(in crate::emulator) fn generate_rsa(bits: usize) -> Option<Zeroizing<Vec<u8>>> {
    let size = match bits {
        2048 => KeySize::Rsa2048,
        3072 => KeySize::Rsa3072,
        4096 => KeySize::Rsa4096,
        _ => return None,
    };
    let der: Pkcs8V1Der<'_> = RsaKeyPair::generate(size).ok()?.as_der().ok()?;
    Some(Zeroizing::new(der.as_ref().to_vec()))
}

/// A P-256 private key as PKCS#8, DER.
pub(in crate::emulator) fn generate_p256() -> Option<Zeroizing<Vec<u8>>> {
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).ok()?;
    Some(Zeroizing::new(der.as_ref().to_vec()))
}

pub(in crate::emulator) fn sha256(data: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, data).as_ref());
    hash
}
