//! Why a signature does not verify, where that can be told: the mistakes that users make.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::crypto::{self, Verifier};
use super::registry::RegisteredKey;

/// What is wrong with the signature of this JWT, which was already found bad.
pub(super) fn why(jwt: &str, key: &RegisteredKey) -> &'static str {
    const UNKNOWN: &str = "another key made it, or header or claims were changed afterwards";
    let Some((message, signature)) = jwt.rsplit_once('.') else {
        return UNKNOWN;
    };
    let Ok(signature) = Base64UrlUnpadded::decode_vec(signature) else {
        return UNKNOWN;
    };
    if signature.len() != key.public.modulus().len() {
        return "it is not as long as the key's modulus; is it raw bytes in base64url, encoded once?";
    }
    let message = message.as_bytes();
    if crypto::has_another_salt_length(&key.public, message, &signature) {
        return "its salt has another length than the 32 bytes of PS256";
    }
    if Verifier::Rs256(key.public.clone()).verifies(message, &signature) {
        return "it is RSASSA-PKCS1-v1_5 (RS256), not RSASSA-PSS (PS256)";
    }
    UNKNOWN
}
