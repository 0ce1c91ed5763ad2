//! The npm package's tests, against the tarball as installed, and the checks of its packaging and types.

use std::path::Path;

use crate::failure::{Failure, Result};
use crate::js::{build, install_into, pack};
use crate::npm::node_module;
use crate::repo::{self, Repo};
use crate::step::step;
use crate::tools::{Tool, cores};

/// A project that has the packed package among its dependencies, as a user's would.
const CONSUMER: &str = "js-consumer";

/// What the tests import besides the package.
const LIBRARIES: [&str; 10] = [
    "@grpc/grpc-js",
    "@kubernetes/client-node",
    "@types/node",
    "@vercel/nft",
    "@yandex-cloud/nodejs-sdk",
    "@ydbjs/auth",
    "axios",
    "jose",
    "oidc-provider",
    "undici",
];

pub fn run(repo: &Repo) -> Result {
    build(repo)?;
    let tarball = pack(repo)?;
    step("checking the npm package's entry points", || {
        check_packaging(repo, &tarball)
    })?;
    step("installing the npm package into target/js-consumer", || {
        install_into_consumer(repo, &tarball)
    })?;
    step("checking the types of the installed npm package", || check_types(repo))?;
    step("testing the npm package", || run_tests(repo))
}

fn check_packaging(repo: &Repo, tarball: &Path) -> Result {
    node_module(repo, "publint/src/cli.js")
        .args(["run", "--strict"])
        .arg(tarball)
        .run_quietly()?;
    node_module(repo, "@arethetypeswrong/cli/dist/index.js")
        .arg(tarball)
        .args(["--no-color", "--no-emoji"])
        // Bundlers resolve these, and no two of them to the same thing.
        .args([
            "--exclude-entrypoints",
            "yc_iam.wasm",
            "yc_iam_signer.wasm",
            "yc_iam_tools.wasm",
        ])
        .run_quietly()
        .map(drop)
}

/// The libraries come from `js/node_modules`, so nothing is downloaded.
fn install_into_consumer(repo: &Repo, tarball: &Path) -> Result {
    let consumer = repo.target(CONSUMER);
    let ours = LIBRARIES.map(|name| (name, repo.path("js/node_modules").join(name)));
    let mut packages = vec![("yc-iam", tarball)];
    packages.extend(ours.iter().map(|(name, place)| (*name, place.as_path())));
    install_into(&consumer, &packages)?;
    // The tests are copied: Node looks for packages upward from the file that imports them.
    repo::copy_tree(&repo.path("tests/js"), &consumer.join("tests"))?;
    // Beside the tests, functions find the installed package as they would after their own `npm install`.
    repo::copy_tree(&repo.path("examples/serverless"), &consumer.join("serverless"))?;
    repo::copy_tree(&repo.path("tests/soak/node"), &consumer.join("soak"))?;
    let tutorial = "tutorial.mjs";
    repo::copy(
        &repo.path("examples").join(tutorial),
        &consumer.join("tests").join(tutorial),
    )?;
    repo::copy(&repo.path("js/tsconfig.consumer.json"), &consumer.join("tsconfig.json"))
}

fn check_types(repo: &Repo) -> Result {
    node_module(repo, "typescript/bin/tsc")
        .directory(repo.target(CONSUMER))
        .run()
}

fn run_tests(repo: &Repo) -> Result {
    let consumer = repo.target(CONSUMER);
    let mut tests = repo::files_ending_in(&consumer.join("tests"), &[".test.mjs", ".test.cjs"])?;
    tests.extend(repo::files_ending_in(
        &consumer.join("tests/integrations"),
        &[".test.mjs"],
    )?);
    if tests.is_empty() {
        return Err(Failure::new("there are no tests in tests/js"));
    }
    Tool::node()
        .args(["--test", "--test-reporter", "spec"])
        // By default one core is left alone, and most tests wait for a process or a socket.
        .arg(format!("--test-concurrency={}", cores()))
        .args(tests)
        .env("YC_IAM_ROOT", repo.root())
        .directory(consumer)
        .run()
}
