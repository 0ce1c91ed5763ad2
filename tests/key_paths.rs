//! What is said of a key file's path that cannot be read: never a byte of what may be a secret.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use yc_iam::{KeyFileSource, ServiceAccountKey};

#[test]
fn a_path_that_cannot_be_read() {
    let said = |path: &str| {
        let error = ServiceAccountKey::from_unreadable_path(path, "no such file").unwrap_err();
        (error.code().as_str(), error.to_string())
    };
    for path in ["keys/robot.json", "/run/secrets/robot", "robot"] {
        let (code, message) = said(path);
        assert_eq!(code, "unreadable_file", "{path}");
        assert!(message.contains(path) && message.contains("no such file"), "{message}");
    }
    let long = "hidden-".repeat(40);
    let (code, message) = said(&long);
    assert_eq!(code, "unreadable_file");
    assert!(
        !message.contains("hidden") && message.contains("no such file"),
        "{message}"
    );
    for path in [
        "/Users/Ada1/Projects/MyService/Keys/AuthorizedKey2026",
        "/home/anna/projects/shop/secrets/authorizedkey",
        "/var/run/secrets/pods/5b6e7a1c-0000-4000-8000-00000000abcd/volumes/key.json",
    ] {
        assert!(said(path).1.contains(path), "{path}");
    }
    let (code, message) = said("y0_AgAAAABExampleOfAnOauthTokenThatOpensNothing");
    assert_eq!(code, "oauth_token_given");
    assert!(!message.contains("Example"), "{message}");
    assert_eq!(said("").0, "empty_key");
    let (code, message) = said("'{\"id\": \"aje1\", \"private_key\": \"MIIEvQ\"}'");
    assert_eq!(code, "invalid_json");
    assert!(
        message.contains("quotation marks") && !message.contains("MIIEvQ"),
        "{message}"
    );
}

#[test]
fn a_line_of_a_key_in_place_of_a_path() {
    for name in ["rsa2048_a", "rsa2048_b", "rsa4096"] {
        let pem = common::pem(name);
        for line in pem.lines().filter(|line| line.len() == 64 && !line.starts_with('-')) {
            let failure = format!("no such file or directory, open '{line}'");
            let error = ServiceAccountKey::from_unreadable_path(line, &failure).unwrap_err();
            let path = format!("/{}/{line}.json", "home/robot/keys/".repeat(5));
            let within = ServiceAccountKey::from_unreadable_path(&path, "no such file").unwrap_err();
            let source = format!("{:?}", KeyFileSource::new(line));
            for shown in [error.to_string(), within.to_string(), source] {
                let pieces = line.as_bytes().windows(10).map(|piece| str::from_utf8(piece).unwrap());
                for piece in pieces {
                    assert!(!shown.contains(piece), "{name}: {shown}");
                }
            }
            assert!(error.message().contains("no such file"), "{error}");
        }
    }
}

#[test]
fn content_in_place_of_a_path() {
    let content = String::from_utf8(common::key_texts()["plain"].clone()).unwrap();
    let key = ServiceAccountKey::from_unreadable_path(&content, "no such file").unwrap();
    assert_eq!(key.id(), ServiceAccountKey::from_json(&content).unwrap().id());
}

#[test]
fn content_or_path() {
    for content in ["{}", "\u{feff} \r\n{\"id\": 1}", "\u{85}{"] {
        assert!(ServiceAccountKey::begins_as_json(content), "{content:?}");
    }
    for path in ["key.json", "/keys/{main}.json", "eyJpZCI6", "[]", ""] {
        assert!(!ServiceAccountKey::begins_as_json(path), "{path:?}");
    }
}
