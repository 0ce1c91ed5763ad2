//! Fresh RSA keys, for registries that have none.

use rsa::pkcs8::{LineEnding, SecretDocument};

use super::crypto;
use crate::error::{Error, ErrorCode};
use crate::secret::Secret;

/// Makes an RSA private key of 2048, 3072 or 4096 bits, as a PKCS#8 PEM block.
///
/// With AWS-LC where its feature is on, else with the `rsa` crate and the system's entropy, which takes its time.
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for another size; [`ErrorCode::SigningFailed`] if the system gives no entropy.
pub fn generate_private_key(bits: usize) -> Result<Secret, Error> {
    if ![2048, 3072, 4096].contains(&bits) {
        return Err(Error::new(
            ErrorCode::InvalidArgument,
            format!("the emulator makes no RSA keys of `{bits}` bits"),
        )
        .with_hint("ask for 2048, 3072 or 4096"));
    }
    generate(bits).ok_or_else(|| {
        Error::new(ErrorCode::SigningFailed, "the RSA key could not be made")
            .with_hint("check that the system's source of random numbers works")
    })
}

fn generate(bits: usize) -> Option<Secret> {
    to_pem(&crypto::generate_rsa(bits)?)
}

/// A private key in PKCS#8, DER, as a PEM block.
pub(super) fn to_pem(pkcs8: &[u8]) -> Option<Secret> {
    let document = SecretDocument::try_from(pkcs8).ok()?;
    let pem = document.to_pem("PRIVATE KEY", LineEnding::LF).ok()?;
    Some(Secret::new(String::clone(&pem)))
}
