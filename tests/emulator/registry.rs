//! Service accounts, keys and their files.

use serde_json::{Value, json};
use yc_iam::emulator::{Emulator, EmulatorOptions, generate_private_key};
use yc_iam::{ErrorCode, ServiceAccountKey};

use crate::support::{NOW, PEM_A, PEM_B, World, at};

fn looks_like_an_id(id: &str) -> bool {
    id.len() == 20 && id.starts_with("aje") && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'v').contains(&b))
}

#[test]
fn the_key_file_has_the_services_format() {
    let world = World::new(EmulatorOptions::default());
    let file: Value = serde_json::from_str(&world.file).unwrap();
    let id = file["id"].as_str().unwrap();
    // Both PEM files were written by OpenSSL.
    let public = include_str!("../vectors/pem/public.pem");
    let created_at = file["created_at"].as_str().unwrap();
    assert!(
        created_at.starts_with("2023-11-14T22:13:20.") && created_at.len() == 30,
        "{created_at}"
    );
    let expected = json!({
        "id": id,
        "service_account_id": world.account,
        "created_at": created_at,
        "key_algorithm": "RSA_2048",
        "public_key": public,
        "private_key": format!("PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <{id}>\n{PEM_A}"),
    });
    assert_eq!(file, expected);
    assert!(
        looks_like_an_id(id) && looks_like_an_id(&world.account),
        "{id} {}",
        world.account
    );
    assert_eq!(
        world.emulator.service_accounts().collect::<Vec<_>>(),
        [(world.account.as_str(), "robot")]
    );
}

#[test]
fn ids_and_tokens_follow_from_the_seed() {
    let made = |seed| {
        let mut world = World::new(EmulatorOptions {
            seed,
            ..EmulatorOptions::default()
        });
        let claims = world.claims();
        let token = world.send_claims(&claims).token().to_owned();
        (
            world.file,
            token,
            world.emulator.requests().last().unwrap().request_id.clone(),
        )
    };
    assert_eq!(made(1), made(1));
    let (one, two) = (made(1), made(2));
    assert!(one.0 != two.0 && one.1 != two.1 && one.2 != two.2);
}

#[test]
fn every_token_id_and_key_is_its_own() {
    let mut world = World::new(EmulatorOptions::default());
    let claims = world.claims();
    let first = world.send_claims(&claims).token().to_owned();
    assert_ne!(first, world.send_claims(&claims).token());
    assert_ne!(world.account, world.emulator.create_service_account("robot"));
    let file = world.emulator.create_key(&world.account, PEM_A, at(NOW)).unwrap();
    assert_ne!(ServiceAccountKey::from_json(&file).unwrap().id(), world.key.id());
}

#[test]
fn a_deleted_key_opens_nothing_but_its_tokens_live() {
    let mut world = World::new(EmulatorOptions::default());
    let claims = world.claims();
    let token = world.send_claims(&claims).token().to_owned();
    let id = world.key.id().to_owned();
    assert!(world.emulator.delete_key(&id) && !world.emulator.delete_key(&id));
    assert_eq!(
        world.send_claims(&claims).refused(16, 401),
        format!("Key '{id}' was not found")
    );
    world
        .emulator
        .check_bearer(&format!("Bearer {token}"), at(NOW))
        .unwrap();
    world.emulator.revoke_all_tokens();
    world
        .emulator
        .check_bearer(&format!("Bearer {token}"), at(NOW))
        .unwrap_err();
}

#[test]
fn a_key_needs_a_service_account_and_an_rsa_key() {
    let mut emulator = Emulator::new(EmulatorOptions::default());
    let account = emulator.create_service_account("robot");
    let mut code = |account: &str, pem: &str| emulator.create_key(account, pem, at(NOW)).unwrap_err().code();
    assert_eq!(code("ajenobody", PEM_B), ErrorCode::InvalidArgument);
    assert_eq!(code(&account, "no PEM"), ErrorCode::InvalidPem);
    assert_eq!(
        code(&account, include_str!("../vectors/pem/ec_p256.pem")),
        ErrorCode::UnsupportedKeyType
    );
    assert_eq!(
        code(&account, include_str!("../vectors/pem/rsa1024.pem")),
        ErrorCode::UnsupportedKeySize
    );
    emulator
        .create_key(&account, include_str!("../vectors/pem/rsa2048_a_pkcs1.pem"), at(NOW))
        .unwrap();
}

#[test]
fn makes_private_keys() {
    let one = generate_private_key(2048).unwrap();
    let mut emulator = Emulator::new(EmulatorOptions::default());
    let account = emulator.create_service_account("robot");
    let file = emulator.create_key(&account, one.expose(), at(NOW)).unwrap();
    assert_eq!(ServiceAccountKey::from_json(file).unwrap().modulus_bits(), 2048);
    assert_ne!(one, generate_private_key(2048).unwrap());
    for bits in [0, 1024, 2047, 8192] {
        assert_eq!(
            generate_private_key(bits).unwrap_err().code(),
            ErrorCode::InvalidArgument
        );
    }
}

#[test]
fn no_more_requests_are_kept_than_asked_for() {
    for kept in [0, 1, 3] {
        let options = yc_iam::emulator::EmulatorOptions {
            requests_kept: kept,
            ..yc_iam::emulator::EmulatorOptions::default()
        };
        let mut emulator = yc_iam::emulator::Emulator::new(options);
        let targets = ["/1", "/2", "/3", "/4"];
        for target in targets {
            let request = yc_iam::emulator::IncomingRequest {
                method: "GET".to_owned(),
                target: target.to_owned(),
                headers: Vec::new(),
                body: Vec::new(),
            };
            emulator.handle(&request, yc_iam::UnixTime::from_secs(1_767_225_600));
        }
        let seen: Vec<&str> = emulator.requests().map(|request| request.target.as_str()).collect();
        assert_eq!(seen, targets[4 - kept..]);
    }
}
