//! The page in `js/playground`, in Chromium and Firefox.

use super::browsers;
use crate::failure::{Failure, Result};
use crate::repo::{self, Repo};
use crate::step::step;
use crate::tools::Tool;
use crate::{js, npm, playground};

const TESTS: &str = "tests/js/playground";

pub const IS_FOR_THIS_SYSTEM: bool = cfg!(target_os = "linux");

pub fn run(repo: &Repo) -> Result {
    if !IS_FOR_THIS_SYSTEM {
        return Err(Failure::new(
            "the playground's tests drive browsers as Linux has them, and this is another system: run them there",
        ));
    }
    let browsers = browsers::ensure()?;
    // The emulator, which the page's command line asks for a token, is in the npm package's build.
    js::build(repo)?;
    let page = playground::build(repo)?;
    let place = repo.target("playground-tests");
    npm::install_tests(
        repo,
        TESTS,
        &place,
        "installing what drives the browsers into target/playground-tests",
    )?;
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
            .envs(&browsers)
            .directory(&place)
            .run()
    })
}
