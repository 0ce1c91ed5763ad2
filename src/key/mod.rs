//! The service-account key file: parsed and checked once, then only used.
//!
//! Format: <https://yandex.cloud/en/docs/iam/concepts/authorization/key>.

pub(crate) mod json;
mod numbers;
pub(crate) mod path;
mod pem;
mod public;
mod text;

use std::fmt;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorCode};
use crate::redact;

/// Longer IDs are cut where they are shown.
const MAX_SHOWN_ID: usize = 60;

/// An authorized key of a service account, as `yc iam key create` writes it to a file.
#[derive(Clone)]
pub struct ServiceAccountKey {
    id: String,
    service_account_id: String,
    created_at: Option<String>,
    modulus_bits: u32,
    /// RFC 8017 `RSAPrivateKey`, DER; none if it is kept elsewhere.
    pkcs1: Option<Zeroizing<Vec<u8>>>,
}

/// Whether this is the content of a key file, or at least meant to be, and not the path of one.
pub(crate) fn looks_like_content(text: &str) -> bool {
    text::normalize(text.as_bytes()).is_ok()
}

/// What a bare PEM private key tells: the key ID in the line before the block, and the modulus in bits.
///
/// # Errors
/// As for the `private_key` of a key file.
pub(crate) fn inspect_pem(text: &str) -> Result<(Option<String>, u32), Error> {
    let private_key = pem::decode(text)?;
    let bits = numbers::check(&private_key.pkcs1)?;
    Ok((private_key.banner_id, bits))
}

impl ServiceAccountKey {
    /// Reads the content of a key file: JSON as the service writes it, or the base64 of that.
    ///
    /// # Errors
    /// An [`Error`] with [`Fault::Key`](crate::Fault::Key) that says what was given and what to do.
    pub fn from_json(content: impl AsRef<[u8]>) -> Result<Self, Error> {
        let content = text::normalize(content.as_ref())?;
        let fields = json::read(&content)?;
        let private_key = pem::decode(&fields.private_key)?;
        if let Some(banner_id) = &private_key.banner_id
            && *banner_id != fields.id
        {
            return Err(Error::new(
                ErrorCode::KeyIdMismatch,
                format!(
                    "`id` is `{}`, but the private key's first line names the key `{}`",
                    redact::quote(&fields.id, MAX_SHOWN_ID),
                    redact::quote(banner_id, MAX_SHOWN_ID)
                ),
            )
            .with_hint("the file was put together from two keys: download or create the key again"));
        }
        let modulus_bits = numbers::check(&private_key.pkcs1)?;
        Ok(Self {
            id: fields.id,
            service_account_id: fields.service_account_id,
            created_at: fields.created_at,
            modulus_bits,
            pkcs1: Some(private_key.pkcs1),
        })
    }

    /// A key whose private half is elsewhere, in a KMS or in another store that signs and gives nothing away: `id`,
    /// `service_account_id` and `public_key` (PEM) of the key file. Signatures come from [`Signing::Outside`].
    ///
    /// # Errors
    /// [`ErrorCode::InvalidField`] for an impossible ID or public key, [`ErrorCode::UnsupportedKeySize`] for one with
    /// less than 2048 or more than 4096 bits.
    ///
    /// [`Signing::Outside`]: crate::Signing::Outside
    pub fn external(id: &str, service_account_id: &str, public_key: &str) -> Result<Self, Error> {
        Ok(Self {
            id: json::identifier("id", id.trim().to_owned())?,
            service_account_id: json::identifier("service_account_id", service_account_id.trim().to_owned())?,
            created_at: None,
            modulus_bits: public::modulus_bits(public_key)?,
            pkcs1: None,
        })
    }

    /// The key's ID: the JWT's `kid`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The ID of the service account (or user account) that the key belongs to: the JWT's `iss`.
    #[must_use]
    pub fn service_account_id(&self) -> &str {
        &self.service_account_id
    }

    /// When the key was created, RFC 3339, if the file says so.
    #[must_use]
    pub fn created_at(&self) -> Option<&str> {
        self.created_at.as_deref()
    }

    /// The length of the RSA modulus: 2048 to 4096.
    #[must_use]
    pub fn modulus_bits(&self) -> u32 {
        self.modulus_bits
    }

    /// The length of a signature in bytes.
    pub(crate) fn signature_len(&self) -> usize {
        self.modulus_bits.div_ceil(8) as usize
    }

    /// Whether the private key is here, and not elsewhere.
    #[must_use]
    pub fn has_private_key(&self) -> bool {
        self.pkcs1.is_some()
    }

    /// The private key as PKCS#1 (RFC 8017) DER.
    ///
    /// # Errors
    /// [`ErrorCode::SigningFailed`] if it is elsewhere.
    pub(crate) fn pkcs1(&self) -> Result<&[u8], Error> {
        let pkcs1 = self.pkcs1.as_ref().ok_or_else(|| {
            Error::new(ErrorCode::SigningFailed, "the private key is not here to sign with")
                .with_hint("pass the signer that keeps it")
        })?;
        Ok(pkcs1)
    }

    /// The private key as PKCS#8 (RFC 5958) DER, for a platform's own cryptography. Wipe it after use.
    ///
    /// # Errors
    /// [`ErrorCode::SigningFailed`] if the private key is elsewhere; [`ErrorCode::InvalidPrivateKey`] if it cannot be
    /// encoded, which was not seen in practice.
    pub fn expose_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        pem::to_pkcs8(self.pkcs1()?)
    }
}

impl fmt::Debug for ServiceAccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceAccountKey")
            .field("id", &self.id)
            .field("service_account_id", &self.service_account_id)
            .field("private_key", &"[redacted]")
            .finish()
    }
}
