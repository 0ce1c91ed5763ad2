//! What requests about federations and federated credentials may hold: limits, pages, masks.

use serde_json::{Value, json};
use yc_iam::emulator::EmulatorOptions;

use crate::federation_api::{CREDENTIALS, FEDERATIONS, SUBJECT, create_federation, credential_body, federation_body};
use crate::support::{NOW, World, at};

fn world() -> World {
    World::new(EmulatorOptions::default())
}

#[test]
fn limits_are_kept() {
    let mut world = world();
    let federation = create_federation(&mut world);
    let good = credential_body(&world, &federation, SUBJECT);
    for (field, value, code) in [
        ("serviceAccountId", json!("a".repeat(51)), 3),
        ("serviceAccountId", json!("ajenobody"), 5),
        ("serviceAccountId", json!(""), 3),
        ("federationId", json!("a".repeat(51)), 3),
        ("federationId", json!("ajenothing"), 5),
        ("externalSubjectId", json!("ü".repeat(1001)), 3),
        ("externalSubjectId", json!(7), 3),
        ("externalSubjectId", Value::Null, 3),
        ("external_subject", json!("x"), 3),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let answer = world.ask("POST", CREDENTIALS, &body);
        assert_eq!(answer.body["code"], code, "{field}: {}", answer.body);
        assert!(answer.message().starts_with("emulator: "));
    }
    let mut body = good.clone();
    body["externalSubjectId"] = json!("ü".repeat(1000));
    world.operate("POST", CREDENTIALS, &body);
    for (field, value) in [
        ("folderId", json!("")),
        ("name", json!("Upper")),
        ("name", json!("a-")),
        ("name", json!("a".repeat(64))),
        ("description", json!("a".repeat(257))),
        ("audiences", json!([])),
        ("audiences", json!([""])),
        ("audiences", json!(["a".repeat(256)])),
        ("audiences", json!(vec!["a"; 101])),
        ("audiences", json!("a")),
        ("issuer", Value::Null),
        ("jwksUrl", json!("a".repeat(8001))),
        ("labels", json!({ "a": 1 })),
        ("disabled", json!("no")),
        ("enabled", json!(true)),
    ] {
        let mut body = federation_body();
        body[field] = value;
        world.ask("POST", FEDERATIONS, &body).refused(3, 400);
    }
    world.ask("POST", FEDERATIONS, &federation_body()).refused(6, 409);
}

#[test]
fn lists_come_in_pages() {
    let mut world = world();
    let federation = create_federation(&mut world);
    let account = world.account.clone();
    for number in 0..105 {
        let subject = format!("subject {number}");
        world
            .emulator
            .create_federated_credential(&account, &federation, &subject, at(NOW))
            .unwrap();
    }
    let list = format!("{CREDENTIALS}?serviceAccountId={account}");
    for first in ["", "&pageSize=0"] {
        let answer = world.ask("GET", &format!("{list}{first}"), &Value::Null).body;
        assert_eq!(answer["federatedCredentials"].as_array().unwrap().len(), 100);
    }
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let target = format!("{list}&pageSize=50&pageToken={token}");
        let answer = world.ask("GET", &target, &Value::Null).body;
        let page = answer["federatedCredentials"].as_array().unwrap();
        seen.extend(
            page.iter()
                .map(|credential| credential["externalSubjectId"].to_string()),
        );
        token = answer["nextPageToken"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 105);
    for bad in [
        "pageSize=1001",
        "pageSize=-1",
        "pageSize=ten",
        "pageToken=abc",
        "pageToken=YWJj",
        "page=1",
    ] {
        world.ask("GET", &format!("{list}&{bad}"), &Value::Null).refused(3, 400);
    }
    world.ask("GET", CREDENTIALS, &Value::Null).refused(3, 400);
    world
        .ask(
            "GET",
            &format!("{CREDENTIALS}?serviceAccountId=ajenobody"),
            &Value::Null,
        )
        .refused(5, 404);
    let answer = world
        .ask("GET", &format!("{FEDERATIONS}?folderId=b1gfolder"), &Value::Null)
        .body;
    assert_eq!(answer["federations"][0]["id"], federation);
    assert_eq!(answer["nextPageToken"], "");
}

#[test]
fn an_update_changes_what_its_mask_names() {
    let mut world = world();
    let id = create_federation(&mut world);
    let target = format!("{FEDERATIONS}/{id}");
    let before = world.ask("GET", &target, &Value::Null).body;
    assert_eq!(before["enabled"], true);
    let body =
        json!({ "updateMask": "description,audiences", "audiences": ["one"], "name": "unnamed", "disabled": true });
    let done = world.operate("PATCH", &target, &body);
    let after = world.ask("GET", &target, &Value::Null).body;
    let mut expected = before.clone();
    expected["description"] = json!("");
    expected["audiences"] = json!(["one"]);
    assert_eq!(after, expected);
    assert_eq!(done["metadata"]["federationId"], id);
    let body = json!({ "updateMask": { "paths": ["jwks_url"] }, "jwksUrl": "https://x" });
    assert_eq!(
        world.operate("PATCH", &target, &body)["response"]["jwksUrl"],
        "https://x"
    );
    let query = format!("{target}?updateMask=name");
    assert_eq!(
        world.operate("PATCH", &query, &json!({ "name": "new" }))["response"]["name"],
        "new"
    );
    for body in [
        json!({ "updateMask": "issuer" }),
        json!({ "updateMask": "issuer", "issuer": "x" }),
        json!({ "updateMask": "nonsense" }),
        json!({ "updateMask": "" }),
        json!({ "updateMask": 7 }),
        json!({ "updateMask": "audiences" }),
        json!({ "description": "everything else would be emptied" }),
    ] {
        world.ask("PATCH", &target, &body).refused(3, 400);
    }
    world
        .ask("PATCH", &format!("{FEDERATIONS}/x"), &json!({ "updateMask": "labels" }))
        .refused(5, 404);
}
