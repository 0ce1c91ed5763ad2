//! Why a signature does not verify, where that can be told: the mistakes that users make.

use base64ct::{Base64UrlUnpadded, Encoding};
use rsa::sha2::Sha256;
use rsa::signature::Verifier;
use rsa::traits::PublicKeyParts;
use rsa::{pkcs1v15, pss};

use super::registry::RegisteredKey;

/// What is wrong with the signature of this JWT, which was already found bad.
pub(super) fn why(jwt: &str, key: &RegisteredKey) -> &'static str {
    const UNKNOWN: &str = "another key made it, or header or claims were changed afterwards";
    let Some((message, signature)) = jwt.rsplit_once('.') else {
        return UNKNOWN;
    };
    let (Ok(signature), Some(public)) = (Base64UrlUnpadded::decode_vec(signature), key.public_key()) else {
        return UNKNOWN;
    };
    if signature.len() != public.size() {
        return "it is not as long as the key's modulus; is it raw bytes in base64url, encoded once?";
    }
    let message = message.as_bytes();
    let any_salt = pss::VerifyingKey::<Sha256>::new_with_auto_salt_len(public.clone());
    if pss::Signature::try_from(signature.as_slice()).is_ok_and(|s| any_salt.verify(message, &s).is_ok()) {
        return "its salt has another length than the 32 bytes of PS256";
    }
    let pkcs1 = pkcs1v15::VerifyingKey::<Sha256>::new(public);
    if pkcs1v15::Signature::try_from(signature.as_slice()).is_ok_and(|s| pkcs1.verify(message, &s).is_ok()) {
        return "it is RSASSA-PKCS1-v1_5 (RS256), not RSASSA-PSS (PS256)";
    }
    UNKNOWN
}
