//! The chores of this repository, as one command: `cargo xtask help`.
//!
//! Each chore sets up what it needs, says what it is doing, and when it cannot go on says what is missing and how to
//! get it. What they make lands in `target/`, `js/dist/` and `js/node_modules/`; only `bench` also writes what is tracked, in
//! `docs/` and README.md, and `dist --check-reproducible` has two trees among the system's temporary directories meanwhile.

mod bench;
mod build;
mod cargo;
mod demo;
mod dist;
mod emulator;
mod failure;
mod fuzz;
mod glue;
mod js;
mod npm;
mod playground;
mod python;
mod repo;
mod simulate;
mod soak;
mod stamp;
mod step;
mod test;
mod tools;
mod wasm;

use std::process::ExitCode;

use failure::{Failure, Result};
use repo::Repo;

const HELP: &str = "\
cargo xtask <command>

  test [rust] [python] [js] [runtimes] [playground] [packages] [readme]
                                 run these tests, by default all; `packages` looks at what would be published, `readme`
                                 runs what the README and docs/ show, `runtimes` the npm package in other Nodes, Deno,
                                 Bun, workerd, edge-runtime, Chromium and Firefox, `playground` the page in both
                                 browsers: they install browsers with apt-get where there are none
  demo [--key-file key.json]     get an IAM token from Rust, Python and Node: from the embedded emulator,
                                 or with a key file from the real service
  demo --tutorial                a pod without a key: federation, token, exchange, secret, in each language
  bench [--only rivals|serverless] [--rounds N] [--quick] [--date YYYY-MM-DD]
                                 measure against other packages, and functions; writes target/bench/, and docs/speed.md,
                                 docs/speed.svg and the README's table unless only a part or quickly
  simulate [--hours N] [--seed S] [--scenario NAME]
                                 fleets of sessions on a virtual clock, by default a million session-hours; with a
                                 seed one run of each scenario, as a failure tells
  soak [rust] [python] [node] [--minutes N] [--load N]
                                 so many minutes of virtual weeks, by default 60, and of real load, by default 10, in each
                                 language (Linux): memory, open files and threads must not grow, and nobody may hang
  fuzz <target> [--seconds N]    libFuzzer on a target of tests/fuzz/, by default for a minute; needs a C++ compiler
  build [wasm] [js] [python]     build the packages, by default all of them
  build playground               build the page that explains keys and tokens into target/playground
  dist [wheels] [packages] [sbom] [--target TRIPLE]...
                                 all that is published, in target/dist/, by default everything that Linux builds
  dist --check-reproducible      pack twice, in two directories, and compare every byte
  help                           show this text
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    let repo = Repo::locate()?;
    match command {
        "test" => test::run(&repo, rest),
        "demo" => demo::run(&repo, rest),
        "bench" => bench::run(&repo, rest),
        "fuzz" => fuzz::run(&repo, rest),
        "simulate" => simulate::run(&repo, rest),
        "soak" => soak::run(&repo, rest),
        "build" => build::run(&repo, rest),
        "dist" => dist::run(&repo, rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(Failure::new(format!(
            "there is no command `{other}`; `cargo xtask help` lists what there is"
        ))),
    }
}
