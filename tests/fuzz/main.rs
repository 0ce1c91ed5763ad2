//! Fuzz targets, moved by seed over the vectors; `cargo xtask fuzz` has libFuzzer move them, for as long as one likes.

#![cfg(all(feature = "emulator", feature = "http1"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;
mod mutations;
mod targets;

use std::time::{Duration, Instant};

use common::dice::Dice;
use mutations::mutated;
use targets::{ALL, Target};
use yc_iam_meter::Meter;

#[global_allocator]
static METER: Meter = Meter;

/// How many mutated inputs each target gets.
const ROUNDS: u32 = 400;

/// An input that takes longer than this, on any machine, hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs an input, and says which one it was if it fails.
fn check(target: &Target, input: &[u8]) -> f64 {
    let begin = Instant::now();
    let run = std::panic::AssertUnwindSafe(|| target.check(input));
    let share = std::panic::catch_unwind(run).unwrap_or_else(|_| {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
        let path = folder.join(format!("fuzz-{}", target.name));
        std::fs::write(&path, input).unwrap();
        panic!("{} fails; the input is in {}", target.name, path.display())
    });
    assert!(begin.elapsed() < PATIENCE, "{} hangs on {input:?}", target.name);
    share
}

/// Inputs that fuzzers found, and that once failed.
fn found(target: &Target) -> Vec<Vec<u8>> {
    let folder = common::folder("fuzz/found").join(target.name);
    let files = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn fuzz(target: &Target) {
    let mut inputs = target.seeds();
    assert!(inputs.len() > 5, "{} has {} seeds", target.name, inputs.len());
    inputs.extend(found(target));
    inputs.push(Vec::new());
    target.warm_up();
    let mut most: f64 = 0.0;
    for input in &inputs {
        most = most.max(check(target, input));
    }
    let mut dice = Dice::new(1);
    for _ in 0..ROUNDS {
        most = most.max(check(target, &mutated(&mut dice, &inputs)));
    }
    println!(
        "{}: {} seeds, at most {:.0} % of the memory",
        target.name,
        inputs.len(),
        most * 100.0
    );
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test]
        #[cfg_attr(feature = "aws-lc", ignore = "once is enough")]
        fn $name() {
            fuzz(Target::named(stringify!($name)).unwrap());
        })*

        #[test]
        fn every_target_is_run() {
            let names: Vec<&str> = ALL.iter().map(|target| target.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

targets! {
    key_text explain redact response api_answer jwt token_file kubeconfig secret session source call emulator http1 round_trips
}

/// Writes the seeds where libFuzzer reads them: `FUZZ_SEEDS` is the folder, with one of its own for each target.
#[test]
#[ignore = "for `cargo xtask fuzz`"]
fn write_seeds() {
    let folder = std::path::PathBuf::from(std::env::var_os("FUZZ_SEEDS").unwrap());
    for target in ALL {
        let folder = folder.join(target.name);
        std::fs::create_dir_all(&folder).unwrap();
        for (number, seed) in target.seeds().into_iter().chain(found(target)).enumerate() {
            std::fs::write(folder.join(format!("seed-{number:04}")), seed).unwrap();
        }
        std::fs::write(folder.with_extension("dict"), mutations::dictionary()).unwrap();
    }
}
