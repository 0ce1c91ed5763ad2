//! Where things are.

use std::cell::RefCell;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// The repository.
pub struct Repo {
    root: PathBuf,
    /// The names of what need not be done again in this run.
    done: RefCell<Vec<&'static str>>,
}

impl Repo {
    /// Cargo says where this crate is when it runs it. What was true at compile time may not be any more: a copied
    /// `target/` brings the program along.
    pub fn locate() -> Result<Self> {
        let here = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = here.as_deref().and_then(Path::parent);
        match root {
            Some(root) if root.join("Cargo.toml").is_file() => Ok(Self::at(root)),
            _ => Err(Failure::new(
                "this program finds the repository with cargo's help: run it as `cargo xtask`",
            )),
        }
    }

    /// A copy of it.
    pub fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            done: RefCell::default(),
        }
    }

    /// Does what several commands of one run need, unless it was done before.
    pub fn once(&self, name: &'static str, work: impl FnOnce() -> Result) -> Result {
        if !self.done.borrow().contains(&name) {
            work()?;
            self.done.borrow_mut().push(name);
        }
        Ok(())
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub fn target(&self, relative: &str) -> PathBuf {
        self.root.join("target").join(relative)
    }
}

/// The flag for rustc that hides where this machine keeps the sources of dependencies: panics name their files, and what
/// is published must not depend on who built it.
pub fn remapped_sources() -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
        .unwrap_or_default();
    format!("--remap-path-prefix={}=/cargo", home.join("registry/src").display())
}

/// Removes a directory and everything in it, if it is there, and makes it anew.
pub fn empty_directory(path: &Path) -> Result {
    if path.exists() {
        fs::remove_dir_all(path).map_err(Failure::file("remove", path))?;
    }
    make_directory(path)
}

pub fn make_directory(path: &Path) -> Result {
    fs::create_dir_all(path).map_err(Failure::file("create", path))
}

pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(Failure::file("read", path))
}

pub fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result {
    fs::write(path, contents).map_err(Failure::file("write", path))
}

pub fn copy(from: &Path, to: &Path) -> Result {
    fs::copy(from, to).map(drop).map_err(Failure::file("copy", from))
}

/// Copies the files of a directory and of those below it, leaving out what tools leave behind.
pub fn copy_tree(from: &Path, to: &Path) -> Result {
    make_directory(to)?;
    for path in entries(from)? {
        let Some(name) = path.file_name() else { continue };
        if name == "node_modules" || name == "__pycache__" {
            continue;
        }
        let destination = to.join(name);
        if path.is_dir() {
            copy_tree(&path, &destination)?;
        } else {
            copy(&path, &destination)?;
        }
    }
    Ok(())
}

/// What is in a directory, sorted by name; nothing if it does not exist.
pub fn entries(directory: &Path) -> Result<Vec<PathBuf>> {
    if !directory.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory).map_err(Failure::file("list", directory))? {
        paths.push(entry.map_err(Failure::file("list", directory))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// The files directly in a directory whose names end in one of these, sorted by name.
pub fn files_ending_in(directory: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut paths = entries(directory)?;
    paths.retain(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy());
        name.is_some_and(|name| endings.iter().any(|ending| name.ends_with(ending)))
    });
    Ok(paths)
}
