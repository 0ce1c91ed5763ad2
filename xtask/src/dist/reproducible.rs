//! The same tree gives the same bytes: packs it twice, in two directories that have nothing built, and compares.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use super::checksums::checksums;
use super::packages::{self, Verify};
use super::sbom;
use crate::failure::{Failure, Result};
use crate::npm;
use crate::repo::{self, Repo};
use crate::step::{note, step};
use crate::tools::Tool;

/// Their lengths differ, too.
const PLACES: [&str; 2] = ["one", "the-other-directory"];

pub fn check(repo: &Repo) -> Result {
    npm::install_dependencies(repo)?;
    let outside = outside();
    let mut seen = Vec::new();
    for place in PLACES {
        let copy = outside.join(place);
        step(format_args!("copying the tree to {}", copy.display()), || {
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
            fs::remove_dir_all(&outside).map_err(Failure::file("remove", &outside))
        }
        _ => Err(Failure::new(format!(
            "the two builds in {} differ:\n{}",
            outside.display(),
            seen.join("\n")
        ))),
    }
}

/// Not below the repository, whose `.cargo/config.toml` cargo would read besides the copy's, and give rustc every flag twice.
fn outside() -> PathBuf {
    env::temp_dir().join(format!("yc-iam-reproducible-{}", process::id()))
}

/// The bundler and Binaryen: what `npm ci` installs is the same wherever it is.
#[cfg(unix)]
fn share_tools(repo: &Repo, copy: &Path) -> Result {
    link(&repo.path("js/node_modules"), &copy.join("js/node_modules"))
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> Result {
    std::os::unix::fs::symlink(to, at).map_err(Failure::file("link", at))
}

/// Links take rights that not everybody has; each copy installs its own.
#[cfg(not(unix))]
fn share_tools(_: &Repo, _: &Path) -> Result {
    Ok(())
}

/// What git knows, as it stands in the working tree. Links stay links: maturin takes a licence once where it is one file with
/// two names, and refuses two.
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
        copy_file(&from, &to)?;
    }
    Ok(())
}

#[cfg(unix)]
fn copy_file(from: &Path, to: &Path) -> Result {
    match fs::read_link(from) {
        Ok(target) => link(&target, to),
        Err(_) => repo::copy(from, to),
    }
}

#[cfg(not(unix))]
fn copy_file(from: &Path, to: &Path) -> Result {
    repo::copy(from, to)
}
