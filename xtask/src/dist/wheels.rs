//! A wheel for one target.

use std::env;
use std::path::{Path, PathBuf};

use super::targets::Target;
use crate::failure::{Failure, Result};
use crate::python;
use crate::repo::{self, Repo};
use crate::step::{note, step};
use crate::tools::Tool;

/// What builds and checks wheels besides maturin.
const REQUIREMENTS: &str = "tests/packaging/requirements.txt";

/// More than a wheel has ever had; what makes it grow past this is worth a look before it is published.
const MOST_BYTES: usize = 1_500_000;

pub fn build(repo: &Repo, target: &Target, output: &Path) -> Result<PathBuf> {
    python::ensure_environment(repo)?;
    python::ensure_installed(repo, REQUIREMENTS)?;
    ensure_rust_target(repo, target)?;
    step(format_args!("building the wheel for {}", target.triple), || {
        let place = repo.target("dist-wheels").join(&target.triple);
        repo::empty_directory(&place)?;
        let mut maturin = python::maturin_build(repo, &target.triple, &place)
            // Cargo's directory would differ from one machine to the next.
            .env("CARGO_ENCODED_RUSTFLAGS", repo::remapped_sources())
            // Zig is looked up with the first `python3` of the path.
            .env("PATH", path_with_environment(repo)?);
        if let Some(compatibility) = target.compatibility {
            maturin = maturin.args(["--zig", "--compatibility", compatibility]);
        }
        maturin.run_quietly()?;
        let Some(built) = repo::files_ending_in(&place, &[".whl"])?.pop() else {
            return Err(Failure::new("maturin built no wheel"));
        };
        let name = built.file_name().unwrap_or_default();
        let wheel = output.join(name);
        repo::copy(&built, &wheel)?;
        let size = repo::read(&wheel)?.len();
        note(format_args!("{}: {} kB", name.to_string_lossy(), size / 1000));
        if size > MOST_BYTES {
            return Err(Failure::new(format!(
                "the wheel for {} has {size} bytes, and at most {MOST_BYTES} were expected: look for what came in",
                target.triple
            )));
        }
        check(repo, target, &wheel)?;
        Ok(wheel)
    })
}

/// maturin has checked the symbols against the tag; these are the judges that it does not have inside.
fn check(repo: &Repo, target: &Target, wheel: &Path) -> Result {
    python::interpreter(repo)
        .args(["-m", "abi3audit", "--strict", "--assume-minimum-abi3", "3.9"])
        .arg(wheel)
        .run_quietly()?;
    if target.triple.ends_with("-linux-gnu") {
        let shown = python::interpreter(repo)
            .args(["-m", "auditwheel", "show"])
            .arg(wheel)
            .run_quietly()?;
        let platform = target.platform().unwrap_or_default();
        let older = format!("manylinux_2_5_{}", target.architecture());
        if !shown.contains(&platform) && !shown.contains(&older) {
            return Err(Failure::new(format!(
                "auditwheel does not find the wheel to be {platform}: it says `{}`",
                shown.split_whitespace().collect::<Vec<_>>().join(" ")
            )));
        }
    }
    Ok(())
}

fn ensure_rust_target(repo: &Repo, target: &Target) -> Result {
    let libraries = Tool::new("rustc", "install Rust from https://rustup.rs")
        .args(["--print", "target-libdir", "--target", &target.triple])
        .directory(repo.root())
        .run_quietly()?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    Tool::rustup()
        .args(["target", "add", &target.triple])
        .directory(repo.root())
        .run()
}

fn path_with_environment(repo: &Repo) -> Result<std::ffi::OsString> {
    let mut places = vec![repo.target("venv/bin")];
    places.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    env::join_paths(places).map_err(|error| Failure::new(format!("the path cannot be written: {error}")))
}
