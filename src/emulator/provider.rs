//! The cryptography that `jsonwebtoken` judges with: PS256 and RS256 by the `rsa` crate, ES256 by `p256`, nothing else.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result, new_error};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use rsa::pss::{Signature, VerifyingKey};
use rsa::sha2::Sha256;
use rsa::signature::Verifier as _;

use super::registry;

/// RFC 7518, section 3.5: the salt is as long as the hash.
const SALT_LEN: usize = 32;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory,
    verifier_factory,
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |_| Err(unsupported()),
        rsa_pub_components_from_public_key: |_| Err(unsupported()),
        ec_pub_components_from_private_key: |_, _| Err(unsupported()),
        ed_pub_components_from_private_key: |_, _| Err(unsupported()),
        compute_digest: |_, _| Err(unsupported()),
    },
};

/// Makes this the process's provider, unless there is one.
pub(super) fn install() {
    // An error says that there is one already: this one, or the program's own, which serves as well.
    let _ = PROVIDER.install_default();
}

fn unsupported() -> jsonwebtoken::errors::Error {
    new_error(ErrorKind::Provider(
        "the emulator's provider verifies PS256, RS256 and ES256 and does nothing else".to_owned(),
    ))
}

fn signer_factory(_: &Algorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    Err(unsupported())
}

fn verifier_factory(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    match (algorithm, key.kind()) {
        (Algorithm::PS256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            let key = registry::public_key(n, e).ok_or_else(|| new_error(ErrorKind::InvalidKeyFormat))?;
            Ok(Box::new(Ps256Verifier(VerifyingKey::new_with_salt_len(key, SALT_LEN))))
        }
        (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            let key = registry::public_key(n, e).ok_or_else(|| new_error(ErrorKind::InvalidKeyFormat))?;
            Ok(Box::new(Rs256Verifier(rsa::pkcs1v15::VerifyingKey::new(key))))
        }
        (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point);
            Ok(Box::new(Es256Verifier(
                key.map_err(|_| new_error(ErrorKind::InvalidEcdsaKey))?,
            )))
        }
        _ => Err(unsupported()),
    }
}

struct Rs256Verifier(rsa::pkcs1v15::VerifyingKey<Sha256>);

impl signature::Verifier<Vec<u8>> for Rs256Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        let signature = rsa::pkcs1v15::Signature::try_from(signature.as_slice());
        let signature = signature.map_err(|_| signature::Error::new())?;
        self.0.verify(message, &signature).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Rs256Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}

struct Es256Verifier(p256::ecdsa::VerifyingKey);

impl signature::Verifier<Vec<u8>> for Es256Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        let signature = p256::ecdsa::Signature::from_slice(signature).map_err(|_| signature::Error::new())?;
        self.0.verify(message, &signature).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Es256Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

struct Ps256Verifier(VerifyingKey<Sha256>);

impl signature::Verifier<Vec<u8>> for Ps256Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        let signature = Signature::try_from(signature.as_slice()).map_err(|_| signature::Error::new())?;
        self.0.verify(message, &signature).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Ps256Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::PS256
    }
}
