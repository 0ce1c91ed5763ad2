//! Random walks through calls: what must hold whatever hosts, services and clocks do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use yc_iam::api::{Call, CallOptions, CallStep};
use yc_iam::{Outcome, Response, Secret};

use common::at;
use common::call_world::{CallClock, CallWorld, kinds};
use common::dice::Dice;
use common::tasks;

const WALKS: u64 = 4_000;

/// A host that polls early needs a few hundred steps for ten minutes of waiting; nobody needs this many.
const STEPS: u32 = 6_000;

#[test]
fn random_walks() {
    let (mut done, mut failed, mut wild) = (0, 0, 0);
    for seed in 0..WALKS {
        let mut world = CallWorld::new(seed);
        let mut steps = 0;
        while world.ended.is_none() {
            world.step();
            steps += 1;
            assert!(steps < STEPS, "walk {seed} does not end");
        }
        // After the end, nothing changes any more.
        for _ in 0..20 {
            world.step();
        }
        wild += u64::from(world.clock == CallClock::Wild);
        match world.ended {
            Some(CallStep::Done(_)) => done += 1,
            _ => failed += 1,
        }
    }
    assert!(
        done > WALKS / 20 && failed > WALKS / 20 && wild > WALKS / 3,
        "{done} done, {failed} failed, {wild} with a wild clock"
    );
}

/// Bytes of all kinds, and answers that are almost good, as the answer to every task.
#[test]
fn random_answers() {
    let good: Vec<Vec<u8>> = common::cases("api_answers")
        .iter()
        .filter(|case| case["answer"].is_object() && case["body"]["text"].is_string())
        .map(|case| common::bytes(&case["body"]))
        .filter(|body| (2..2_000).contains(&body.len()))
        .collect();
    assert!(good.len() > 50, "only {} answers", good.len());
    let mut dice = Dice::new(1);
    for round in 0..400 {
        for described in kinds() {
            let mut body = if dice.roll(5) == 0 {
                (0..dice.roll(300)).map(|_| dice.roll(256) as u8).collect()
            } else {
                good[dice.roll(good.len() as u64) as usize].clone()
            };
            for _ in 0..dice.roll(4) {
                let place = dice.roll(body.len() as u64 + 1) as usize;
                match dice.roll(4) {
                    0 => body.truncate(place),
                    1 => body.insert(place, dice.pick(b"{}[]\",:0\\\x00\xff\n")),
                    _ if place < body.len() => body[place] = dice.roll(256) as u8,
                    _ => {}
                }
            }
            let status = dice.pick(&[200, 200, 200, 201, 400, 503]);
            let response = Response {
                status,
                headers: Vec::new(),
                body,
            };
            let mut call = Call::new(tasks::task(described).unwrap(), CallOptions::default());
            let mut now = 1_767_225_600.0;
            let ended = (0..1_000).any(|_| {
                match call.poll(at(now)) {
                    CallStep::Authorize { .. } => call.authorize(&Secret::new("t1.walk".to_owned())),
                    CallStep::Perform(effect) => {
                        let outcome = Outcome::Response(response.clone());
                        call.complete(effect.id, at(now), outcome).unwrap();
                    }
                    CallStep::Wait { until } => now = until.as_secs_f64(),
                    CallStep::Done(_) => return true,
                    CallStep::Fail(error) => {
                        assert!(!error.hint().is_empty() && !error.message().contains('\n'), "{error:?}");
                        return true;
                    }
                }
                false
            });
            assert!(ended, "round {round}: {described} never ends with {response:?}");
        }
    }
}
