//! Signatures against code that no one here wrote: OpenSSL, `jsonwebtoken`, Wycheproof, and RFC 8017 in plain integers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use wycheproof::TestResult;
use wycheproof::rsa_pss_verify::{TestName, TestSet};
use yc_iam::{ErrorCode, JwtOptions, Lifetime, Ps256Signer, RustCryptoSigner, SigningInput, UnixTime};

use common::entropy::{Broken, Letters};
use common::openssl::{openssl, openssl_verifies, scratch};
use common::{each, key, key_texts, pem, same, text};

const SIGNED: &[u8] = b"header.claims";

/// Every signer of this build, for one key.
fn signers(name: &str) -> Vec<(&'static str, Box<dyn Ps256Signer>)> {
    let key = key(name);
    vec![
        ("rsa", Box::new(RustCryptoSigner::new(&key).unwrap())),
        #[cfg(feature = "aws-lc")]
        ("aws-lc", Box::new(yc_iam::AwsLcSigner::new(&key).unwrap())),
    ]
}

#[test]
fn openssl_verifies_every_signer_and_key() {
    let mut names: Vec<&String> = key_texts().keys().collect();
    names.sort();
    // Most good key files hold the same key in another wrapping.
    names.dedup_by_key(|name| key(name).expose_pkcs8().unwrap().to_vec());
    for name in names {
        for (signer_name, signer) in signers(name) {
            let signature = signer.sign(SIGNED).unwrap();
            assert_eq!(
                signature.len(),
                key(name).modulus_bits().div_ceil(8) as usize,
                "{name}, {signer_name}"
            );
            let stem = format!("{name}-{signer_name}");
            openssl_verifies(&stem, &key(name).expose_pkcs8().unwrap(), SIGNED, &signature)
                .unwrap_or_else(|e| panic!("{stem}: {e}"));
        }
    }
}

#[test]
fn openssl_refuses_other_messages() {
    for (signer_name, signer) in signers("plain") {
        let signature = signer.sign(SIGNED).unwrap();
        let stem = format!("other-{signer_name}");
        assert!(
            openssl_verifies(
                &stem,
                &key("plain").expose_pkcs8().unwrap(),
                b"header.other",
                &signature
            )
            .is_err()
        );
        assert!(openssl_verifies(&stem, &key("other_key").expose_pkcs8().unwrap(), SIGNED, &signature).is_err());
    }
}

/// The public key that OpenSSL sees in what we hand to a platform's cryptography is the one of the file.
#[test]
fn exposed_pkcs8_is_the_same_key() {
    for (name, file) in [
        ("plain", "rsa2048_a"),
        ("pkcs1", "rsa2048_a"),
        ("rsa3072", "rsa3072"),
        ("rsa4096", "rsa4096"),
    ] {
        let exposed = scratch(&format!("exposed-{name}.der"), &key(name).expose_pkcs8().unwrap());
        let original = scratch(&format!("original-{name}.pem"), pem(file).as_bytes());
        let modulus = |arguments: &[&str]| openssl(&[&["rsa", "-modulus", "-noout"], arguments].concat());
        let (ok, found) = modulus(&["-inform", "DER", "-in", exposed.to_str().unwrap()]);
        assert!(ok, "{name}: {found}");
        assert_eq!(found, modulus(&["-in", original.to_str().unwrap()]).1, "{name}");
    }
}

#[test]
fn signatures_are_salted() {
    for (name, signer) in signers("plain") {
        assert_ne!(signer.sign(SIGNED).unwrap(), signer.sign(SIGNED).unwrap(), "{name}");
    }
}

#[test]
fn known_answers() {
    each("signatures", |case| {
        let message = text(case, "message").as_bytes();
        let key = key(text(case, "key"));
        let signature = RustCryptoSigner::new(&key)
            .unwrap()
            .sign_with_rng(&mut Letters, message)
            .map_err(|e| e.to_string())?;
        let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        same("signature", hex.as_str(), text(case, "signature"))?;
        openssl_verifies(
            &format!("known-{}", text(case, "name")),
            &key.expose_pkcs8().unwrap(),
            message,
            &signature,
        )
    });
}

#[test]
fn no_entropy_is_an_error() {
    let error = RustCryptoSigner::new(&key("plain"))
        .unwrap()
        .sign_with_rng(&mut Broken, SIGNED)
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::SigningFailed);
}

#[test]
fn a_jwt_is_its_input_and_its_signature() {
    let key = key("plain");
    let options = JwtOptions {
        now: UnixTime::from_secs(0),
        lifetime: Lifetime::MAX,
        audience: "a",
    };
    let input = SigningInput::new(&key, &options).unwrap();
    let jwt = input.assemble(&[0xFB; 256]).unwrap();
    let (signed, signature) = jwt.expose().rsplit_once('.').unwrap();
    assert_eq!(signed, input.as_str());
    // 0xFBFBFB is `-_v7` in base64url; 256 bytes are 85 groups and one byte.
    assert_eq!(signature, format!("{}-w", "-_v7".repeat(85)));
    for wrong in [0, 255, 257, 342] {
        assert_eq!(
            input.assemble(&vec![1; wrong]).unwrap_err().code(),
            ErrorCode::SigningFailed
        );
    }
}

/// Verifies as the emulator does: by `jsonwebtoken` with the emulator's provider.
#[cfg(feature = "emulator")]
fn verifies(modulus: &[u8], exponent: &[u8], message: &[u8], signature: &[u8]) -> bool {
    use base64ct::{Base64UrlUnpadded, Encoding};
    // Making an emulator installs the provider.
    drop(yc_iam::emulator::Emulator::new(
        yc_iam::emulator::EmulatorOptions::default(),
    ));
    let key = jsonwebtoken::DecodingKey::from_rsa_raw_components(modulus, exponent);
    let signature = Base64UrlUnpadded::encode_string(signature);
    jsonwebtoken::crypto::verify(&signature, message, &key, jsonwebtoken::Algorithm::PS256).unwrap()
}

/// Without the emulator, by what it verifies with.
#[cfg(not(feature = "emulator"))]
fn verifies(modulus: &[u8], exponent: &[u8], message: &[u8], signature: &[u8]) -> bool {
    use rsa::signature::Verifier;
    let number = crypto_bigint::BoxedUint::from_be_slice_vartime;
    let key = rsa::RsaPublicKey::new(number(modulus), number(exponent)).unwrap();
    let key = rsa::pss::VerifyingKey::<rsa::sha2::Sha256>::new_with_salt_len(key, 32);
    rsa::pss::Signature::try_from(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
}

#[test]
fn wycheproof() {
    let names = [
        TestName::RsaPss2048Sha256Mgf1SaltLen32,
        TestName::RsaPss3072Sha256Mgf1SaltLen32,
        TestName::RsaPss4096Sha256Mgf1SaltLen32,
    ];
    for name in names {
        let mut seen = (0, 0);
        for group in TestSet::load(name).unwrap().test_groups {
            assert_eq!(group.salt_size, 32);
            for test in &group.tests {
                let verified = verifies(&group.key.n, &group.key.e, &test.msg, &test.sig);
                let expected = match test.result {
                    TestResult::Valid => true,
                    TestResult::Invalid => false,
                    TestResult::Acceptable => continue,
                };
                assert_eq!(verified, expected, "{name:?}, test {}: {}", test.tc_id, test.comment);
                if expected { seen.0 += 1 } else { seen.1 += 1 }
            }
        }
        assert!(
            seen.0 > 20 && seen.1 > 40,
            "{name:?} has only {seen:?} valid and invalid tests"
        );
    }
}

/// A whole JWT by every signer, judged by `jsonwebtoken` with its own validation.
#[cfg(feature = "emulator")]
#[test]
fn jsonwebtoken_takes_our_jwts() {
    use rsa::traits::PublicKeyParts;
    drop(yc_iam::emulator::Emulator::new(
        yc_iam::emulator::EmulatorOptions::default(),
    ));
    for name in ["plain", "rsa2056", "rsa3072", "rsa4096", "exponent_3"] {
        let key = key(name);
        let public = {
            use rsa::pkcs8::DecodePrivateKey;
            rsa::RsaPrivateKey::from_pkcs8_der(&key.expose_pkcs8().unwrap())
                .unwrap()
                .to_public_key()
        };
        let modulus = public.n().to_be_bytes();
        let decoding = jsonwebtoken::DecodingKey::from_rsa_raw_components(&modulus, &public.e().to_be_bytes());
        let audience = yc_iam::Endpoints::default().audience();
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap()
            .as_secs() as i64;
        for (signer_name, signer) in signers(name) {
            let options = JwtOptions {
                now: UnixTime::from_secs(now),
                lifetime: Lifetime::MAX,
                audience: &audience,
            };
            let jwt = yc_iam::sign_jwt(&key, &*signer, &options).unwrap();
            let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::PS256);
            validation.set_audience(&[&audience]);
            validation.set_required_spec_claims(&["exp", "aud", "iss"]);
            validation.set_issuer(&[key.service_account_id()]);
            let judged = jsonwebtoken::decode::<serde_json::Value>(jwt.expose(), &decoding, &validation);
            let judged = judged.unwrap_or_else(|error| panic!("{name}, {signer_name}: {error}"));
            assert_eq!(judged.header.kid.as_deref(), Some(key.id()));
            assert_eq!(
                judged.claims["exp"].as_i64().unwrap() - judged.claims["iat"].as_i64().unwrap(),
                3600
            );
            let other = jwt.expose().replace("eyJpc3Mi", "eyJpc3Nj");
            assert!(jsonwebtoken::decode::<serde_json::Value>(&other, &decoding, &validation).is_err());
        }
    }
}
