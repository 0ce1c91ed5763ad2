//! Random walks through a session of each source: whatever hosts and services answer, and whatever the clock does.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::dice::Dice;
use common::source_world::{SourceWorld, sources};

const WALKS: u64 = 60;
const STEPS: u32 = 200;

#[test]
fn every_source_survives_every_walk() {
    for described in sources() {
        let mut served = 0;
        for seed in 0..WALKS {
            let mut world = SourceWorld::with(&described, Dice::new(seed), seed);
            for _ in 0..STEPS {
                world.step();
            }
            served += world.served;
        }
        // A walk that goes nowhere shows nothing.
        assert!(served > WALKS, "{described} served {served} times only");
    }
}
