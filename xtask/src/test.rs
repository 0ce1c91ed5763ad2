//! `cargo xtask test`: every test of every language, and what the README shows.

mod js;
mod python;
mod readme;
mod rust;

use std::time::Instant;

use crate::failure::{Failure, Result};
use crate::repo::Repo;
use crate::step::Seconds;

/// The tests of one language.
struct Suite {
    name: &'static str,
    run: fn(&Repo) -> Result,
}

const SUITES: [Suite; 4] = [
    Suite {
        name: "rust",
        run: rust::run,
    },
    Suite {
        name: "python",
        run: python::run,
    },
    Suite {
        name: "js",
        run: js::run,
    },
    Suite {
        name: "readme",
        run: readme::run,
    },
];

/// Runs the suites asked for, all of them even if one fails, and says at the end how each ended.
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
                "`test` does not know `{argument}`: it takes rust, python, js and readme"
            )));
        }
    }
    let wanted = |suite: &&Suite| arguments.is_empty() || arguments.iter().any(|name| name == suite.name);
    Ok(SUITES.iter().filter(wanted).collect())
}
