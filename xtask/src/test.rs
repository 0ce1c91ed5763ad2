//! `cargo xtask test`: every test of every language, and what the README shows.

mod browsers;
mod js;
mod packages;
mod playground;
mod python;
mod readme;
mod runtimes;
mod rust;

use std::time::Instant;

use crate::failure::{Failure, Result};
use crate::repo::Repo;
use crate::step::Seconds;

/// The tests of one language.
struct Suite {
    name: &'static str,
    run: fn(&Repo) -> Result,
    /// Otherwise it runs only where it is named.
    is_usual: bool,
}

const SUITES: [Suite; 7] = [
    Suite {
        name: "rust",
        run: rust::run,
        is_usual: true,
    },
    Suite {
        name: "python",
        run: python::run,
        is_usual: true,
    },
    Suite {
        name: "js",
        run: js::run,
        is_usual: true,
    },
    Suite {
        name: "packages",
        run: packages::run,
        is_usual: true,
    },
    Suite {
        name: "runtimes",
        run: runtimes::run,
        is_usual: runtimes::IS_FOR_THIS_SYSTEM,
    },
    Suite {
        name: "playground",
        run: playground::run,
        is_usual: playground::IS_FOR_THIS_SYSTEM,
    },
    Suite {
        name: "readme",
        run: readme::run,
        is_usual: true,
    },
];

/// Runs the suites asked for, by default all that this system can run, each of them even if another fails, and says at the end how each ended.
pub fn run(repo: &Repo, arguments: &[String]) -> Result {
    let mut failed = Vec::new();
    let mut summary = Vec::new();
    for suite in chosen(arguments)? {
        let start = Instant::now();
        let result = (suite.run)(repo);
        let took = Seconds(start.elapsed());
        match result {
            Ok(()) => summary.push(format!("{}: all tests passed, {took}", suite.name)),
            Err(failure) => {
                summary.push(format!("{}: {failure}, {took}", suite.name));
                failed.push(suite.name);
            }
        }
    }
    if arguments.is_empty() {
        for suite in SUITES.iter().filter(|suite| !suite.is_usual) {
            summary.push(format!("{}: NOT RUN: not for this system", suite.name));
        }
    }
    println!("\n{}", summary.join("\n"));
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("tests failed: {}", failed.join(", "))))
    }
}

fn chosen(arguments: &[String]) -> Result<Vec<&'static Suite>> {
    for argument in arguments {
        if !SUITES.iter().any(|suite| suite.name == argument) {
            return Err(Failure::new(format!(
                "`test` does not know `{argument}`: it takes rust, python, js, packages, runtimes, playground and readme"
            )));
        }
    }
    let is_named = |suite: &Suite| arguments.iter().any(|name| name == suite.name);
    let wanted = |suite: &&Suite| is_named(suite) || (arguments.is_empty() && suite.is_usual);
    Ok(SUITES.iter().filter(wanted).collect())
}
