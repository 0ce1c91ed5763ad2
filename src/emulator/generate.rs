//! Fresh RSA keys, for registries that have none.

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

#[cfg(feature = "aws-lc")]
fn generate(bits: usize) -> Option<Secret> {
    use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    use rsa::pkcs8::{LineEnding, SecretDocument};

    let size = match bits {
        2048 => KeySize::Rsa2048,
        3072 => KeySize::Rsa3072,
        _ => KeySize::Rsa4096,
    };
    let der: Pkcs8V1Der<'_> = KeyPair::generate(size).ok()?.as_der().ok()?;
    let pem = SecretDocument::try_from(der.as_ref())
        .ok()?
        .to_pem("PRIVATE KEY", LineEnding::LF)
        .ok()?;
    Some(Secret::new(String::clone(&pem)))
}

#[cfg(not(feature = "aws-lc"))]
fn generate(bits: usize) -> Option<Secret> {
    use getrandom::SysRng;
    use rsa::pkcs8::{EncodePrivateKey, LineEnding};
    use rsa::rand_core::{TryRng, UnwrapErr};

    // The generator below must not fail: ask once whether there is entropy at all.
    SysRng.try_next_u64().ok()?;
    let key = rsa::RsaPrivateKey::new(&mut UnwrapErr(SysRng), bits).ok()?;
    let pem = key.to_pkcs8_pem(LineEnding::LF).ok()?;
    Some(Secret::new(String::clone(&pem)))
}
