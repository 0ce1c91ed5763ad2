//! What is said of a key file's path that cannot be read: never a byte of what may be a secret.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use yc_iam::ServiceAccountKey;

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
    let (code, message) = said("y0_AgAAAABExampleOfAnOauthTokenThatOpensNothing");
    assert_eq!(code, "oauth_token_given");
    assert!(!message.contains("Example"), "{message}");
    assert_eq!(said("").0, "empty_key");
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
