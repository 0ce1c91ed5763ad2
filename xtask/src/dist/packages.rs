//! The packages that are the same for every platform: crate, npm tarball, source distribution.

use std::path::Path;

use super::{contents, version};
use crate::cargo::cargo;
use crate::failure::{Failure, Result};
use crate::repo::{self, Repo};
use crate::step::step;
use crate::{js, python};

/// Whether what is packed is also compiled from the package, as cargo does by default.
#[derive(Clone, Copy, PartialEq)]
pub enum Verify {
    Yes,
    No,
}

/// Packs a tree, with the tools of this repository.
pub fn build(repo: &Repo, tree: &Repo, output: &Path, verify: Verify) -> Result {
    repo::make_directory(output)?;
    js::build(tree)?;
    take(&js::pack(tree)?, output)?;
    step("packing the crate", || {
        let mut package = cargo(tree).args(["package", "--quiet", "--package", "yc-iam", "--allow-dirty"]);
        if verify == Verify::No {
            package = package.arg("--no-verify");
        }
        package.run()?;
        let name = format!("yc-iam-{}.crate", version::check(tree)?);
        take(&tree.target("package").join(name), output)
    })?;
    step("packing the source distribution", || {
        python::ensure_environment(repo)?;
        python::source_distribution(repo, tree, output)
    })?;
    contents::check(repo, output)
}

fn take(file: &Path, output: &Path) -> Result {
    match file.file_name() {
        Some(name) => repo::copy(file, &output.join(name)),
        None => Err(Failure::new(format!("`{}` is no file", file.display()))),
    }
}
