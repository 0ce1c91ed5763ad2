//! Paths, methods, bodies, bearers, and the record of it all.

use serde_json::json;
use yc_iam::emulator::{EmulatorOptions, FaultKind, IncomingRequest, OrderedFault, Verdict};

use crate::support::{Answer, Client, NOW, PEM_A, TOKENS, World, at, forge, order, post, pss, whoami};

const ONE_IDENTITY: &str =
    "Request validation error: Exactly one of 'yandexPassportOauthToken' and 'jwt' should be specified.";

fn world() -> World {
    World::new(EmulatorOptions::default())
}

#[test]
fn wants_exactly_one_identity() {
    let mut world = world();
    for body in [
        json!({}),
        json!({ "jwt": null }),
        json!({ "jwt": "a", "yandexPassportOauthToken": "b" }),
    ] {
        assert_eq!(world.send(&body.to_string()).refused(3, 400), ONE_IDENTITY);
    }
    let answer = world.send(r#"{"yandexPassportOauthToken": "y0_AgAAAAAexample"}"#);
    assert_eq!(answer.refused(16, 401), "emulator: the OAuth token is not known");
}

#[test]
fn refuses_bodies_that_are_no_request() {
    let mut world = world();
    let cases = [
        (
            String::new(),
            "the body is not JSON: it breaks at line 1 column 0".to_owned(),
        ),
        (
            r#"{"jwt": "#.to_owned(),
            "the body is not JSON: it breaks at line 1 column 8".to_owned(),
        ),
        (
            "jwt=abc".to_owned(),
            "the body is not JSON: it breaks at line 1 column 1".to_owned(),
        ),
        ("[]".to_owned(), "the body's JSON is not an object".to_owned()),
        (json!({ "jwt": 7 }).to_string(), "`jwt` is not a string".to_owned()),
        (
            json!({ "jwt": "a".repeat(8001) }).to_string(),
            "`jwt` has 8001 characters, more than 8000".to_owned(),
        ),
        // Characters are not bytes.
        (
            json!({ "jwt": "é".repeat(8001) }).to_string(),
            "`jwt` has 8001 characters, more than 8000".to_owned(),
        ),
        (
            json!({ "yandexPassportOauthToken": "\u{1f511}".repeat(4001) }).to_string(),
            "`yandexPassportOauthToken` has 4001 characters, more than 4000".to_owned(),
        ),
        (
            json!({ "yandexPassportOauthToken": "a".repeat(4001) }).to_string(),
            "`yandexPassportOauthToken` has 4001 characters, more than 4000".to_owned(),
        ),
    ];
    for (body, problem) in cases {
        assert_eq!(world.send(&body).refused(3, 400), format!("emulator: {problem}"));
    }
}

#[test]
fn limits_are_characters_in_every_field() {
    let mut world = world();
    let token = Client::new(&world.key, NOW).token(&mut world.emulator).unwrap();
    let cases = [
        (TOKENS, "yandexPassportOauthToken", 4000, "the OAuth token is not known"),
        (
            "/iam/v1/tokens:createForServiceAccount",
            "serviceAccountId",
            50,
            "there is no service account",
        ),
        ("/iam/v1/tokens:revoke", "iamToken", 4096, "was not issued here"),
    ];
    for (path, field, limit, said) in cases {
        let mut request = post(path, &json!({ field: "é".repeat(limit) }).to_string());
        let authorization = token.authorization().expose().to_owned();
        request.headers.push(("Authorization".to_owned(), authorization));
        let answer = Answer::new(world.emulator.handle(&request, at(NOW)));
        assert!(answer.message().contains(said), "{path}: {}", answer.message());
    }
}

#[test]
fn takes_json_under_curls_default_content_type() {
    let mut world = world();
    let jwt = forge(&world.header(), &world.claims(), pss(PEM_A, 32));
    let mut request = post(TOKENS, &json!({ "jwt": jwt }).to_string());
    request.headers = vec![(
        "Content-Type".to_owned(),
        "application/x-www-form-urlencoded".to_owned(),
    )];
    Answer::new(world.emulator.handle(&request, at(NOW))).token();
}

#[test]
fn knows_its_paths_and_methods() {
    let mut world = world();
    let mut ask = |method: &str, target: &str| {
        let request = IncomingRequest {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        Answer::new(world.emulator.handle(&request, at(NOW)))
    };
    assert_eq!(
        ask("GET", "/").refused(5, 404),
        "emulator: nothing is served at this path"
    );
    assert_eq!(
        ask("POST", "/iam/v1/tokens/").refused(5, 404),
        "emulator: nothing is served at this path"
    );
    assert_eq!(
        ask("GET", TOKENS).refused(12, 501),
        "emulator: /iam/v1/tokens does not serve the method GET"
    );
    ask("POST", "/iam/v1/tokens?x=1").refused(3, 400);
    ask("POST", "/emulator/whoami").refused(12, 501);
}

#[test]
fn a_token_is_good_for_its_lifetime() {
    let mut world = world();
    let claims = world.claims();
    let answer = world.send_claims(&claims);
    let token = answer.token().to_owned();
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(
        (parts[0], parts[1].len(), parts[2].len(), parts.len()),
        ("t1", 128, 86, 3)
    );
    // 12 hours behind 2023-11-14T22:13:20Z.
    let expires_at = answer.body["expiresAt"].as_str().unwrap();
    assert!(
        expires_at.starts_with("2023-11-15T10:13:20.") && expires_at.len() == 30,
        "{expires_at}"
    );

    let bearer = format!("Bearer {token}");
    let answer = whoami(&mut world.emulator, Some(&bearer), at(NOW + 43_199));
    assert_eq!(answer.body, json!({ "subjectId": world.account }));
    assert_eq!(
        world.emulator.check_bearer(&bearer, at(NOW)).as_ref(),
        Ok(&world.account)
    );
    let answer = whoami(&mut world.emulator, Some(&bearer), at(NOW + 43_200));
    assert_eq!(answer.refused(16, 401), "The token is invalid");
    assert_eq!(world.last_verdict(), "refused: The token is invalid (it ended 0 s ago)");
    assert_eq!(
        world
            .emulator
            .check_bearer(&bearer, at(NOW + 43_200))
            .unwrap_err()
            .status,
        401
    );

    assert!(world.emulator.revoke_token(&token) && !world.emulator.revoke_token(&token));
    assert_eq!(
        whoami(&mut world.emulator, Some(&bearer), at(NOW)).refused(16, 401),
        "The token is invalid"
    );
    assert_eq!(
        world.last_verdict(),
        "refused: The token is invalid (it was not issued here, or it was revoked)"
    );
}

#[test]
fn a_bearer_has_to_be_one() {
    let mut world = world();
    assert!(
        whoami(&mut world.emulator, None, at(NOW))
            .refused(16, 401)
            .starts_with("emulator: ")
    );
    assert!(
        whoami(&mut world.emulator, Some("Basic YTpi"), at(NOW))
            .refused(16, 401)
            .starts_with("emulator: ")
    );
    assert_eq!(
        whoami(&mut world.emulator, Some("Bearer t1.x.y"), at(NOW)).refused(16, 401),
        "The token is invalid"
    );
}

#[test]
fn the_record_tells_what_came_and_why_it_was_refused_but_no_secret() {
    let mut world = world();
    let mut claims = world.claims();
    let good = world.send_claims(&claims);
    let token = good.token().to_owned();
    whoami(&mut world.emulator, Some(&format!("Bearer {token}")), at(NOW));
    whoami(&mut world.emulator, Some("Bearer short"), at(NOW));
    claims["aud"] = json!("https://example.com");
    let refused = world.send_claims(&claims);
    world.send(r#"{"yandexPassportOauthToken": "odd one"}"#);
    world.send(r#"{"jwt": "no.real.jwt"}"#);
    world.emulator.handle(
        &post(
            "/x?token=t1.9euelZqMkJPPxpLOyo6SkciXko-Lie3rnpWa.c2VjcmV0",
            "eyJhbGciOiJQUzI1NiJ9.e30.c2ln",
        ),
        at(NOW),
    );

    let seen: Vec<_> = world.emulator.requests().cloned().collect();
    assert_eq!(seen[0].body, r#"{"jwt":"[JWT redacted]"}"#);
    assert_eq!(seen[0].jwt_claims.as_deref(), Some(world.claims().to_string().as_str()));
    assert_eq!(seen[0].jwt_header.as_deref(), Some(world.header().to_string().as_str()));
    assert_eq!((seen[0].status, seen[0].verdict.is_accepted()), (200, true));
    assert_eq!(
        seen[1].headers,
        [("Authorization".to_owned(), "Bearer [IAM token redacted]".to_owned())]
    );
    assert_eq!(seen[2].headers, [("Authorization".to_owned(), "[redacted]".to_owned())]);
    assert_eq!(seen[3].verdict, Verdict::Refused(refused.message().to_owned()));
    assert_eq!(
        seen[3].request_id,
        refused.reply.response.header("x-request-id").unwrap()
    );
    assert_eq!(seen[4].body, r#"{"yandexPassportOauthToken":"[OAuth token redacted]"}"#);
    assert_eq!(seen[5].body, r#"{"jwt":"[JWT redacted]"}"#);
    assert_eq!(
        (seen[6].target.as_str(), seen[6].body.as_str()),
        ("/x?token=[IAM token redacted]", "[JWT redacted]")
    );
    let everything = format!("{seen:?} {:?}", world.emulator);
    assert!(!everything.contains(&token) && !everything.contains("c2VjcmV0") && !everything.contains("odd one"));
    world.emulator.forget_requests();
    assert_eq!(world.emulator.requests().len(), 0);
}

#[test]
fn faults_strike_their_path_as_often_as_ordered_and_in_order() {
    let mut world = world();
    let status = |status| FaultKind::Status {
        status,
        retry_after: None,
    };
    world.emulator.order(OrderedFault {
        path: Some(TOKENS.to_owned()),
        times: 2,
        kind: status(503),
    });
    world.emulator.order(order(1, status(429)));
    world.emulator.order(order(2, FaultKind::Delay { millis: 1500 }));
    world.emulator.order(order(0, status(418)));
    let claims = world.claims();
    assert_eq!(
        whoami(&mut world.emulator, None, at(NOW)).refused(8, 429),
        "emulator: a fault was ordered: status 429"
    );
    assert_eq!(
        world.send_claims(&claims).refused(14, 503),
        "emulator: a fault was ordered: status 503"
    );
    let seen = world.emulator.requests().last().unwrap();
    assert_eq!(seen.verdict, Verdict::NotJudged("status 503".to_owned()));
    assert_eq!(seen.faults, ["delay of 1500 ms", "status 503"]);
    let last = world.send_claims(&claims);
    assert_eq!((last.status, last.reply.delay_millis), (503, 0));
    world.send_claims(&claims).token();

    world.emulator.order(order(9, status(500)));
    world.emulator.cancel_orders();
    world.send_claims(&claims).token();
}

#[test]
fn a_fault_of_each_kind() {
    let mut world = world();
    let jwt = forge(&world.header(), &world.claims(), pss(PEM_A, 32));
    let request = post(TOKENS, &json!({ "jwt": jwt }).to_string());
    let mut strike = |kind| {
        world.emulator.order(order(1, kind));
        world.emulator.handle(&request, at(NOW))
    };
    let reply = strike(FaultKind::Status {
        status: 429,
        retry_after: Some("7".to_owned()),
    });
    assert_eq!(reply.response.header("retry-after"), Some("7"));
    let reply = strike(FaultKind::Html { status: 502 });
    assert_eq!(
        (reply.response.status, reply.response.header("x-request-id")),
        (502, None)
    );
    assert_eq!(reply.response.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(reply.response.body.starts_with(b"<!DOCTYPE html>"));
    let reply = strike(FaultKind::Truncated);
    let yc_iam::emulator::Delivery::Truncated(len) = reply.delivery else {
        panic!("{reply:?}")
    };
    assert_eq!(len, reply.response.body.len() / 2);
    assert_eq!(strike(FaultKind::Dropped).delivery, yc_iam::emulator::Delivery::Dropped);
    let reply = strike(FaultKind::ClockOffset { secs: -30 });
    assert_eq!(reply.response.header("date"), Some("Tue, 14 Nov 2023 22:12:50 GMT"));
    assert_eq!(world.emulator.tokens_issued(), 3);
}
