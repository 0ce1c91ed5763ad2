//! What would be published: one version everywhere, and no file that does not belong.

use crate::dist::{contents, version};
use crate::failure::Result;
use crate::python;
use crate::repo::Repo;
use crate::step::{note, step};

pub fn run(repo: &Repo) -> Result {
    step("comparing the packages' versions", || {
        note(version::check(repo)?);
        Ok(())
    })?;
    python::ensure_environment(repo)?;
    contents::check_quickly(repo)
}
