//! `cargo xtask bench`: this package and its rivals, side by side in one run.

use crate::cargo::cargo;
use crate::failure::Result;
use crate::python::interpreter;
use crate::repo::{self, Repo};
use crate::step::step;
use crate::{js, python, wasm};

/// Builds the packages as they are published and hands over to `benches/run.py`.
pub fn run(repo: &Repo, arguments: &[String]) -> Result {
    python::install_wheel(repo)?;
    js::build(repo)?;
    js::pack(repo)?;
    wasm::build_rivals(repo)?;
    repo::make_directory(&repo.target("bench"))?;
    step("building AWS-LC by itself", || {
        cargo(repo)
            .args([
                "build",
                "--quiet",
                "--release",
                "--manifest-path",
                "benches/aws-lc/Cargo.toml",
            ])
            .arg("--target-dir")
            .arg(repo.target("bench/aws-lc"))
            .run()
    })?;
    step("measuring", || {
        interpreter(repo)
            .arg("benches/run.py")
            .args(arguments)
            .env("YC_IAM_ROOT", repo.root())
            .run()
    })
}
