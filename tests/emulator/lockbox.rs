//! Lockbox: payloads by ID and by name, versions, access.

use serde_json::{Value, json};
use yc_iam::emulator::{EmulatorOptions, SecretEntry};

use crate::support::{World, call};

fn entries() -> Vec<SecretEntry> {
    vec![
        SecretEntry::text("password", "p4ss-wörd"),
        SecretEntry::binary("keystore", &[0, 255, 16]),
    ]
}

fn world() -> (World, String) {
    let mut world = World::new(EmulatorOptions::default());
    let id = world.emulator.create_secret("b1gfolder", "db", entries()).unwrap();
    (world, id)
}

fn allow(world: &mut World, resource: &str) {
    let subject = world.account.clone();
    world
        .emulator
        .add_access_binding(resource, "lockbox.payloadViewer", &subject);
}

#[test]
fn a_payload_takes_the_role_on_the_secret_or_its_folder() {
    for on_folder in [false, true] {
        let (mut world, id) = world();
        let target = format!("/lockbox/v1/secrets/{id}/payload");
        let refusal = world.ask("GET", &target, &Value::Null);
        assert!(refusal.refused(7, 403).contains("lockbox.payloadViewer"));
        allow(&mut world, if on_folder { "b1gfolder" } else { &id });
        let payload = world.ask("GET", &target, &Value::Null).body;
        // Base64 by RFC 4648, section 4: 00 ff 10.
        let expected =
            json!([{ "key": "password", "textValue": "p4ss-wörd" }, { "key": "keystore", "binaryValue": "AP8Q" }]);
        assert_eq!(payload["entries"], expected);
        assert!(payload["versionId"].as_str().unwrap().starts_with("e6q"));
        let subject = world.account.clone();
        let resource = if on_folder { "b1gfolder" } else { &id };
        world
            .emulator
            .remove_access_binding(resource, "lockbox.payloadViewer", &subject);
        world.ask("GET", &target, &Value::Null).refused(7, 403);
        world
            .ask_with(&call("GET", &target, None, &Value::Null))
            .refused(16, 401);
    }
}

#[test]
fn a_secret_is_found_by_folder_and_name() {
    let (mut world, id) = world();
    allow(&mut world, &id);
    let base = "/lockbox/v1/secrets:getEx";
    let by_name = format!("{base}?folderAndName.folderId=b1gfolder&folderAndName.secretName=db");
    let answer = world.ask("GET", &by_name, &Value::Null).body;
    assert_eq!(answer["secretId"], id);
    // Base64 of the UTF-8 text and of the bytes.
    assert_eq!(
        answer["entries"],
        json!({ "password": "cDRzcy13w7ZyZA==", "keystore": "AP8Q" })
    );
    let by_id = world.ask("GET", &format!("{base}?secretId={id}"), &Value::Null).body;
    assert_eq!(by_id, answer);
    for (query, code) in [
        (String::new(), 3),
        ("?folderAndName.folderId=b1gfolder".to_owned(), 3),
        ("?folderId=b1gfolder&secretName=db".to_owned(), 3),
        (
            format!("?secretId={id}&folderAndName.folderId=b1gfolder&folderAndName.secretName=db"),
            3,
        ),
        (
            "?folderAndName.folderId=b1gfolder&folderAndName.secretName=other".to_owned(),
            5,
        ),
        ("?secretId=e6qnone".to_owned(), 5),
    ] {
        let answer = world.ask("GET", &format!("{base}{query}"), &Value::Null);
        assert_eq!(answer.body["code"], code, "{query}: {}", answer.body);
    }
}

#[test]
fn versions_follow_each_other_and_an_inactive_secret_is_closed() {
    let (mut world, id) = world();
    allow(&mut world, &id);
    let target = format!("/lockbox/v1/secrets/{id}/payload");
    let first = world.ask("GET", &target, &Value::Null).body;
    let second = world
        .emulator
        .add_secret_version(&id, vec![SecretEntry::text("password", "new")])
        .unwrap();
    let current = world.ask("GET", &target, &Value::Null).body;
    assert_eq!(
        current,
        json!({ "entries": [{ "key": "password", "textValue": "new" }], "versionId": second })
    );
    let old = format!("{target}?versionId={}", first["versionId"].as_str().unwrap());
    assert_eq!(world.ask("GET", &old, &Value::Null).body, first);
    world
        .ask("GET", &format!("{target}?versionId=e6qnone"), &Value::Null)
        .refused(5, 404);
    world
        .ask("GET", &format!("{target}?versionId={}", "a".repeat(51)), &Value::Null)
        .refused(3, 400);
    assert!(world.emulator.set_secret_active(&id, false));
    world.ask("GET", &target, &Value::Null).refused(9, 400);
    assert!(world.emulator.set_secret_active(&id, true));
    assert_eq!(world.ask("GET", &target, &Value::Null).body, current);
    assert!(world.emulator.delete_secret(&id));
    world.ask("GET", &target, &Value::Null).refused(5, 404);
    assert!(!world.emulator.set_secret_active(&id, true));
    world
        .ask("POST", "/lockbox/v1/secrets:getEx", &Value::Null)
        .refused(12, 501);
}

#[test]
fn what_lockbox_would_not_take_is_refused() {
    let (mut world, id) = world();
    let long = "a".repeat(65_537);
    for entries in [
        vec![SecretEntry::text("", "x")],
        vec![SecretEntry::text("a b", "x")],
        vec![SecretEntry::text(&"k".repeat(257), "x")],
        vec![SecretEntry::text("a", "x"), SecretEntry::text("a", "y")],
        vec![SecretEntry::text("a", &long)],
        vec![SecretEntry::binary("a", long.as_bytes())],
    ] {
        let shown = format!("{entries:?}");
        assert!(world.emulator.add_secret_version(&id, entries).is_err(), "{shown}");
    }
    assert!(world.emulator.create_secret("b1gfolder", "db", Vec::new()).is_err());
    assert!(world.emulator.create_secret("", "x", Vec::new()).is_err());
    assert!(world.emulator.add_secret_version("e6qnone", Vec::new()).is_err());
    assert!(
        world
            .emulator
            .add_secret_version(&id, vec![SecretEntry::text("a-_./\\@9", &long[1..])])
            .is_ok()
    );
    assert!(!format!("{:?}", world.emulator).contains("p4ss"));
}
