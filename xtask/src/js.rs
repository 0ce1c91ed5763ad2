//! The npm package: bundle, declarations, tarball.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::npm::node_module;
use crate::repo::{self, Repo};
use crate::step::step;
use crate::tools::Tool;
use crate::wasm;

/// The directory from which the package is packed: what is published and nothing else.
const STAGE: &str = "npm/package";

/// What is published of `js/dist/`: by these endings, except that the glue in `js/dist/wasm/` has gone into the bundles.
const CODE: [&str; 4] = [".cjs", ".mjs", ".d.ts", ".d.mts"];
const WASM: [&str; 1] = [".wasm"];

/// Where `js/dist/` has what is published: itself, and one file for each library that the package works with.
const PUBLISHED: [&str; 2] = ["", "integrations"];

/// Builds `js/dist/`: wasm, bundles and declarations.
pub fn build(repo: &Repo) -> Result {
    repo.once("npm package", || build_anew(repo))
}

fn build_anew(repo: &Repo) -> Result {
    wasm::build(repo)?;
    // A source that was renamed would leave its declarations behind.
    for directory in PUBLISHED.map(|name| repo.path("js/dist").join(name)) {
        repo::make_directory(&directory)?;
        for file in repo::files_ending_in(&directory, &CODE)? {
            std::fs::remove_file(&file).map_err(Failure::file("remove", &file))?;
        }
    }
    step("checking the types of the npm package", || {
        node_module(repo, "typescript/bin/tsc").directory(repo.path("js")).run()
    })?;
    step("bundling the npm package", || {
        Tool::node().arg("scripts/bundle.mjs").directory(repo.path("js")).run()
    })
}

/// Packs `js/dist/` into a tarball as npm would publish it, and returns its path.
pub fn pack(repo: &Repo) -> Result<PathBuf> {
    step("packing the npm package", || {
        let stage = repo.target(STAGE);
        repo::empty_directory(&stage)?;
        repo::copy(&repo.path("js/package.json"), &stage.join("package.json"))?;
        for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
            repo::copy(&repo.path(name), &stage.join(name))?;
        }
        repo::copy(&repo.path("js/README.md"), &stage.join("README.md"))?;
        for directory in PUBLISHED {
            let dist = stage.join("dist").join(directory);
            repo::make_directory(&dist)?;
            let built = repo.path("js/dist").join(directory);
            let mut published = repo::files_ending_in(&built, &CODE)?;
            published.extend(repo::files_ending_in(&built, &WASM)?);
            for file in published {
                if let Some(name) = file.file_name() {
                    repo::copy(&file, &dist.join(name))?;
                }
            }
        }
        let tarballs = repo.target("npm");
        let printed = Tool::npm()
            .args(["pack", "--silent", "--ignore-scripts", "--pack-destination"])
            .arg(&tarballs)
            .directory(stage)
            .run_quietly()?;
        match printed.split_whitespace().last() {
            Some(name) => Ok(tarballs.join(name)),
            None => Err(Failure::new("`npm pack` did not say which file it wrote")),
        }
    })
}

/// Makes an empty project that has these packages, from tarballs and folders on this machine.
pub fn install_into(project: &Path, packages: &[(&str, &Path)]) -> Result {
    repo::empty_directory(project)?;
    let mut dependencies = serde_json::Map::new();
    for (name, place) in packages {
        dependencies.insert((*name).to_owned(), format!("file:{}", place.display()).into());
    }
    let manifest = serde_json::json!({ "private": true, "dependencies": dependencies });
    repo::write(&project.join("package.json"), manifest.to_string())?;
    Tool::npm()
        .args(["install", "--ignore-scripts", "--no-audit", "--no-fund"])
        .args(["--no-package-lock", "--offline"])
        .directory(project)
        .run_quietly()
        .map(drop)
}
