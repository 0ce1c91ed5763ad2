//! Sequences of polls, reports and times: the worlds of the random walks, with a fuzzer's bytes for dice.

use std::sync::LazyLock;

use serde_json::Value;

use crate::common::call_world::CallWorld;
use crate::common::dice::Dice;
use crate::common::source_world::{SourceWorld, sources};
use crate::common::world::World;

/// A call of ten minutes ends after this many steps, or never.
const MAX_CALL_STEPS: u32 = 6_000;

pub(crate) fn session(input: &[u8]) {
    let mut world = World::with(Dice::tape(input), 1);
    while !world.is_over() {
        world.step();
    }
    // Whatever happened, a service that works again gives a token.
    world.recover();
}

/// The first byte chooses the source.
pub(crate) fn source(input: &[u8]) {
    static SOURCES: LazyLock<Vec<Value>> = LazyLock::new(sources);
    let Some((which, tape)) = input.split_first() else {
        return;
    };
    let described = &SOURCES[usize::from(*which) % SOURCES.len()];
    let mut world = SourceWorld::with(described, Dice::tape(tape), 1);
    while !world.is_over() {
        world.step();
    }
}

pub(crate) fn call(input: &[u8]) {
    let mut world = CallWorld::with(Dice::tape(input), 1);
    let mut steps = 0;
    while !world.is_over() && steps < MAX_CALL_STEPS {
        world.step();
        steps += 1;
    }
}
