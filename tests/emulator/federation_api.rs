//! Federations, federated credentials and operations over HTTP.

use serde_json::{Value, json};
use yc_iam::emulator::{EmulatorOptions, Federation, Issuer, PodTokenRequest};

use crate::support::{Answer, NOW, PEM_A, World, at, call, post};

pub const CREDENTIALS: &str = "/iam/v1/workload/federatedCredentials";
pub const FEDERATIONS: &str = "/iam/v1/workload/oidc/federations";
const CLUSTER: &str = "https://storage.yandexcloud.net/mk8s-oidc/v1/clusters/catexample";
pub const SUBJECT: &str = "system:serviceaccount:default:robot";

fn world() -> World {
    World::new(EmulatorOptions::default())
}

pub fn federation_body() -> Value {
    json!({
        "folderId": "b1gfolder", "name": "cluster", "description": "a cluster", "audiences": [CLUSTER],
        "issuer": CLUSTER, "jwksUrl": format!("{CLUSTER}/jwks.json"), "labels": { "team": "a" },
    })
}

pub fn create_federation(world: &mut World) -> String {
    let done = world.operate("POST", FEDERATIONS, &federation_body());
    done["response"]["id"].as_str().unwrap().to_owned()
}

pub fn credential_body(world: &World, federation: &str, subject: &str) -> Value {
    json!({ "serviceAccountId": world.account, "federationId": federation, "externalSubjectId": subject })
}

/// Exchanges a pod's token; empty if that works, else the refusal.
fn exchange(world: &mut World, issuer: &mut Issuer) -> String {
    let token = issuer
        .pod_token(&PodTokenRequest::new("default", "robot"), at(NOW))
        .unwrap();
    let form = format!(
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&requested_token_type=urn:ietf:params:oauth:token-type:access_token\
         &audience={}&subject_token={}&subject_token_type=urn:ietf:params:oauth:token-type:id_token",
        world.account,
        token.expose()
    );
    let mut request = post("/oauth/token", &form);
    request.headers = vec![(
        "content-type".to_owned(),
        "application/x-www-form-urlencoded".to_owned(),
    )];
    let answer = world.ask_with(&request);
    answer.body["error_description"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_good_bearer_is_needed() {
    let mut world = world();
    let token = world.iam_token();
    for (method, target) in [
        ("GET", format!("{CREDENTIALS}?serviceAccountId=x")),
        ("POST", CREDENTIALS.to_owned()),
        ("GET", format!("{FEDERATIONS}/x")),
        ("PATCH", format!("{FEDERATIONS}/x")),
        ("DELETE", format!("{FEDERATIONS}/x")),
        ("GET", "/operations/x".to_owned()),
    ] {
        let stale = call(method, &target, Some("t1.no.token"), &json!({}));
        assert_eq!(world.ask_with(&stale).refused(16, 401), "The token is invalid");
        world
            .ask_with(&call(method, &target, None, &json!({})))
            .refused(16, 401);
        let late = call(method, &target, Some(&token), &json!({}));
        let answer = Answer::new(world.emulator.handle(&late, at(NOW + 43_200)));
        assert_eq!(answer.refused(16, 401), "The token is invalid");
    }
    assert!(world.emulator.revoke_token(&token));
    let revoked = call("GET", "/operations/x", Some(&token), &Value::Null);
    assert_eq!(world.ask_with(&revoked).refused(16, 401), "The token is invalid");
    world.ask("PUT", FEDERATIONS, &json!({})).refused(12, 501);
    world
        .ask("GET", "/iam/v1/workload/oidc/federations/x/y", &Value::Null)
        .refused(5, 404);
}

#[test]
fn what_is_created_over_http_lets_a_pod_in_until_it_is_deleted() {
    let mut world = world();
    let mut issuer = Issuer::new(CLUSTER, PEM_A).unwrap();
    world.emulator.publish(&issuer);
    let federation = create_federation(&mut world);
    assert!(exchange(&mut world, &mut issuer).contains("no federated credential"));

    let body = credential_body(&world, &federation, SUBJECT);
    let started = world.ask("POST", CREDENTIALS, &body).body;
    assert_eq!(started["done"], false);
    assert_eq!((started.get("response"), started.get("error")), (None, None));
    assert_eq!(started["createdBy"], world.account);
    let id = started["metadata"]["federatedCredentialId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        started["metadata"]["@type"],
        "type.googleapis.com/yandex.cloud.iam.v1.workload.CreateFederatedCredentialMetadata"
    );
    let operation = format!("/operations/{}", started["id"].as_str().unwrap());
    assert_eq!(world.ask("GET", &operation, &Value::Null).body["done"], false);
    let one = format!("{CREDENTIALS}/{id}");
    world.ask("GET", &one, &Value::Null).refused(5, 404);
    assert!(exchange(&mut world, &mut issuer).contains("no federated credential"));
    let done = world.ask("GET", &operation, &Value::Null).body;
    assert_eq!(done["done"], true);
    assert_eq!(done.get("error"), None);
    let mut expected = world.ask("GET", &one, &Value::Null).body;
    assert_eq!(expected["externalSubjectId"], SUBJECT);
    expected["@type"] = json!("type.googleapis.com/yandex.cloud.iam.v1.workload.FederatedCredential");
    assert_eq!(done["response"], expected);
    assert_eq!(exchange(&mut world, &mut issuer), "");

    let done = world.operate("DELETE", &one, &Value::Null);
    assert_eq!(
        done["response"],
        json!({ "@type": "type.googleapis.com/google.protobuf.Empty", "value": {} })
    );
    assert!(exchange(&mut world, &mut issuer).contains("no federated credential"));

    world.operate("POST", CREDENTIALS, &body);
    assert_eq!(exchange(&mut world, &mut issuer), "");
    let federation = format!("{FEDERATIONS}/{federation}");
    let update = json!({ "updateMask": "disabled", "disabled": true });
    // What is false may be left out.
    let updated = world.operate("PATCH", &federation, &update);
    assert_eq!(updated["response"].get("enabled"), None);
    assert!(exchange(&mut world, &mut issuer).contains("is disabled"));
    world.operate("DELETE", &federation, &Value::Null);
    world.ask("GET", &federation, &Value::Null).refused(5, 404);
    let list = format!("{CREDENTIALS}?serviceAccountId={}", world.account);
    assert_eq!(
        world.ask("GET", &list, &Value::Null).body["federatedCredentials"],
        json!([])
    );
}

#[test]
fn every_enabled_federation_of_an_issuer_counts() {
    let mut world = world();
    let mut issuer = Issuer::new(CLUSTER, PEM_A).unwrap();
    let trusted = world.emulator.trust(&issuer, at(NOW));
    let account = world.account.clone();
    let mut ids = vec![trusted];
    for audience in ["elsewhere", "nowhere"] {
        let federation = Federation {
            issuer: CLUSTER.to_owned(),
            audiences: vec![audience.to_owned()],
            jwks_url: issuer.jwks_url(),
            ..Federation::default()
        };
        ids.push(world.emulator.create_federation(federation, at(NOW)));
    }
    for id in &ids[1..] {
        world
            .emulator
            .create_federated_credential(&account, id, SUBJECT, at(NOW))
            .unwrap();
    }
    assert!(exchange(&mut world, &mut issuer).contains("`aud` is"));
    world
        .emulator
        .create_federated_credential(&account, &ids[0], SUBJECT, at(NOW))
        .unwrap();
    assert_eq!(exchange(&mut world, &mut issuer), "");
    // Whichever comes first.
    for kept in 0..3 {
        for (place, id) in ids.iter().enumerate() {
            let federation = world.emulator.federation(id).unwrap();
            federation.disabled = place != kept;
            federation.audiences = vec![CLUSTER.to_owned()];
        }
        assert_eq!(exchange(&mut world, &mut issuer), "", "{kept}");
    }
}

#[test]
fn the_same_triple_conflicts_even_while_the_first_is_pending() {
    let mut world = world();
    let federation = create_federation(&mut world);
    let body = credential_body(&world, &federation, SUBJECT);
    assert_eq!(world.ask("POST", CREDENTIALS, &body).status, 200);
    world.ask("POST", CREDENTIALS, &body).refused(6, 409);
    let other = credential_body(&world, &federation, "another");
    world.operate("POST", CREDENTIALS, &other);
    world.ask("POST", CREDENTIALS, &other).refused(6, 409);
}
