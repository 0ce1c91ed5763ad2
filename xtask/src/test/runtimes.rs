//! The packed npm package in every runtime and through every bundler that it is for.

use super::browsers;
use crate::failure::{Failure, Result};
use crate::js::{build, install_into, pack};
use crate::npm::install_tests;
use crate::repo::{self, Repo};
use crate::step::step;
use crate::tools::Tool;

const TESTS: &str = "tests/js/runtimes";

/// The tests' files, the runtimes in `node_modules`, and in `app` a project that has the package.
const PLACE: &str = "runtimes";

/// The programs come from npm, which has them one system at a time.
pub const IS_FOR_THIS_SYSTEM: bool = cfg!(all(target_os = "linux", target_arch = "x86_64"));

pub fn run(repo: &Repo) -> Result {
    if !IS_FOR_THIS_SYSTEM {
        return Err(Failure::new(
            "the runtimes that `tests/js/runtimes` installs are for Linux on x86-64, and this is another system: run them there",
        ));
    }
    let browsers = browsers::ensure()?;
    build(repo)?;
    let tarball = pack(repo)?;
    let place = repo.target(PLACE);
    install_tests(
        repo,
        TESTS,
        &place,
        "installing the runtimes and bundlers into target/runtimes",
    )?;
    step("installing the npm package into target/runtimes/app", || {
        let app = place.join("app");
        install_into(&app, &[("yc-iam", &tarball)])?;
        repo::copy_tree(&repo.path(TESTS).join("apps"), &app)?;
        // Beside the package, functions find it as they would after their own `npm install`.
        repo::copy_tree(&repo.path("examples/serverless"), &app.join("serverless"))?;
        repo::copy(&repo.path(TESTS).join("suite.mjs"), &app.join("suite.mjs"))
    })?;
    step("testing the npm package in each runtime", || {
        Tool::node()
            .arg("run.mjs")
            .env("YC_IAM_ROOT", repo.root())
            .envs(&browsers)
            .directory(&place)
            .run()
    })?;
    step("running the code of docs/runtimes in each runtime", || {
        Tool::node()
            .arg("pages.mjs")
            .env("YC_IAM_ROOT", repo.root())
            .envs(&browsers)
            .directory(&place)
            .run()
    })
}
