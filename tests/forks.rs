//! A session in a process that was forked off: it keeps what both may use, and shares nothing that is under way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::HashSet;

use yc_iam::{Effect, Endpoints, ErrorCode, OauthSource, Outcome, Session, SessionOptions, Step, UnixTime};

use common::answer;

const NOW: i64 = 1_767_225_600;

fn at(after: i64) -> UnixTime {
    UnixTime::from_secs(NOW + after)
}

fn session() -> Session {
    let options = SessionOptions {
        endpoints: Endpoints::global(),
        seed: 1,
    };
    Session::new(OauthSource::new("y0_forkingExampleOfNoAccount").unwrap(), options)
}

fn asked(session: &mut Session, after: i64) -> Effect {
    match session.poll(at(after)) {
        Step::Perform(effect) => effect,
        step => panic!("{step:?}"),
    }
}

/// The token that is served, and until when it is fresh.
fn served(session: &mut Session, after: i64) -> (String, UnixTime) {
    match session.poll(at(after)) {
        Step::Use { token, fresh_until } => (token.value.expose().to_owned(), fresh_until),
        step => panic!("{step:?}"),
    }
}

/// Lives for twelve hours from the begin.
fn token(value: &str) -> Outcome {
    let body = format!(r#"{{"iamToken":"{value}","expiresAt":"2026-01-01T12:00:00Z"}}"#);
    Outcome::Response(answer(200, &body))
}

fn with_token() -> Session {
    let mut session = session();
    let effect = asked(&mut session, 0);
    session.complete(effect.id, at(0), token("t1.first")).unwrap();
    session
}

#[test]
fn the_token_serves_both_and_is_renewed_at_another_time() {
    let ends: HashSet<_> = (0..100)
        .map(|seed| {
            let mut child = with_token();
            child.forked(seed);
            let (value, fresh_until) = served(&mut child, 0);
            assert_eq!(value, "t1.first");
            assert!(fresh_until > at(0) && fresh_until < at(12 * 3600));
            fresh_until
        })
        .collect();
    assert!(ends.len() > 80, "{} times of 100", ends.len());
}

#[test]
fn an_exchange_under_way_is_not_awaited() {
    let mut child = session();
    let of_the_parent = asked(&mut child, 0);
    child.forked(2);
    let own = asked(&mut child, 1);
    assert_ne!(own.id, of_the_parent.id);
    // A thread that went on into the child reports what was its parent's.
    child.complete(of_the_parent.id, at(1), token("t1.parent")).unwrap();
    assert!(matches!(child.poll(at(1)), Step::Wait { in_flight: true, .. }));
    child.complete(own.id, at(2), token("t1.own")).unwrap();
    assert_eq!(served(&mut child, 2).0, "t1.own");
}

#[test]
fn a_renewal_under_way_is_begun_anew() {
    let mut child = with_token();
    let of_the_parent = asked(&mut child, 2 * 3600);
    // While it goes on, the old token serves all others.
    assert_eq!(served(&mut child, 2 * 3600).0, "t1.first");
    child.forked(2);
    let own = asked(&mut child, 2 * 3600);
    assert_ne!(own.id, of_the_parent.id);
    assert_eq!(served(&mut child, 2 * 3600).0, "t1.first");
    child.complete(own.id, at(2 * 3600), token("t1.own")).unwrap();
    assert_eq!(served(&mut child, 2 * 3600).0, "t1.own");
}

#[test]
fn what_a_service_said_counts_for_the_child() {
    let mut child = session();
    let effect = asked(&mut child, 0);
    let refused = Outcome::Response(answer(403, r#"{"code":7,"message":"no"}"#));
    child.complete(effect.id, at(0), refused).unwrap();
    child.forked(2);
    match child.poll(at(0)) {
        Step::Fail(error) => assert_eq!(error.code(), ErrorCode::PermissionDenied),
        step => panic!("{step:?}"),
    }
}
