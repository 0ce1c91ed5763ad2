//! What is in the packages, and nothing else: no test, no key, nothing that happened to lie in a directory.

use std::path::{MAIN_SEPARATOR, Path};

use crate::cargo::cargo;
use crate::failure::{Failure, Result};
use crate::js;
use crate::python;
use crate::repo::{self, Repo};
use crate::step::{note, step};
use crate::tools::Tool;

/// In each, one line is one kind of file; `*` stands for anything. Each line must be met, and each file must meet a line.
const CRATE: &str = "tests/packaging/crate.txt";
const SDIST: &str = "tests/packaging/sdist.txt";
const NPM: &str = "tests/packaging/npm.txt";

/// Checks the packages in a directory.
pub fn check(repo: &Repo, directory: &Path) -> Result {
    step("checking what is in the packages", || {
        for (ending, list) in [(".crate", CRATE), (".tar.gz", SDIST), (".tgz", NPM)] {
            let Some(package) = repo::files_ending_in(directory, &[ending])?.pop() else {
                return Err(Failure::new(format!("no `*{ending}` was built")));
            };
            check_archive(repo, &package, list)?;
        }
        Ok(())
    })
}

/// Packs without compiling anything that is not compiled already, and checks: for the usual tests.
pub fn check_quickly(repo: &Repo) -> Result {
    step("checking what would be in the packages", || {
        let listed = cargo(repo)
            .args(["package", "--list", "--allow-dirty", "--package", "yc-iam"])
            .run_quietly()?;
        // Windows has another separator; the list has that of archives.
        let files = listed.lines().map(|line| line.replace(MAIN_SEPARATOR, "/"));
        compare(repo, CRATE, &files.collect::<Vec<_>>())?;
        let place = repo.target("contents");
        repo::empty_directory(&place)?;
        python::source_distribution(repo, repo, &place)?;
        let Some(sdist) = repo::files_ending_in(&place, &[".tar.gz"])?.pop() else {
            return Err(Failure::new("maturin packed no source distribution"));
        };
        check_archive(repo, &sdist, SDIST)
    })?;
    js::build(repo)?;
    check_archive(repo, &js::pack(repo)?, NPM)
}

fn check_archive(repo: &Repo, package: &Path, list: &str) -> Result {
    let listed = Tool::new("tar", "install tar").arg("-tzf").arg(package).run_quietly()?;
    // Everything is in one directory, named for the version or `package`.
    let files = listed.lines().filter(|line| !line.ends_with('/'));
    let files: Vec<String> = files
        .filter_map(|line| line.split_once('/'))
        .map(|(_, file)| file.to_owned())
        .collect();
    compare(repo, list, &files)
}

fn compare(repo: &Repo, list: &str, files: &[String]) -> Result {
    let text = String::from_utf8_lossy(&repo::read(&repo.path(list))?).into_owned();
    let patterns: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let mut wrong = Vec::new();
    for file in files {
        // Which commit it was, where cargo can tell.
        if file == ".cargo_vcs_info.json" {
            continue;
        }
        if !patterns.iter().any(|pattern| meets(file, pattern)) {
            wrong.push(format!("`{file}` is in the package and not in the list"));
        }
    }
    for pattern in &patterns {
        if !files.iter().any(|file| meets(file, pattern)) {
            wrong.push(format!("`{pattern}` is in the list and not in the package"));
        }
    }
    if wrong.is_empty() {
        note(format_args!("{list}: {} files", files.len()));
        return Ok(());
    }
    Err(Failure::new(format!("{list}: {}", wrong.join("; "))))
}

/// Whether a path is of this kind, `*` being any text without a slash.
fn meets(file: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => file == pattern,
        Some((start, end)) => match file.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)) {
            Some(middle) => !middle.is_empty() && !middle.contains('/'),
            None => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_a_name_in_one_directory() {
        assert!(meets("src/lib.rs", "src/*.rs"));
        assert!(meets("LICENSE-MIT", "LICENSE-*"));
        assert!(!meets("src/api/lockbox.rs", "src/*.rs"));
        assert!(!meets("src/lib.rs.orig", "src/*.rs"));
        assert!(!meets("README.md", "README"));
    }
}
