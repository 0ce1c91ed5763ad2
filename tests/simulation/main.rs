//! Fleets of sessions and the emulator, wired in memory on a virtual clock: a discrete-event simulation with a seed.
//!
//! What must hold is in `invariants.rs`, what can go wrong in `scenario.rs`, `network.rs` and `files.rs`. The usual runs
//! are tests; `cargo xtask simulate` runs longer ones, and any single one again.
//!
//! Most sessions bring OAuth tokens, metadata or external tokens: signatures in thousands of sessions would measure the
//! signer. External tokens are shared by the pods of a node, as their files are not, so that a signature is made for
//! each file and verified for each exchange. Keys with real signatures are in the scenarios where their times matter.
// Once in a run of all tests: the other signer changes nothing here.
#![cfg(all(feature = "emulator", not(feature = "aws-lc")))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub
)]

mod broken;
mod callers;
#[path = "../common/mod.rs"]
mod common;
mod effects;
mod files;
mod growth;
mod instance;
mod invariants;
mod machine;
mod network;
mod queue;
mod random;
mod report;
mod runs;
mod scenario;
mod scenarios;
mod service;
mod soak;
mod world;

use std::time::Duration;

use runs::Plan;
use scenario::Scenario;
use soak::{End, Soak, Spell};
use yc_iam_meter::Meter;

#[global_allocator]
static METER: Meter = Meter;

fn named(name: &str) -> Scenario {
    let all = scenarios::all();
    let names: Vec<&str> = all.iter().map(|scenario| scenario.name).collect();
    let known = names.join(", ");
    let found = all.into_iter().find(|scenario| scenario.name == name);
    found.unwrap_or_else(|| panic!("there is no scenario `{name}`; there are {known}"))
}

macro_rules! usual_runs {
    ($($test:ident: $name:literal,)*) => {
        $(#[test]
        fn $test() {
            runs::usual(&named($name));
        })*

        #[test]
        fn every_scenario_has_its_test() {
            let names: Vec<&str> = scenarios::all().iter().map(|scenario| scenario.name).collect();
            assert_eq!(names, [$($name),*]);
        }
    };
}

usual_runs! {
    steady: "steady",
    deployment: "deployment",
    serverless: "serverless",
    short_outage: "short-outage",
    long_outage: "long-outage",
    herd: "herd",
    skewed_clocks: "skewed-clocks",
    rotations: "rotations",
    revocations: "revocations",
    short_lived: "short-lived",
    chaos: "chaos",
}

#[test]
fn a_seed_is_a_world() {
    let mut scenario = named("chaos");
    scenario.lasts /= 4;
    let [one, two] = [7, 7].map(|seed| runs::run(&scenario, seed).unwrap_or_else(|violation| panic!("{violation}")));
    assert_eq!(one.row("", 0.0), two.row("", 0.0));
    assert_eq!((one.per_second, one.errors), (two.per_second, two.errors));
}

/// What `cargo xtask simulate` starts, with its options in the environment.
#[test]
#[ignore = "started by `cargo xtask simulate`"]
fn on_demand() {
    let option = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let plan = Plan {
        scenarios: option("SIMULATE_SCENARIO").map_or_else(scenarios::all, |name| vec![named(&name)]),
        hours: option("SIMULATE_HOURS").map(|hours| hours.parse().expect("a number of session-hours")),
        seed: option("SIMULATE_SEED").map(|seed| seed.parse().expect("a seed: a whole number")),
    };
    let violations = plan.execute();
    for violation in &violations {
        println!("\n{violation}");
    }
    assert!(violations.is_empty(), "{} runs broke an invariant", violations.len());
}

/// What `cargo xtask soak` starts, for so many minutes.
#[test]
#[ignore = "started by `cargo xtask soak`"]
fn for_minutes() {
    let option = |name: &str| std::env::var(name).ok().map(|value| value.parse().expect("a number"));
    let minutes: f64 = option("SOAK_MINUTES").unwrap_or(60.0);
    let soak = Soak {
        seed: option("SOAK_SEED").map_or(runs::USUAL_SEED, |seed| seed as u64),
        days: 7,
        end: End::After(Duration::from_secs_f64(minutes * 60.0)),
        wrap: machine::unbroken,
    };
    let growth = soak.run(|number, week: &Spell| {
        if number.is_power_of_two() || number % 50 == 0 {
            println!("week {number:>5}: {week}");
        }
    });
    println!("{}", growth.unwrap_or_else(|what| panic!("{what}")));
}
