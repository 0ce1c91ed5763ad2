//! Each source of credentials against the emulator, on a virtual clock.

use serde_json::json;
use yc_iam::emulator::{Emulator, EmulatorOptions, FaultKind, IncomingRequest};
use yc_iam::{
    Action, ErrorCode, FixedSource, FunctionSource, ImpersonationSource, KeyFileSource, MetadataSource, OauthSource,
    Outcome, ServiceAccountSource,
};

use crate::support::{Answer, Client, NOW, PEM_B, World, at, order, post, whoami};

fn world() -> World {
    World::new(EmulatorOptions::default())
}

fn subject_of(emulator: &mut Emulator, token: &yc_iam::AccessToken, client: &Client) -> String {
    let answer = whoami(emulator, Some(token.authorization().expose()), client.now);
    answer.body["subjectId"].as_str().unwrap().to_owned()
}

#[test]
fn an_oauth_token_speaks_for_its_user() {
    let mut world = world();
    let user = world.emulator.create_user("somebody");
    let oauth = world.emulator.create_oauth_token(&user).unwrap();
    let mut client = Client::with_source(OauthSource::new(oauth.expose()).unwrap(), NOW);
    let token = client.token(&mut world.emulator).unwrap();
    assert_eq!(subject_of(&mut world.emulator, &token, &client), user);
    assert!(world.emulator.revoke_oauth_token(oauth.expose()));
    client.session.invalidate(&token.value);
    let error = client.token(&mut world.emulator).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Unauthenticated);
    let seen: String = world.emulator.requests().map(|seen| format!("{seen:?}")).collect();
    assert!(!seen.contains(&oauth.expose()[4..]), "{seen}");
}

#[test]
fn the_metadata_service_speaks_for_what_is_attached() {
    let mut world = world();
    let mut client = Client::with_source(MetadataSource::new(), NOW);
    let error = client.token(&mut world.emulator).unwrap_err();
    assert_eq!((error.code(), client.exchanges), (ErrorCode::NoServiceAccount, 1));
    world.emulator.attach_service_account(Some(&world.account)).unwrap();
    client.sleep(2.0);
    let token = client.token(&mut world.emulator).unwrap();
    assert_eq!(subject_of(&mut world.emulator, &token, &client), world.account);
    assert_eq!(token.expires_at.as_secs(), client.now.as_secs() + 43_200);
    let bare = IncomingRequest {
        method: "GET".to_owned(),
        target: "/computeMetadata/v1/instance/service-accounts/default/token".to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    let answer = Answer::new(world.emulator.handle(&bare, at(NOW)));
    assert!(answer.refused(7, 403).contains("Metadata-Flavor"));
    assert!(world.emulator.attach_service_account(Some("ajenobody")).is_err());
}

#[test]
fn off_the_cloud_one_probe_is_enough() {
    let mut world = world();
    let mut client = Client::with_source(MetadataSource::new(), NOW);
    world.emulator.order(order(1, FaultKind::Dropped));
    let error = client.token(&mut world.emulator).unwrap_err();
    assert_eq!((error.code(), client.exchanges), (ErrorCode::MetadataUnavailable, 1));
    assert_eq!(client.now.as_secs(), NOW);
}

#[test]
fn impersonation_takes_a_right() {
    let mut world = world();
    let other = world.emulator.create_service_account("other");
    let through = || ServiceAccountSource::new(world.key.clone()).unwrap();
    let mut client = Client::with_source(ImpersonationSource::new(&other, through()).unwrap(), NOW);
    let error = client.token(&mut world.emulator).unwrap_err();
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    assert!(error.hint().contains("iam.serviceAccounts.tokenCreator"));
    world.emulator.allow_impersonation(&world.account, &other).unwrap();
    client.sleep(2.0);
    let token = client.token(&mut world.emulator).unwrap();
    assert_eq!(subject_of(&mut world.emulator, &token, &client), other);
    // The token of its own was good: only the trade is tried again.
    assert_eq!(client.exchanges, 3);
    // The token of its own that it keeps may be revoked meanwhile: then it gets another.
    world.emulator.revoke_all_tokens();
    client.session.invalidate(&token.value);
    assert_eq!(
        client.token(&mut world.emulator).unwrap_err().code(),
        ErrorCode::Unauthenticated
    );
    client.sleep(2.0);
    client.token(&mut world.emulator).unwrap();

    let mut client = Client::with_source(ImpersonationSource::new("ajenobody", through()).unwrap(), NOW);
    assert_eq!(
        client.token(&mut world.emulator).unwrap_err().code(),
        ErrorCode::NotFound
    );
}

#[test]
fn a_fixed_token_and_a_functions_serve_as_they_are() {
    let mut world = world();
    let token = Client::new(&world.key, NOW).token(&mut world.emulator).unwrap();
    let fixed = FixedSource::new(token.value.expose(), Some(token.expires_at)).unwrap();
    let context = json!({ "access_token": token.value.expose(), "expires_in": 43_200, "token_type": "Bearer" });
    let function = FunctionSource::new(&context.to_string(), at(NOW)).unwrap();
    for mut client in [Client::with_source(fixed, NOW), Client::with_source(function, NOW)] {
        let served = client.token(&mut world.emulator).unwrap();
        assert_eq!(served, token);
        client.sleep(43_100.0);
        assert_eq!(client.token(&mut world.emulator).unwrap().value, token.value);
        client.sleep(60.0);
        let error = client.token(&mut world.emulator).unwrap_err();
        assert_eq!((error.code(), client.exchanges), (ErrorCode::InvalidCredential, 0));
    }
}

#[test]
fn a_key_file_is_read_at_each_renewal_and_may_change() {
    let mut world = world();
    let mut client = Client::with_source(KeyFileSource::new("key.json"), NOW);
    let mut content = world.file.clone();
    let read = |emulator: &mut Emulator, client: &mut Client, content: &str| {
        client.token_with(emulator, |effect, _| {
            assert_eq!(effect.action, Action::ReadFile("key.json".to_owned()));
            Outcome::File(content.as_bytes().to_vec())
        })
    };
    let first = read(&mut world.emulator, &mut client, &content).unwrap();
    client.sleep(4_000.0);
    assert_ne!(
        read(&mut world.emulator, &mut client, &content).unwrap().value,
        first.value
    );
    world.emulator.delete_key(world.key.id());
    content = world.emulator.create_key(&world.account, PEM_B, client.now).unwrap();
    client.sleep(4_000.0);
    let third = read(&mut world.emulator, &mut client, &content).unwrap();
    assert_eq!(subject_of(&mut world.emulator, &third, &client), world.account);
    client.session.invalidate(&third.value);
    let error = read(&mut world.emulator, &mut client, "{").unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidJson);
    assert!(error.message().contains("`key.json`"), "{error}");
}

#[test]
fn a_revoked_token_is_told() {
    let mut world = world();
    let token = Client::new(&world.key, NOW).token(&mut world.emulator).unwrap();
    let body = json!({ "iamToken": token.value.expose() }).to_string();
    let path = "/iam/v1/tokens:revoke";
    let answer = Answer::new(world.emulator.handle(&post(path, &body), at(NOW)));
    assert_eq!(answer.body, json!({ "subjectId": world.account }));
    let whose = whoami(&mut world.emulator, Some(token.authorization().expose()), at(NOW));
    assert_eq!(whose.refused(16, 401), "The token is invalid");
    let again = Answer::new(world.emulator.handle(&post(path, &body), at(NOW)));
    again.refused(3, 400);
    let seen: String = world.emulator.requests().map(|seen| format!("{seen:?}")).collect();
    assert!(!seen.contains(token.value.expose()), "{seen}");
    for body in ["", "[]", "{}", r#"{"iamToken":1}"#, r#"{"iamToken":""}"#] {
        Answer::new(world.emulator.handle(&post(path, body), at(NOW))).refused(3, 400);
    }
}
