//! A session and an emulator, wired together without a network, on a virtual clock.

use yc_iam::emulator::{EmulatorOptions, FaultKind, IncomingRequest};
use yc_iam::{
    Action, ErrorCode, Fault, Freshness, MetadataSource, Outcome, Ps256Signer, RustCryptoSigner, Schedule,
    ServiceAccountSource, Signing, Step,
};

use crate::support::{Client, NOW, World, order, whoami};

fn world() -> World {
    World::new(EmulatorOptions::default())
}

#[test]
fn a_token_is_obtained_used_and_renewed_after_an_hour() {
    let mut world = world();
    let mut client = Client::new(&world.key, NOW);
    let first = client.token(&mut world.emulator).unwrap();
    assert_eq!(first.expires_at.as_secs(), NOW + 43_200);
    let answer = whoami(&mut world.emulator, Some(first.authorization().expose()), client.now);
    assert_eq!(answer.body["subjectId"], world.account);

    client.sleep(3000.0);
    assert_eq!(client.token(&mut world.emulator).unwrap(), first);
    assert_eq!(client.exchanges, 1);
    client.sleep(1000.0);
    let second = client.token(&mut world.emulator).unwrap();
    assert_eq!(client.exchanges, 2);
    assert_ne!(second.value, first.value);
    // Older tokens stay valid.
    for token in [&first, &second] {
        assert_eq!(
            whoami(&mut world.emulator, Some(token.authorization().expose()), client.now).status,
            200
        );
    }
    assert_eq!(Schedule::new(&second, 7).freshness(client.now), Freshness::Fresh);
}

#[test]
fn passing_faults_are_passed() {
    let status = |status, retry_after: Option<&str>| FaultKind::Status {
        status,
        retry_after: retry_after.map(str::to_owned),
    };
    let kinds = [
        (status(500, None), 0.0),
        (status(503, None), 0.0),
        (status(503, Some("3")), 3.0),
        (status(429, Some("20")), 20.0),
        (status(503, Some("Tue, 14 Nov 2023 22:13:25 GMT")), 5.0),
        (status(408, None), 0.0),
        (FaultKind::Truncated, 0.0),
        (FaultKind::Html { status: 502 }, 0.0),
        (FaultKind::Dropped, 0.0),
    ];
    for (kind, at_least) in kinds {
        let mut world = world();
        let mut client = Client::new(&world.key, NOW);
        world.emulator.order(order(1, kind.clone()));
        client
            .token(&mut world.emulator)
            .unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert_eq!(client.exchanges, 2, "{kind:?}");
        let waited = client.now.as_secs_f64() - NOW as f64;
        assert!((at_least..=at_least + 0.2).contains(&waited), "{kind:?}: {waited}");
    }
}

#[test]
fn lasting_faults_end_in_their_own_error_after_five_tries() {
    let kinds = [
        (
            FaultKind::Status {
                status: 503,
                retry_after: None,
            },
            ErrorCode::ServerError,
        ),
        (
            FaultKind::Status {
                status: 429,
                retry_after: None,
            },
            ErrorCode::RateLimited,
        ),
        (FaultKind::Truncated, ErrorCode::TruncatedResponse),
        (FaultKind::Html { status: 502 }, ErrorCode::ServerError),
        (FaultKind::Dropped, ErrorCode::ConnectionFailed),
    ];
    for (kind, code) in kinds {
        let mut world = world();
        let mut client = Client::new(&world.key, NOW);
        world.emulator.order(order(u32::MAX, kind.clone()));
        let error = client.token(&mut world.emulator).unwrap_err();
        assert_eq!((error.code(), client.exchanges), (code, 5), "{kind:?}");
        assert!(error.transient());
        world.emulator.cancel_orders();
        client.sleep(2.0);
        client.token(&mut world.emulator).unwrap();
    }
}

#[test]
fn what_is_final_is_not_tried_again() {
    let kinds = [
        (
            FaultKind::Status {
                status: 400,
                retry_after: None,
            },
            ErrorCode::BadRequest,
        ),
        (
            FaultKind::Status {
                status: 401,
                retry_after: None,
            },
            ErrorCode::Unauthenticated,
        ),
        (
            FaultKind::Status {
                status: 403,
                retry_after: None,
            },
            ErrorCode::PermissionDenied,
        ),
        (
            FaultKind::Status {
                status: 404,
                retry_after: None,
            },
            ErrorCode::NotFound,
        ),
        (FaultKind::Html { status: 200 }, ErrorCode::HtmlResponse),
    ];
    for (kind, code) in kinds {
        let mut world = world();
        let mut client = Client::new(&world.key, NOW);
        world.emulator.order(order(u32::MAX, kind.clone()));
        let error = client.token(&mut world.emulator).unwrap_err();
        assert_eq!((error.code(), client.exchanges), (code, 1), "{kind:?}");
    }
}

#[test]
fn the_answers_request_id_is_the_records() {
    let mut world = world();
    let mut client = Client::new(&world.key, NOW);
    world.emulator.order(order(
        1,
        FaultKind::Status {
            status: 403,
            retry_after: None,
        },
    ));
    let error = client.token(&mut world.emulator).unwrap_err();
    assert_eq!(
        error.request_id(),
        Some(world.emulator.requests().last().unwrap().request_id.as_str())
    );
}

#[test]
fn a_slow_answer_is_an_answer() {
    let mut world = world();
    let mut client = Client::new(&world.key, NOW);
    world.emulator.order(order(1, FaultKind::Delay { millis: 9_000 }));
    client.token(&mut world.emulator).unwrap();
    assert_eq!((client.exchanges, client.now.as_secs()), (1, NOW + 9));
}

#[test]
fn a_failed_renewal_leaves_the_old_token() {
    let mut world = world();
    let mut client = Client::new(&world.key, NOW);
    let first = client.token(&mut world.emulator).unwrap();
    world.emulator.order(order(u32::MAX, FaultKind::Dropped));
    client.sleep(5_000.0);
    assert_eq!(client.token(&mut world.emulator).unwrap(), first);
    assert_eq!(client.exchanges, 2);
    client.sleep(29.0);
    assert_eq!(client.token(&mut world.emulator).unwrap(), first);
    assert_eq!(client.exchanges, 2);
    client.sleep(2.0);
    assert_eq!(client.token(&mut world.emulator).unwrap(), first);
    assert_eq!(client.exchanges, 3);
    world.emulator.cancel_orders();
    client.sleep(31.0);
    assert_ne!(client.token(&mut world.emulator).unwrap().value, first.value);
}

#[test]
fn a_clock_that_is_hours_off_is_corrected() {
    for offset in [7200, -7200, 90, -4000] {
        let mut world = World::new(EmulatorOptions {
            clock_offset: offset,
            ..EmulatorOptions::default()
        });
        let mut client = Client::new(&world.key, NOW);
        let token = client
            .token(&mut world.emulator)
            .unwrap_or_else(|error| panic!("{offset}: {error}"));
        assert_eq!(client.now.as_secs(), NOW);
        assert_eq!(token.issued_at.as_secs(), NOW + offset, "{offset}");
        let verdicts: Vec<bool> = world
            .emulator
            .requests()
            .map(|seen| seen.verdict.is_accepted())
            .collect();
        let expected: &[bool] = if offset == 90 { &[true] } else { &[false, true] };
        assert_eq!(verdicts, expected, "{offset}");
        // And the token serves for an hour by the local clock.
        client.sleep(3000.0);
        assert_eq!(client.token(&mut world.emulator).unwrap(), token);
        assert_eq!(
            whoami(&mut world.emulator, Some(token.authorization().expose()), client.now).status,
            200
        );
    }
}

#[test]
fn a_clock_fault_on_order_is_corrected_too() {
    let mut world = world();
    let mut client = Client::new(&world.key, NOW);
    world.emulator.order(order(2, FaultKind::ClockOffset { secs: 7200 }));
    client.token(&mut world.emulator).unwrap();
    assert_eq!(client.exchanges, 2);
    let seen: Vec<_> = world.emulator.requests().map(|seen| seen.verdict.to_string()).collect();
    assert_eq!(
        seen[0],
        "refused: emulator: the JWT's `exp` is 3600 s behind the emulator's clock; the tolerance is 60 s"
    );
    assert_eq!(seen[1], format!("accepted for {}", world.account));
}

#[test]
fn a_deleted_key_is_unauthenticated_and_says_so() {
    let mut world = world();
    let mut client = Client::new(&world.key, NOW);
    world.emulator.delete_key(world.key.id());
    let error = client.token(&mut world.emulator).unwrap_err();
    assert_eq!(
        (error.code(), error.fault(), error.status()),
        (ErrorCode::Unauthenticated, Fault::Remote, Some(401))
    );
    assert_eq!(
        error.message(),
        format!("the service answered 401: `Key '{}' was not found`", world.key.id())
    );
    assert_eq!(client.exchanges, 1);
}

#[test]
fn a_revoked_token_is_replaced_after_invalidate() {
    let mut world = world();
    let mut client = Client::new(&world.key, NOW);
    let first = client.token(&mut world.emulator).unwrap();
    world.emulator.revoke_token(first.value.expose());
    assert_eq!(
        whoami(&mut world.emulator, Some(first.authorization().expose()), client.now).status,
        401
    );
    assert!(client.session.invalidate(&first.value));
    let second = client.token(&mut world.emulator).unwrap();
    assert_eq!(
        whoami(&mut world.emulator, Some(second.authorization().expose()), client.now).status,
        200
    );
}

#[test]
fn a_signature_from_outside_is_as_good() {
    let mut world = world();
    let signer = RustCryptoSigner::new(&world.key).unwrap();
    let mut client = Client::with_source(
        ServiceAccountSource::with_signing(world.key.clone(), Signing::Outside),
        NOW,
    );
    loop {
        match client.session.poll(client.now) {
            Step::Use { token, .. } => {
                assert_eq!(
                    whoami(&mut world.emulator, Some(token.authorization().expose()), client.now).status,
                    200
                );
                return;
            }
            Step::Perform(effect) => {
                let outcome = match &effect.action {
                    Action::Sign(input) => Outcome::Signature(signer.sign(input.as_str().as_bytes()).unwrap()),
                    Action::Http(request) => {
                        let reply = world.emulator.handle(&IncomingRequest::from(request), client.now);
                        reply.into_outcome()
                    }
                    other => panic!("{other:?}"),
                };
                client.session.complete(effect.id, client.now, outcome).unwrap();
            }
            step => panic!("{step:?}"),
        }
    }
}

/// A life in seconds counts from its issue: a process that was frozen in between must not count from its thaw.
#[test]
fn an_answer_that_is_read_after_a_freeze_is_as_old_as_its_request() {
    let mut world = World::new(EmulatorOptions {
        token_lifetime: 900,
        ..EmulatorOptions::default()
    });
    world.emulator.attach_service_account(Some(&world.account)).unwrap();
    let mut client = Client::with_source(MetadataSource::new(), NOW);
    let Step::Perform(effect) = client.session.poll(client.now) else {
        panic!()
    };
    let Action::Http(request) = &effect.action else {
        panic!()
    };
    let outcome = world
        .emulator
        .handle(&IncomingRequest::from(request), client.now)
        .into_outcome();
    client.sleep(600.0);
    client.session.complete(effect.id, client.now, outcome).unwrap();
    let token = client.token(&mut world.emulator).unwrap();
    assert_eq!(token.expires_at.as_secs(), NOW + 900);
    client.sleep(300.0);
    let next = client.token(&mut world.emulator).unwrap();
    assert_ne!(next.value, token.value);
}
