//! One version: Cargo.toml has it, the others repeat it.

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::repo::{self, Repo};
use crate::step::note;

/// Returns the version that all packages have, or says where another one stands.
pub fn check(repo: &Repo) -> Result<String> {
    let version = in_cargo(&text(repo, "Cargo.toml")?)
        .ok_or_else(|| Failure::new("`Cargo.toml` has no `version` in `[workspace.package]`"))?;
    for manifest in [
        "bindings/wasm",
        "bindings/python",
        "bindings/wiping",
        "tests/fuzz/meter",
        "xtask",
    ] {
        let manifest = format!("{manifest}/Cargo.toml");
        if !text(repo, &manifest)?.contains("\nversion.workspace = true\n") {
            return Err(other(&manifest, "a version of its own", &version));
        }
    }
    // The lock file has the version of its project twice.
    for (file, place) in [
        ("js/package.json", "/version"),
        ("js/package-lock.json", "/version"),
        ("js/package-lock.json", "/packages//version"),
    ] {
        let json: Value = serde_json::from_str(&text(repo, file)?).unwrap_or_default();
        let own = json.pointer(place).and_then(Value::as_str).unwrap_or_default();
        if own != version {
            return Err(other(file, own, &version));
        }
    }
    let project = text(repo, "python/pyproject.toml")?;
    if !project.contains("\ndynamic = [\"version\"]\n") {
        return Err(other("python/pyproject.toml", "a version of its own", &version));
    }
    if !has_section(&text(repo, "CHANGELOG.md")?, &version) {
        note(format_args!(
            "`CHANGELOG.md` has no section `## {version}` yet: docs/releasing.md says when it gets one"
        ));
    }
    Ok(version)
}

fn text(repo: &Repo, file: &str) -> Result<String> {
    Ok(String::from_utf8_lossy(&repo::read(&repo.path(file))?).into_owned())
}

fn other(file: &str, found: &str, version: &str) -> Failure {
    Failure::new(format!(
        "`{file}` has `{found}` where `Cargo.toml` has version `{version}`: make them equal"
    ))
}

fn in_cargo(manifest: &str) -> Option<String> {
    let (_, section) = manifest.split_once("[workspace.package]")?;
    let section = section.split("\n[").next()?;
    let (_, rest) = section.split_once("\nversion = \"")?;
    rest.split('"').next().map(str::to_owned)
}

fn has_section(changelog: &str, version: &str) -> bool {
    let heading = format!("## {version}");
    changelog.lines().any(|line| line.split(" - ").next() == Some(&heading))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_workspace() {
        let manifest =
            "[a]\nversion = \"9.9.9\"\n[workspace.package]\nversion = \"1.2.3\"\n\n[b]\nversion = \"0.0.0\"\n";
        assert_eq!(in_cargo(manifest).as_deref(), Some("1.2.3"));
        assert_eq!(in_cargo("[workspace.package]\n[package]\nversion = \"1.2.3\"\n"), None);
    }

    #[test]
    fn a_section_of_the_changelog_may_have_a_date() {
        assert!(has_section("## 1.2.3 - 2026-01-01\n", "1.2.3"));
        assert!(has_section("# Changelog\n## 1.2.3\n", "1.2.3"));
        assert!(!has_section("## 1.2.30\n## Unreleased\n", "1.2.3"));
    }
}
