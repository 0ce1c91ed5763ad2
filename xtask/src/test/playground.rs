//! The page in `js/playground`, in Chromium and Firefox.

use std::path::Path;

use super::runtimes::install_browsers;
use crate::failure::{Failure, Result};
use crate::repo::{self, Repo};
use crate::stamp::Stamp;
use crate::step::step;
use crate::tools::Tool;
use crate::{js, playground};

const TESTS: &str = "tests/js/playground";

pub const IS_FOR_THIS_SYSTEM: bool = cfg!(target_os = "linux");

pub fn run(repo: &Repo) -> Result {
    if !IS_FOR_THIS_SYSTEM {
        return Err(Failure::new(
            "the playground's tests drive browsers as Linux has them, and this is another system: run them there",
        ));
    }
    // The emulator, which the page's command line asks for a token, is in the npm package's build.
    js::build(repo)?;
    let page = playground::build(repo)?;
    let place = repo.target("playground-tests");
    install_libraries(repo, &place)?;
    install_browsers()?;
    let tests = repo::files_ending_in(&place, &[".test.mjs"])?;
    if tests.is_empty() {
        return Err(Failure::new(format!("there are no tests in {TESTS}")));
    }
    step("testing the playground in Chromium and Firefox", || {
        Tool::node()
            // One browser after the other: they want the whole machine.
            .args(["--test", "--test-concurrency=1", "--test-reporter", "spec"])
            .args(tests)
            .env("YC_IAM_ROOT", repo.root())
            .env("PLAYGROUND", page)
            .directory(&place)
            .run()
    })
}

/// Installs what the tests' own `package-lock.json` lists, if it has changed since the last time.
fn install_libraries(repo: &Repo, place: &Path) -> Result {
    repo::make_directory(place)?;
    for file in repo::files_ending_in(place, &[".mjs"])? {
        std::fs::remove_file(&file).map_err(Failure::file("remove", &file))?;
    }
    for file in repo::files_ending_in(&repo.path(TESTS), &[".mjs", ".json"])? {
        if let Some(name) = file.file_name() {
            repo::copy(&file, &place.join(name))?;
        }
    }
    let manifest = place.join("package.json");
    let lock = place.join("package-lock.json");
    let stamp = Stamp::new(place.join("node_modules/.xtask.stamp"), "npm ci", &[&manifest, &lock])?;
    if stamp.is_current() {
        return Ok(());
    }
    step(
        "installing what drives the browsers into target/playground-tests",
        || {
            Tool::npm()
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .directory(place)
                .run_quietly()?;
            stamp.record()
        },
    )
}
