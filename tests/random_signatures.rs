//! Any key, any claims: every judge there is takes the JWT, and no other one in its place.

#![cfg(feature = "emulator")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use base64ct::{Base64UrlUnpadded, Encoding};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use yc_iam::{ErrorCode, JwtOptions, Lifetime, Ps256Signer, RustCryptoSigner, ServiceAccountKey, UnixTime, sign_jwt};

use common::dice::Dice;
use common::openssl::{openssl, openssl_verifies};

/// How long the keys are, and how many JWTs each of them signs.
const KEYS: &[(&str, u32, u32)] = &[
    ("2048-one", 2048, 8),
    ("2048-two", 2048, 8),
    ("3072", 3072, 4),
    ("4096", 4096, 3),
];

/// A key that OpenSSL made, kept for the next time.
fn generated(name: &str, bits: u32) -> String {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("random-{name}.pem"));
    if !path.exists() {
        // Under another name until it is whole: several test programs may make it at once.
        let part = path.with_extension(format!("{}.part", std::process::id()));
        let length = format!("rsa_keygen_bits:{bits}");
        let out = part.to_str().unwrap();
        let (ok, said) = openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", &length, "-out", out]);
        assert!(ok, "{said}");
        std::fs::rename(&part, &path).unwrap();
    }
    std::fs::read_to_string(path).unwrap()
}

/// An ID of as many characters as IDs may have, of those that they may have.
fn id(dice: &mut Dice) -> String {
    let len = dice.roll(50) + 1;
    (0..len).map(|_| char::from(dice.pick(b"abcXYZ0189-._~+/"))).collect()
}

fn audience(dice: &mut Dice) -> String {
    let one = |dice: &mut Dice| match dice.roll(3) {
        0 => char::from_u32(dice.roll(0x11_0000) as u32).unwrap_or('\u{fffd}'),
        1 => dice.pick(&['"', '\\', '\0', '\n', '/', '\u{7f}', '\u{2028}', '😀', 'Ж']),
        _ => char::from(b' ' + dice.roll(95) as u8),
    };
    (0..=dice.roll(80)).map(|_| one(dice)).collect()
}

fn signers(key: &ServiceAccountKey) -> Vec<(&'static str, Box<dyn Ps256Signer>)> {
    vec![
        ("rsa", Box::new(RustCryptoSigner::new(key).unwrap())),
        #[cfg(feature = "aws-lc")]
        ("aws-lc", Box::new(yc_iam::AwsLcSigner::new(key).unwrap())),
    ]
}

/// What `jsonwebtoken` reads of it, if it takes the signature, the issuer and the audience.
fn judged(jwt: &str, key: &DecodingKey, issuer: &str, audience: &str) -> Option<(Option<String>, Value)> {
    let mut validation = Validation::new(Algorithm::PS256);
    validation.validate_exp = false;
    validation.set_audience(&[audience]);
    validation.set_issuer(&[issuer]);
    let read = jsonwebtoken::decode::<Value>(jwt, key, &validation).ok()?;
    Some((read.header.kid, read.claims))
}

#[cfg(feature = "aws-lc")]
fn aws_lc_verifies(modulus: &[u8], exponent: &[u8], signed: &str, signature: &[u8]) -> bool {
    use aws_lc_rs::signature::{RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents};
    // AWS-LC takes no zeros in front.
    let trimmed = |number: &[u8]| {
        number
            .iter()
            .copied()
            .skip_while(|byte| *byte == 0)
            .collect::<Vec<u8>>()
    };
    let key = RsaPublicKeyComponents {
        n: trimmed(modulus),
        e: trimmed(exponent),
    };
    key.verify(&RSA_PSS_2048_8192_SHA256, signed.as_bytes(), signature)
        .is_ok()
}

#[cfg(not(feature = "aws-lc"))]
fn aws_lc_verifies(_: &[u8], _: &[u8], _: &str, _: &[u8]) -> bool {
    true
}

#[test]
fn every_judge_takes_every_jwt() {
    // Making an emulator installs the provider of `jsonwebtoken`.
    drop(yc_iam::emulator::Emulator::new(Default::default()));
    let mut dice = Dice::new(1);
    for (name, bits, rounds) in KEYS {
        let pem = generated(name, *bits);
        let public = rsa::RsaPrivateKey::from_pkcs8_pem(&pem).unwrap().to_public_key();
        let (modulus, exponent) = (public.n().to_be_bytes(), public.e().to_be_bytes());
        let decoding = DecodingKey::from_rsa_raw_components(&modulus, &exponent);
        for round in 0..*rounds {
            let (key_id, account) = (id(&mut dice), id(&mut dice));
            let file = json!({ "id": key_id, "service_account_id": account, "private_key": pem });
            let key = ServiceAccountKey::from_json(file.to_string()).unwrap();
            assert_eq!(key.modulus_bits(), *bits);
            let audience = audience(&mut dice);
            let (now, lifetime) = (dice.roll(253_402_300_799), dice.roll(3600) + 1);
            let options = JwtOptions {
                now: UnixTime::from_secs(now as i64),
                lifetime: Lifetime::from_secs(lifetime as f64).unwrap(),
                audience: &audience,
            };
            for (signer_name, signer) in signers(&key) {
                let at = format!("{name}, round {round}, {signer_name}, {audience:?}");
                let jwt = sign_jwt(&key, &*signer, &options).unwrap();
                let (signed, signature) = jwt.expose().rsplit_once('.').unwrap();
                let signature = Base64UrlUnpadded::decode_vec(signature).unwrap();
                let (read_id, claims) = judged(jwt.expose(), &decoding, &account, &audience)
                    .unwrap_or_else(|| panic!("jsonwebtoken refuses {at}"));
                let expected = json!({ "iss": account, "aud": audience, "iat": now, "exp": now + lifetime });
                assert_eq!((read_id, claims), (Some(key_id.clone()), expected), "{at}");
                assert!(
                    aws_lc_verifies(&modulus, &exponent, signed, &signature),
                    "AWS-LC refuses {at}"
                );
                let pkcs8 = key.expose_pkcs8().unwrap();
                let stem = format!("random-{name}-{round}-{signer_name}");
                openssl_verifies(&stem, &pkcs8, signed.as_bytes(), &signature).unwrap_or_else(|e| panic!("{at}: {e}"));
                // One bit less, and nobody takes it.
                let mut other = signature;
                let place = dice.roll(other.len() as u64) as usize;
                other[place] ^= 1 << dice.roll(8);
                let forged = format!("{signed}.{}", Base64UrlUnpadded::encode_string(&other));
                assert!(judged(&forged, &decoding, &account, &audience).is_none(), "{at}");
            }
        }
    }
}

/// An ID goes into headers and URLs: what is no ID of the service is refused, and not encoded.
#[test]
fn ids_of_other_characters_are_refused() {
    let pem = common::pem("rsa2048_a");
    for wrong in ["ключ", "a b", "a\u{feff}", "a\n", "\u{202e}a", "é", "a\0", "鍵"] {
        for (id, account) in [(wrong, "account"), ("key", wrong)] {
            let file = json!({ "id": id, "service_account_id": account, "private_key": pem });
            let error = ServiceAccountKey::from_json(file.to_string()).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidField, "{wrong:?}");
        }
    }
}
