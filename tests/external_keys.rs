//! Keys whose private half is elsewhere: the vectors, and a session that OpenSSL signs for.
#![cfg(feature = "emulator")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use serde_json::Value;
use yc_iam::emulator::{Emulator, EmulatorOptions, IncomingRequest};
use yc_iam::{
    Action, ErrorCode, JwtOptions, Lifetime, Outcome, ServiceAccountKey, ServiceAccountSource, Session, SessionOptions,
    Signing, SigningInput, Step, UnixTime,
};

use common::openssl::{openssl, scratch};
use common::{check_error, each, folder, pem, same, text};

#[test]
fn vectors() {
    each("external_keys", |case| {
        let found = ServiceAccountKey::external(
            text(case, "id"),
            text(case, "service_account_id"),
            text(case, "public_key"),
        );
        match (found, case.get("error")) {
            (Ok(key), None) => {
                let expect = &case["expect"];
                same("id", key.id(), text(expect, "id"))?;
                same(
                    "service_account_id",
                    key.service_account_id(),
                    text(expect, "service_account_id"),
                )?;
                same(
                    "modulus_bits",
                    u64::from(key.modulus_bits()),
                    expect["modulus_bits"].as_u64().unwrap(),
                )?;
                same("has_private_key", key.has_private_key(), false)
            }
            (Err(error), Some(expected)) => check_error(&error, expected),
            (found, expected) => Err(format!("found {found:?}, expected {expected:?}")),
        }
    });
}

/// A PS256 signature by OpenSSL's command line, in place of a KMS.
fn signed_outside(input: &SigningInput) -> Vec<u8> {
    let message = scratch("external_key.txt", input.as_str().as_bytes());
    let signature = scratch("external_key.sig", b"");
    let private = folder("vectors/pem").join("rsa2048_a.pem");
    let paths = [&private, &signature, &message].map(|path| path.to_str().unwrap().to_owned());
    let options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"];
    let mut arguments = vec!["dgst", "-sha256", "-sign", &paths[0]];
    arguments.extend(options);
    arguments.extend(["-out", &paths[1], &paths[2]]);
    let (ok, said) = openssl(&arguments);
    assert!(ok, "{said}");
    std::fs::read(signature).unwrap()
}

#[test]
fn a_session_whose_key_is_elsewhere() {
    let now = UnixTime::from_secs(1_700_000_000);
    let mut emulator = Emulator::new(EmulatorOptions::default());
    let account = emulator.create_service_account("robot");
    let file = emulator.create_key(&account, &pem("rsa2048_a"), now).unwrap();
    let file: Value = serde_json::from_str(&file).unwrap();
    let key = ServiceAccountKey::external(text(&file, "id"), &account, text(&file, "public_key")).unwrap();
    let source = ServiceAccountSource::with_signing(key, Signing::Outside);
    let mut session = Session::new(source, SessionOptions::default());
    loop {
        match session.poll(now) {
            Step::Perform(effect) => {
                let outcome = match &effect.action {
                    Action::Sign(input) => Outcome::Signature(signed_outside(input)),
                    Action::Http(request) => {
                        Outcome::Response(emulator.handle(&IncomingRequest::from(request), now).response)
                    }
                    other => panic!("{other:?}"),
                };
                session.complete(effect.id, now, outcome).unwrap();
            }
            Step::Use { token, .. } => {
                let subject = emulator.check_bearer(token.authorization().expose(), now).unwrap();
                return assert_eq!(subject, account);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn nothing_here_signs_without_the_private_key() {
    let public = std::fs::read_to_string(folder("vectors/pem").join("public.pem")).unwrap();
    let key = ServiceAccountKey::external("ajekey", "ajeaccount", &public).unwrap();
    let errors = [
        key.signer().map(drop).unwrap_err(),
        key.expose_pkcs8().map(drop).unwrap_err(),
        ServiceAccountSource::new(key.clone()).map(drop).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.code(), ErrorCode::SigningFailed);
        assert!(error.hint().contains("signer"), "{error}");
    }
    // What is to be signed can be said all the same.
    let options = JwtOptions {
        now: UnixTime::from_secs(0),
        lifetime: Lifetime::MAX,
        audience: "x",
    };
    assert!(SigningInput::new(&key, &options).is_ok());
}
