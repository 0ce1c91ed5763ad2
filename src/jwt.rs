//! From a key and a time to a compact JWS (RFC 7515, RFC 7519), in two steps, so that the signature can come from outside.
//!
//! Header and claims as the service documents them:
//! <https://yandex.cloud/en/docs/iam/operations/iam-token/create-for-sa>.

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::error::{Error, ErrorCode};
use crate::json;
use crate::key::ServiceAccountKey;
use crate::secret::Secret;
use crate::signer::Ps256Signer;
use crate::timestamp::{UnixTime, show_secs};

/// How long a JWT is good for: a whole number of seconds from 1 to 3600.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lifetime(u16);

impl Lifetime {
    /// The longest lifetime that the service takes: an hour.
    pub const MAX: Self = Self(3600);

    /// A lifetime in seconds.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidLifetime`] unless it is a whole number from 1 to 3600.
    pub fn from_secs(secs: f64) -> Result<Self, Error> {
        if (1.0..=f64::from(Self::MAX.0)).contains(&secs) && secs.fract() == 0.0 {
            return Ok(Self(secs as u16));
        }
        let max = Self::MAX.0;
        Err(Error::new(
            ErrorCode::InvalidLifetime,
            format!("a JWT cannot live for `{}` seconds", show_secs(secs)),
        )
        .with_hint(format!("pass a whole number of seconds from 1 to {max}")))
    }

    /// The lifetime in seconds.
    #[must_use]
    pub fn as_secs(self) -> i64 {
        i64::from(self.0)
    }
}

/// What goes into a JWT besides the key's own IDs.
#[derive(Clone, Debug)]
pub struct JwtOptions<'a> {
    /// The current time: the claim `iat`.
    pub now: UnixTime,
    /// `exp` − `iat`.
    pub lifetime: Lifetime,
    /// The claim `aud`: the URL that the JWT will be sent to.
    pub audience: &'a str,
}

/// The header and the claims, base64url-encoded and joined by a dot: what is signed (RFC 7515, section 5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningInput {
    text: String,
    signature_len: usize,
}

impl SigningInput {
    /// Writes header and claims; the order of the fields is fixed.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidAudience`] if the audience is empty.
    pub fn new(key: &ServiceAccountKey, options: &JwtOptions<'_>) -> Result<Self, Error> {
        if options.audience.is_empty() {
            return Err(Error::new(ErrorCode::InvalidAudience, "the JWT's audience is empty")
                .with_hint("leave it out to use the service's own"));
        }
        let issued_at = options.now.as_secs();
        let header = json::object(&[
            ("typ", json::string("JWT")),
            ("alg", json::string("PS256")),
            ("kid", json::string(key.id())),
        ]);
        let claims = json::object(&[
            ("iss", json::string(key.service_account_id())),
            ("aud", json::string(options.audience)),
            ("iat", issued_at.to_string()),
            ("exp", (issued_at + options.lifetime.as_secs()).to_string()),
        ]);
        let mut text = Base64UrlUnpadded::encode_string(header.as_bytes());
        text.push('.');
        text.push_str(&Base64UrlUnpadded::encode_string(claims.as_bytes()));
        Ok(Self {
            text,
            signature_len: key.signature_len(),
        })
    }

    /// The text whose UTF-8 bytes are signed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The compact JWS: the signing input and its signature.
    ///
    /// # Errors
    /// [`ErrorCode::SigningFailed`] if the signature is not as long as the key's modulus.
    pub fn assemble(&self, signature: &[u8]) -> Result<Secret, Error> {
        if signature.len() != self.signature_len {
            let (given, expected) = (signature.len(), self.signature_len);
            return Err(Error::new(
                ErrorCode::SigningFailed,
                format!("the signature has {given} bytes, but this key's signatures have {expected}"),
            )
            .with_hint("sign with this very key: RSASSA-PSS, SHA-256, a salt of 32 bytes, raw bytes and not base64"));
        }
        let mut jwt = String::with_capacity(self.text.len() + 1 + signature.len() * 4 / 3 + 4);
        jwt.push_str(&self.text);
        jwt.push('.');
        jwt.push_str(&Base64UrlUnpadded::encode_string(signature));
        Ok(Secret::new(jwt))
    }
}

/// Builds and signs a JWT in one go.
///
/// # Errors
/// Those of [`SigningInput::new`] and [`Ps256Signer::sign`].
pub fn sign_jwt(key: &ServiceAccountKey, signer: &dyn Ps256Signer, options: &JwtOptions<'_>) -> Result<Secret, Error> {
    let input = SigningInput::new(key, options)?;
    input.assemble(&signer.sign(input.as_str().as_bytes())?)
}
