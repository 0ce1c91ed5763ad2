//! Random walks through a session: what must hold whatever callers, services and clocks do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use yc_iam::UnixTime;

use common::dates::{http_date, rfc3339};
use common::world::{BEGIN, World, millis};

const WALKS: u64 = 400;
const STEPS: u32 = 400;

#[test]
fn dates_of_this_file_are_right() {
    assert_eq!(rfc3339(1_767_225_600), "2026-01-01T00:00:00Z");
    assert_eq!(
        http_date(784_111_777),
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "RFC 9110, section 5.6.7"
    );
    assert_eq!(rfc3339(253_402_300_799), "9999-12-31T23:59:59Z");
}

#[test]
fn random_walks() {
    let (mut served, mut tokens) = (0, 0);
    for seed in 0..WALKS {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
        }
        served += world.served;
        tokens += world.tokens;
    }
    // A walk that goes nowhere shows nothing.
    assert!(
        tokens > WALKS && served > WALKS * 10,
        "{tokens} tokens, served {served} times"
    );
}

/// Whatever happened, a service that works again gives a token within an hour and a minute.
#[test]
fn every_walk_can_end_well() {
    for seed in 0..WALKS {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
        }
        world.recover();
    }
}

/// A time that a session gave comes back as the same time, whatever a host's floating point does to it.
#[test]
fn times_survive_floating_point() {
    for step in 0..200_000_i64 {
        let secs = BEGIN / 1000 + step * 7919;
        let exact = UnixTime::from_secs(secs).as_secs_f64() + (step % 1000) as f64 / 1000.0;
        let time = UnixTime::from_secs_f64(exact).unwrap();
        assert_eq!(UnixTime::from_secs_f64(time.as_secs_f64()).unwrap(), time, "{exact}");
        assert_eq!(millis(time), secs * 1000 + step % 1000);
    }
}
