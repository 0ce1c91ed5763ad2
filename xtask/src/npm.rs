//! What `package-lock.json` files list, installed where it is used.

use std::path::Path;

use crate::failure::{Failure, Result};
use crate::repo::{self, Repo};
use crate::stamp::Stamp;
use crate::step::step;
use crate::tools::{Tool, major_minor};

/// The first with `import.meta.dirname`.
const OLDEST_NODE: (u32, u32) = (20, 11);

/// Installs what `js/package-lock.json` lists, if it has changed since the last time.
pub fn install_dependencies(repo: &Repo) -> Result {
    check_node()?;
    ci(&repo.path("js"), "installing the npm dependencies")
}

/// Copies tests with a `package-lock.json` of their own to a place in `target/`, and installs there what it lists.
pub fn install_tests(repo: &Repo, tests: &str, place: &Path, what: &str) -> Result {
    repo::make_directory(place)?;
    // A test that was renamed would stay.
    for file in repo::files_ending_in(place, &[".mjs"])? {
        std::fs::remove_file(&file).map_err(Failure::file("remove", &file))?;
    }
    for file in repo::files_ending_in(&repo.path(tests), &[".mjs", ".json"])? {
        if let Some(name) = file.file_name() {
            repo::copy(&file, &place.join(name))?;
        }
    }
    ci(place, what)
}

/// Installs what the directory's `package-lock.json` lists, if it has changed since the last time.
fn ci(directory: &Path, what: &str) -> Result {
    let stamp = Stamp::new(
        directory.join("node_modules/.xtask.stamp"),
        "npm ci",
        &[&directory.join("package.json"), &directory.join("package-lock.json")],
    )?;
    if stamp.is_current() {
        return Ok(());
    }
    step(what, || {
        Tool::npm()
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .directory(directory)
            .run_quietly()?;
        stamp.record()
    })
}

fn check_node() -> Result {
    let version = Tool::node().arg("--version").run_quietly()?;
    match major_minor(&version) {
        Some(found) if found >= OLDEST_NODE => Ok(()),
        _ => Err(Failure::new(format!(
            "Node {}.{} or later is needed and this is {}: get it from https://nodejs.org",
            OLDEST_NODE.0,
            OLDEST_NODE.1,
            version.trim()
        ))),
    }
}

/// A program from `js/node_modules`, run by Node: that works on every system, unlike the links in `.bin`.
pub fn node_module(repo: &Repo, script: &str) -> Tool {
    Tool::node().arg(repo.path("js/node_modules").join(script))
}
