//! The same tree gives the same bytes: packs it twice, in two directories that have nothing built, and compares.

use std::path::Path;

use super::packages::{self, Verify};
use super::{checksums, sbom};
use crate::failure::{Failure, Result};
use crate::js;
use crate::repo::{self, Repo};
use crate::step::{note, step};
use crate::tools::Tool;

/// Their lengths differ, too.
const PLACES: [&str; 2] = ["reproducible/one", "reproducible/the-other-directory"];

pub fn check(repo: &Repo) -> Result {
    js::install_dependencies(repo)?;
    let mut seen = Vec::new();
    for place in PLACES {
        let copy = repo.target(place);
        step(format_args!("copying the tree to target/{place}"), || {
            copy_tracked(repo, &copy)?;
            share_tools(repo, &copy)
        })?;
        let copy = Repo::at(&copy);
        let output = copy.target("dist");
        packages::build(repo, &copy, &output, Verify::No)?;
        sbom::write_all(&copy, &output)?;
        for module in repo::files_ending_in(&copy.path("js/dist"), &[".wasm"])? {
            repo::copy(&module, &output.join(module.file_name().unwrap_or_default()))?;
        }
        seen.push(checksums(&output)?);
    }
    match seen.as_slice() {
        [one, other] if one == other => {
            println!("\n{one}");
            note("both times the same");
            Ok(())
        }
        _ => Err(Failure::new(format!("the two builds differ:\n{}", seen.join("\n")))),
    }
}

/// The bundler and Binaryen: what `npm ci` installs is the same wherever it is.
#[cfg(unix)]
fn share_tools(repo: &Repo, copy: &Path) -> Result {
    let (tools, link) = (repo.path("js/node_modules"), copy.join("js/node_modules"));
    std::os::unix::fs::symlink(&tools, &link).map_err(Failure::file("link", &link))
}

/// Links take rights that not everybody has; each copy installs its own.
#[cfg(not(unix))]
fn share_tools(_: &Repo, _: &Path) -> Result {
    Ok(())
}

/// What git knows, as it stands in the working tree; links become what they point to.
fn copy_tracked(repo: &Repo, copy: &Path) -> Result {
    repo::empty_directory(copy)?;
    let listed = Tool::new("git", "install git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .directory(repo.root())
        .run_quietly()?;
    for file in listed.split('\0').filter(|file| !file.is_empty()) {
        let (from, to) = (repo.path(file), copy.join(file));
        if !from.is_file() {
            continue;
        }
        if let Some(directory) = to.parent() {
            repo::make_directory(directory)?;
        }
        repo::copy(&from, &to)?;
    }
    Ok(())
}
