//! The packed npm package in every runtime and through every bundler that it is for.

use std::env;

use crate::failure::{Failure, Result};
use crate::js::{build, install_into, pack};
use crate::npm::install_tests;
use crate::repo::{self, Repo};
use crate::step::step;
use crate::tools::Tool;

const TESTS: &str = "tests/js/runtimes";

/// The tests' files, the runtimes in `node_modules`, and in `app` a project that has the package.
const PLACE: &str = "runtimes";

/// The variable that says where a browser is, its usual program, and Debian's package.
const BROWSERS: [(&str, &str); 2] = [("CHROMIUM", "chromium"), ("FIREFOX", "firefox-esr")];

const GET_BROWSERS: &str = "install Chromium and Firefox, on Debian with `apt-get install chromium firefox-esr` as root, \
                            or say with CHROMIUM and FIREFOX where they are";

/// The programs come from npm, which has them one system at a time.
pub const IS_FOR_THIS_SYSTEM: bool = cfg!(all(target_os = "linux", target_arch = "x86_64"));

pub fn run(repo: &Repo) -> Result {
    if !IS_FOR_THIS_SYSTEM {
        return Err(Failure::new(
            "the runtimes that `tests/js/runtimes` installs are for Linux on x86-64, and this is another system: run them there",
        ));
    }
    build(repo)?;
    let tarball = pack(repo)?;
    let place = repo.target(PLACE);
    install_tests(
        repo,
        TESTS,
        &place,
        "installing the runtimes and bundlers into target/runtimes",
    )?;
    install_browsers()?;
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
            .directory(&place)
            .run()
    })?;
    step("running the code of docs/runtimes in each runtime", || {
        Tool::node()
            .arg("pages.mjs")
            .env("YC_IAM_ROOT", repo.root())
            .directory(&place)
            .run()
    })
}

/// Sees to it that there are browsers: with Debian's packages where that is allowed.
pub(super) fn install_browsers() -> Result {
    let missing: Vec<&str> = BROWSERS
        .into_iter()
        .filter(|(variable, program)| !runs(&env::var(variable).unwrap_or_else(|_| (*program).to_owned())))
        .map(|(_, program)| program)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" and ");
    step(format_args!("installing {names}"), || {
        let installed =
            apt(&["update"], &[]).and_then(|()| apt(&["install", "-y", "--no-install-recommends"], &missing));
        installed
            .map_err(|failure| Failure::new(format!("{names} could not be installed ({failure}): {GET_BROWSERS}")))?;
        match missing.iter().find(|program| !runs(program)) {
            Some(program) => Err(Failure::new(format!(
                "{program} was installed and does not run: {GET_BROWSERS}"
            ))),
            None => Ok(()),
        }
    })
}

/// As root, or as someone whom `sudo` asks for no password.
fn apt(arguments: &[&str], packages: &[&str]) -> Result {
    let user = Tool::new("id", GET_BROWSERS).arg("-u").run_quietly()?;
    let tool = match user.trim() {
        "0" => Tool::new("env", GET_BROWSERS),
        _ => Tool::new("sudo", GET_BROWSERS).args(["-n", "env"]),
    };
    tool.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
        .args(arguments)
        .args(packages)
        .run_quietly()
        .map(drop)
}

fn runs(program: &str) -> bool {
    let version = Tool::new(program, GET_BROWSERS).arg("--version").try_output();
    version.is_ok_and(|output| output.status.success())
}
