//! `cargo xtask bench`: this package and its rivals, side by side in one run.

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
    wasm::build_with_default_limbs(repo)?;
    repo::make_directory(&repo.target("bench"))?;
    step("measuring", || {
        interpreter(repo)
            .arg("benches/run.py")
            .args(arguments)
            .env("YC_IAM_ROOT", repo.root())
            .run()
    })
}
