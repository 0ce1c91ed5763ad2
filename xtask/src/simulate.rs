//! `cargo xtask simulate`: the simulation of `tests/simulation`, longer than its tests, or one run of it again.

use crate::cargo::cargo;
use crate::failure::{Failure, Result};
use crate::repo::Repo;
use crate::step::step;

/// Session-hours, unless told otherwise.
const HOURS: &str = "1000000";

/// The options and how the simulation is told of them.
const OPTIONS: [(&str, &str); 3] = [
    ("--hours", "SIMULATE_HOURS"),
    ("--seed", "SIMULATE_SEED"),
    ("--scenario", "SIMULATE_SCENARIO"),
];

/// Compiles the simulation with optimisation, runs it, and lets it print its table.
pub fn run(repo: &Repo, arguments: &[String]) -> Result {
    let settings = settings(arguments)?;
    step("simulating", || {
        let program = cargo(repo)
            .args(["test", "--quiet", "--package", "yc-iam", "--profile", "simulation"])
            .args(["--features", "emulator", "--test", "simulation"])
            .args(["--", "--ignored", "--exact", "on_demand", "--nocapture"]);
        settings
            .iter()
            .fold(program, |program, (name, value)| program.env(name, value))
            .run()
    })
}

/// Environment variables out of arguments. One run with a seed is as long as it usually is, unless hours are given.
fn settings(arguments: &[String]) -> Result<Vec<(&'static str, String)>> {
    let mut settings = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let known = OPTIONS.iter().find(|(option, _)| option == argument);
        let Some(((_, variable), value)) = known.zip(rest.next()) else {
            return Err(Failure::new(format!(
                "`{argument}` is not an option of `simulate`, or has no value; there are --hours N, --seed S and --scenario NAME"
            )));
        };
        if *variable != "SIMULATE_SCENARIO" && value.parse::<u64>().is_err() {
            return Err(Failure::new(format!("`{value}` is not a number for `{argument}`")));
        }
        settings.push((*variable, value.clone()));
    }
    if settings.is_empty() {
        settings.push(("SIMULATE_HOURS", HOURS.to_owned()));
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings_of(line: &str) -> Option<Vec<(&'static str, String)>> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        settings(&arguments).ok()
    }

    #[test]
    fn options_become_variables() {
        let expected = vec![
            ("SIMULATE_SCENARIO", "chaos".to_owned()),
            ("SIMULATE_SEED", "7".to_owned()),
        ];
        assert_eq!(settings_of("--scenario chaos --seed 7"), Some(expected));
        assert_eq!(settings_of(""), Some(vec![("SIMULATE_HOURS", HOURS.to_owned())]));
        assert_eq!(settings_of("--seed"), None);
        assert_eq!(settings_of("--seed x"), None);
        assert_eq!(settings_of("--seeds 1"), None);
    }
}
