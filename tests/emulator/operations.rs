//! Operations: what they need, how they fail, and requests that come twice.

use serde_json::{Value, json};
use yc_iam::emulator::EmulatorOptions;

use crate::federation_api::{CREDENTIALS, FEDERATIONS, SUBJECT, create_federation, credential_body, federation_body};
use crate::support::{World, call};

fn world() -> World {
    World::new(EmulatorOptions::default())
}

#[test]
fn operations_fail_on_order() {
    let mut world = world();
    let federation = create_federation(&mut world);
    let body = credential_body(&world, &federation, SUBJECT);
    let details = r#"[{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "QUOTA"}]"#;
    world
        .emulator
        .order_operation_failure(8, "too many", details, false)
        .unwrap();
    let done = world.operate("POST", CREDENTIALS, &body);
    assert_eq!((done["done"].clone(), done.get("response")), (json!(true), None));
    assert_eq!(done["error"]["code"], 8);
    assert_eq!(done["error"]["message"], "too many");
    assert_eq!(done["error"]["details"][0]["reason"], "QUOTA");

    world.emulator.order_operation_failure(13, "broken", "", true).unwrap();
    let id = world.ask("POST", CREDENTIALS, &body).body["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut poll = || world.ask("GET", &format!("/operations/{id}"), &Value::Null).body;
    let detected = poll();
    assert_eq!(
        (detected["done"].clone(), detected["error"]["code"].clone()),
        (json!(false), json!(13))
    );
    for _ in 0..2 {
        let done = poll();
        assert_eq!(
            (done["done"].clone(), done["error"]["code"].clone()),
            (json!(true), json!(13))
        );
    }
    // The order is used up.
    assert_eq!(
        world.operate("POST", CREDENTIALS, &body)["response"]["externalSubjectId"],
        SUBJECT
    );
    world.ask("GET", "/operations/ajenone", &Value::Null).refused(5, 404);
    for (code, details) in [(0, ""), (17, ""), (3, "{}"), (3, "[1]"), (3, "[")] {
        assert!(
            world
                .emulator
                .order_operation_failure(code, "", details, false)
                .is_err()
        );
    }
}

#[test]
fn an_operation_can_be_done_at_once_or_come_too_late() {
    let mut world = World::new(EmulatorOptions {
        operation_polls: 0,
        ..EmulatorOptions::default()
    });
    let done = world.ask("POST", FEDERATIONS, &federation_body()).body;
    assert_eq!(done["done"], true);
    let mut world = self::world();
    let federation = create_federation(&mut world);
    let body = credential_body(&world, &federation, SUBJECT);
    let id = world.ask("POST", CREDENTIALS, &body).body["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(world.emulator.delete_federation(&federation));
    let operation = format!("/operations/{id}");
    world.ask("GET", &operation, &Value::Null);
    let done = world.ask("GET", &operation, &Value::Null).body;
    assert_eq!(
        (done["done"].clone(), done["error"]["code"].clone()),
        (json!(true), json!(5))
    );
}

#[test]
fn an_idempotency_key_names_one_request() {
    let mut world = world();
    let federation = create_federation(&mut world);
    let body = credential_body(&world, &federation, SUBJECT);
    let send = |world: &mut World, key: &str, body: &Value| {
        let token = world.iam_token();
        let mut request = call("POST", CREDENTIALS, Some(&token), body);
        request.headers.push(("Idempotency-Key".to_owned(), key.to_owned()));
        world.ask_with(&request)
    };
    let key = "5b1f7c9e-3a0d-4a51-9d7e-0f3c2a1b4d5e";
    let first = send(&mut world, key, &body).body;
    assert_eq!(send(&mut world, key, &body).body, first);
    assert_eq!(send(&mut world, &key.to_uppercase(), &body).body["id"], first["id"]);
    let other = credential_body(&world, &federation, "another");
    send(&mut world, key, &other).refused(3, 400);
    send(&mut world, "not-a-uuid", &other).refused(3, 400);
    assert_ne!(
        send(&mut world, "5b1f7c9e-3a0d-4a51-9d7e-0f3c2a1b4d5f", &other).body["id"],
        first["id"]
    );
}

#[test]
fn strict_access_wants_bindings() {
    let mut world = World::new(EmulatorOptions {
        strict_access: true,
        ..EmulatorOptions::default()
    });
    let account = world.account.clone();
    let refusal = world.ask("POST", FEDERATIONS, &federation_body());
    assert!(
        refusal
            .refused(7, 403)
            .contains("iam.workloadIdentityFederations.editor")
    );
    world
        .emulator
        .add_access_binding("b1gfolder", "iam.workloadIdentityFederations.admin", &account);
    let federation = create_federation(&mut world);
    world.ask("GET", &format!("{FEDERATIONS}/{federation}"), &Value::Null);
    let body = credential_body(&world, &federation, SUBJECT);
    world.ask("POST", CREDENTIALS, &body).refused(7, 403);
    let editor = "iam.serviceAccounts.federatedCredentialEditor";
    world.emulator.add_access_binding(&account, editor, &account);
    world.operate("POST", CREDENTIALS, &body);
    assert!(world.emulator.remove_access_binding(&account, editor, &account));
    assert!(!world.emulator.remove_access_binding(&account, editor, &account));
    world
        .ask(
            "GET",
            &format!("{CREDENTIALS}?serviceAccountId={account}"),
            &Value::Null,
        )
        .refused(7, 403);
}
