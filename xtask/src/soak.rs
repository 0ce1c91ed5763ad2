//! `cargo xtask soak`: weeks of virtual time and minutes of real load, in each language, with memory and handles watched.

use crate::cargo::cargo;
use crate::failure::{Failure, Result};
use crate::repo::Repo;
use crate::step::step;
use crate::{js, python};

/// Minutes of real time, unless told otherwise.
const MINUTES: f64 = 60.0;
const LOAD: f64 = 10.0;

/// The project that has the npm package as installed, and the programs beside it.
const NODE_PROJECT: &str = "soak/node";

/// What the command line asks for.
#[derive(Debug, PartialEq)]
struct Wanted {
    /// So long virtual weeks pass in each language; 0: none.
    minutes: f64,
    /// So long the load lasts in each language that does I/O; 0: none.
    load: f64,
    languages: Vec<&'static str>,
}

const LANGUAGES: [&str; 3] = ["rust", "python", "node"];

/// Each language in turn, the others even if one fails.
pub fn run(repo: &Repo, arguments: &[String]) -> Result {
    let wanted = wanted(arguments)?;
    let mut failed = Vec::new();
    for language in &wanted.languages {
        let result = match *language {
            "rust" => rust(repo, &wanted),
            other => host(repo, other, &wanted),
        };
        if let Err(failure) = result {
            eprintln!("{failure}");
            failed.push(*language);
        }
    }
    match failed.as_slice() {
        [] => Ok(()),
        failed => Err(Failure::new(format!("the soak failed in {}", failed.join(", ")))),
    }
}

/// The core has no I/O, so there is no load.
fn rust(repo: &Repo, wanted: &Wanted) -> Result {
    if wanted.minutes == 0.0 {
        return Ok(());
    }
    step("soaking the core", || {
        cargo(repo)
            .args(["test", "--quiet", "--package", "yc-iam", "--profile", "simulation"])
            .args(["--features", "emulator", "--test", "simulation"])
            .args(["--", "--ignored", "--exact", "for_minutes", "--nocapture"])
            .env("SOAK_MINUTES", wanted.minutes.to_string())
            .run()
    })
}

/// The emulator of the wheel is the service in any case.
fn host(repo: &Repo, language: &str, wanted: &Wanted) -> Result {
    python::install_wheel(repo)?;
    if language == "node" {
        js::build(repo)?;
        let tarball = js::pack(repo)?;
        let project = repo.target(NODE_PROJECT);
        js::install_into(&project, &[("yc-iam", &tarball)])?;
        crate::repo::copy_tree(&repo.path("tests/soak/node"), &project.join("soak"))?;
    }
    step(format_args!("soaking the package for {language}"), || {
        python::interpreter(repo)
            .args(["tests/soak/run.py", language])
            .args(["--minutes", &wanted.minutes.to_string()])
            .args(["--load", &wanted.load.to_string()])
            .run()
    })
}

fn wanted(arguments: &[String]) -> Result<Wanted> {
    let mut wanted = Wanted {
        minutes: MINUTES,
        load: LOAD,
        languages: Vec::new(),
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if let Some(language) = LANGUAGES.iter().find(|language| *language == argument) {
            wanted.languages.push(language);
            continue;
        }
        let place = match argument.as_str() {
            "--minutes" => &mut wanted.minutes,
            "--load" => &mut wanted.load,
            other => {
                return Err(Failure::new(format!(
                    "`{other}` is not an option of `soak`; there are rust, python, node, --minutes N and --load N"
                )));
            }
        };
        let minutes = rest.next().and_then(|value| value.parse().ok());
        let possible = minutes.filter(|minutes: &f64| minutes.is_finite() && *minutes >= 0.0);
        let wrong = || Failure::new(format!("`{argument}` takes a number of minutes"));
        *place = possible.ok_or_else(wrong)?;
    }
    if wanted.languages.is_empty() {
        wanted.languages = LANGUAGES.to_vec();
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted_by(line: &str) -> Option<Wanted> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        wanted(&arguments).ok()
    }

    #[test]
    fn languages_and_minutes() {
        let expected = |minutes, load, languages: &[&'static str]| {
            let languages = languages.to_vec();
            Some(Wanted {
                minutes,
                load,
                languages,
            })
        };
        assert_eq!(wanted_by(""), expected(60.0, 10.0, &LANGUAGES));
        assert_eq!(wanted_by("node --load 0.5 --minutes 0"), expected(0.0, 0.5, &["node"]));
        for wrong in ["--minutes", "--minutes x", "--minutes -1", "--load inf", "ruby"] {
            assert_eq!(wanted_by(wrong), None, "{wrong}");
        }
    }
}
