//! The cryptography that `jsonwebtoken` judges with: PS256, RS256 and ES256, nothing else.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result, new_error};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};

use super::crypto::{RsaPublicKey, Verifier};

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
    let verifier = match (algorithm, key.kind()) {
        (Algorithm::PS256, DecodingKeyKind::RsaModulusExponent { n, e }) => Verifier::Ps256(rsa_key(n, e)?),
        (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e }) => Verifier::Rs256(rsa_key(n, e)?),
        (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) => {
            Verifier::es256(point).ok_or_else(|| new_error(ErrorKind::InvalidEcdsaKey))?
        }
        _ => return Err(unsupported()),
    };
    Ok(Box::new(Judge {
        algorithm: *algorithm,
        verifier,
    }))
}

fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Result<RsaPublicKey> {
    RsaPublicKey::new(modulus, exponent).ok_or_else(|| new_error(ErrorKind::InvalidKeyFormat))
}

struct Judge {
    algorithm: Algorithm,
    verifier: Verifier,
}

impl signature::Verifier<Vec<u8>> for Judge {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        if self.verifier.verifies(message, signature) {
            Ok(())
        } else {
            Err(signature::Error::new())
        }
    }
}

impl JwtVerifier for Judge {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
