//! `cargo xtask build playground`: the page in `js/playground`, for any file server.

use std::path::PathBuf;

use crate::failure::Result;
use crate::repo::Repo;
use crate::step::{note, step};
use crate::tools::Tool;
use crate::{npm, wasm};

/// Builds the page into `target/playground` and says where that is.
pub fn build(repo: &Repo) -> Result<PathBuf> {
    wasm::build(repo)?;
    let output = repo.target("playground");
    step("checking the types of the playground", || {
        npm::node_module(repo, "typescript/bin/tsc")
            .args(["--project", "playground"])
            .directory(repo.path("js"))
            .run()
    })?;
    step("bundling the playground", || {
        Tool::node()
            .arg("scripts/playground.mjs")
            .arg(&output)
            .directory(repo.path("js"))
            .run()
    })?;
    note("it is in target/playground: `python3 -m http.server --directory target/playground` serves it");
    Ok(output)
}
