//! The emulator's cryptography by the `rsa` and `p256` crates, wherever Rust runs.

use getrandom::SysRng;
use p256::ecdsa;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use rsa::rand_core::{TryRng, UnwrapErr};
use rsa::sha2::{Digest, Sha256};
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use rsa::{BoxedUint, RsaPrivateKey, pkcs1v15, pss};
use zeroize::Zeroizing;

use super::RsaPublicKey;

/// RFC 7518, section 3.5: the salt is as long as the hash.
const SALT_LEN: usize = 32;

pub(super) fn verifies_ps256(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> Option<()> {
    let key = pss::VerifyingKey::<Sha256>::new_with_salt_len(public(key)?, SALT_LEN);
    key.verify(message, &signature.try_into().ok()?).ok()
}

pub(super) fn verifies_with_another_salt_length(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> Option<()> {
    let key = pss::VerifyingKey::<Sha256>::new_with_auto_salt_len(public(key)?);
    key.verify(message, &signature.try_into().ok()?).ok()
}

pub(super) fn verifies_rs256(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> Option<()> {
    let key = pkcs1v15::VerifyingKey::<Sha256>::new(public(key)?);
    key.verify(message, &signature.try_into().ok()?).ok()
}

pub(super) fn verifies_es256(point: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key = ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
    let signature = ecdsa::Signature::from_slice(signature).ok()?;
    key.verify(message, &signature).ok()
}

fn public(key: &RsaPublicKey) -> Option<rsa::RsaPublicKey> {
    let [modulus, exponent] = [key.modulus(), key.exponent()].map(BoxedUint::from_be_slice_vartime);
    rsa::RsaPublicKey::new(modulus, exponent).ok()
}

/// Signs with RS256.
pub(in crate::emulator) struct RsaSigner(Box<pkcs1v15::SigningKey<Sha256>>);

impl RsaSigner {
    pub(in crate::emulator) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        let key = RsaPrivateKey::from_pkcs8_der(der).ok()?;
        Some(Self(Box::new(pkcs1v15::SigningKey::new(key))))
    }

    pub(in crate::emulator) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        Some(self.0.try_sign(message).ok()?.to_vec())
    }
}

/// Signs with ES256.
pub(in crate::emulator) struct P256Signer(Box<ecdsa::SigningKey>);

impl P256Signer {
    pub(in crate::emulator) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        let key = ecdsa::SigningKey::from_pkcs8_der(der).ok()?;
        Some(Self(Box::new(key)))
    }

    /// The public key: a point, SEC 1 uncompressed.
    pub(in crate::emulator) fn point(&self) -> Vec<u8> {
        self.0.verifying_key().to_sec1_point(false).as_bytes().to_vec()
    }

    pub(in crate::emulator) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let signature: ecdsa::Signature = self.0.try_sign(message).ok()?;
        Some(signature.to_vec())
    }
}

/// An RSA private key as PKCS#8, DER.
pub(in crate::emulator) fn generate_rsa(bits: usize) -> Option<Zeroizing<Vec<u8>>> {
    // The generator below must not fail: ask once whether there is entropy at all.
    SysRng.try_next_u64().ok()?;
    let key = RsaPrivateKey::new(&mut UnwrapErr(SysRng), bits).ok()?;
    Some(key.to_pkcs8_der().ok()?.to_bytes())
}

/// A P-256 private key as PKCS#8, DER.
pub(in crate::emulator) fn generate_p256() -> Option<Zeroizing<Vec<u8>>> {
    // Out of 2^32 numbers of 256 bits, less than one is no key.
    const TRIES: usize = 4;
    let key = (0..TRIES).find_map(|_| {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut()).ok()?;
        p256::SecretKey::from_slice(bytes.as_slice()).ok()
    })?;
    Some(key.to_pkcs8_der().ok()?.to_bytes())
}

pub(in crate::emulator) fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}
