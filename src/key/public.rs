//! The public half of a key whose private half is elsewhere.

use rsa::pkcs1::RsaPublicKeyRef;
use rsa::pkcs8::der::Decode;
use rsa::pkcs8::der::pem::PemLabel;
use rsa::pkcs8::spki::SubjectPublicKeyInfoRef;

use super::numbers;
use super::pem;
use crate::error::{Error, ErrorCode};

/// Checks a public key, PEM, and gives the length of its modulus in bits.
pub(super) fn modulus_bits(public_key: &str) -> Result<u32, Error> {
    let der = pem::decode_public(public_key).ok_or_else(unreadable)?;
    let bits = match der.label {
        RsaPublicKeyRef::PEM_LABEL => numbers::modulus_bits(&der.bytes),
        _ => SubjectPublicKeyInfoRef::from_der(&der.bytes)
            .ok()
            .filter(|info| info.algorithm.oid == pem::RSA_ENCRYPTION)
            .and_then(|info| numbers::modulus_bits(info.subject_public_key.as_bytes()?)),
    };
    numbers::check_bits(bits.ok_or_else(unreadable)?)
}

fn unreadable() -> Error {
    Error::new(
        ErrorCode::InvalidField,
        "`public_key` is not the PEM of an RSA public key",
    )
    .with_hint("pass the key file's `public_key`: the block from `-----BEGIN PUBLIC KEY-----` to its end")
}
