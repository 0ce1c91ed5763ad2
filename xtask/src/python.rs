//! The Python package: virtual environment, wheel, installation.

use std::env;
use std::path::{Path, PathBuf};

use crate::cargo::in_own_directory;
use crate::failure::{Failure, Result};
use crate::repo::{self, Repo};
use crate::stamp::Stamp;
use crate::step::{note, step};
use crate::tools::{Tool, major_minor};

const OLDEST_PYTHON: (u32, u32) = (3, 9);
const GET_PYTHON: &str = "install Python 3.9 or later from https://www.python.org/downloads";
const WHEELS: &str = "wheels";

/// The interpreter of `target/venv`. Output is not buffered, so that it appears in order with that of others.
pub fn interpreter(repo: &Repo) -> Tool {
    let python = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    Tool::new(repo.target("venv").join(python), "run `cargo xtask build python`")
        .env("PYTHONUNBUFFERED", "1")
        .env("PYTHONPYCACHEPREFIX", repo.target("pycache"))
        .directory(repo.root())
}

/// Which Python a virtual environment would be made from: that breaks when another takes its place.
const BASE: &str = "import sys; print(sys.version, sys.base_prefix)";

/// Makes `target/venv` with the tools that the tests need, if they or the system's Python have changed since the last time.
pub fn ensure_environment(repo: &Repo) -> Result {
    let requirements = repo.path("tests/python/requirements.txt");
    let directory = repo.target("venv");
    let python = find_python()?;
    let base = Tool::new(python, GET_PYTHON).args(["-c", BASE]).run_quietly()?;
    let stamp = Stamp::new(directory.join("xtask.stamp"), &base, &[&requirements])?;
    if stamp.is_current() {
        return Ok(());
    }
    step("making a virtual environment in target/venv", || {
        let made = Tool::new(python, GET_PYTHON)
            .args(["-m", "venv", "--clear"])
            .arg(&directory)
            .run_quietly();
        made.map(drop).map_err(|failure| {
            Failure::new(format!(
                "Python could not make a virtual environment ({failure}): \
                 on Debian and Ubuntu, run `apt install python3-venv`"
            ))
        })
    })?;
    step("installing the Python tools", || {
        install(repo, &requirements)?;
        stamp.record()
    })
}

/// The name of a Python that is new enough.
fn find_python() -> Result<&'static str> {
    let mut too_old = None;
    for name in ["python3", "python"] {
        // A name that cannot be started is not an error yet: the next may do.
        let Ok(output) = Tool::new(name, GET_PYTHON).arg("--version").try_output() else {
            continue;
        };
        let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        match major_minor(&version) {
            Some(found) if found >= OLDEST_PYTHON => return Ok(name),
            Some(_) => too_old = Some(version),
            None => {}
        }
    }
    Err(Failure::new(match too_old {
        Some(version) => format!("Python 3.9 or later is needed and this is {version}: {GET_PYTHON}"),
        None => format!("`python3` is needed and was not found: {GET_PYTHON}"),
    }))
}

/// Adds the tools of another file of requirements to `target/venv`.
pub fn ensure_installed(repo: &Repo, requirements: &str) -> Result {
    let requirements = repo.path(requirements);
    let stem = requirements.parent().and_then(|directory| directory.file_name());
    let name = format!("{}.stamp", stem.unwrap_or_default().to_string_lossy());
    let stamp = Stamp::new(repo.target("venv").join(name), "pip", &[&requirements])?;
    if stamp.is_current() {
        return Ok(());
    }
    step("installing the tools for packaging", || {
        install(repo, &requirements)?;
        stamp.record()
    })
}

fn install(repo: &Repo, requirements: &Path) -> Result {
    interpreter(repo)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .arg("--requirement")
        .arg(requirements)
        .run()
}

/// maturin for a target, with what makes AWS-LC small: measured on x86_64 Linux, tried on the others, and not for the
/// compilers of macOS and Windows. From python/, because cargo looks for .cargo/config.toml from the current directory
/// upward.
pub fn maturin_build(repo: &Repo, triple: &str, output: &Path) -> Tool {
    maturin(repo, triple)
        .args(["--target", triple])
        .arg("--out")
        .arg(output)
}

fn maturin(repo: &Repo, triple: &str) -> Tool {
    let header = repo.path("bindings/python/aws_lc.h");
    // What the header includes too early could hide a declaration, which C would make up.
    let flags = format!(
        "-Os -include {} -Werror=implicit-function-declaration",
        header.display()
    );
    // `cc` splits flags at white space. AWS-LC's own variables are in .cargo/config.toml; these are added to them.
    let is_usable = triple.contains("-linux-")
        && env::var_os("CFLAGS").is_none()
        && !header.to_string_lossy().contains(char::is_whitespace);
    let tool = in_own_directory(repo, interpreter(repo));
    let tool = if is_usable { tool.env("CFLAGS", flags) } else { tool };
    tool.args(["-m", "maturin", "build", "--release", "--compression-level", "9"])
        .directory(repo.path("python"))
}

/// Packs the source distribution of this or another tree into a directory. Its files have the time that reproducible archives have for want of
/// another: the first that a ZIP file can hold.
pub fn source_distribution(repo: &Repo, tree: &Repo, output: &Path) -> Result {
    in_own_directory(tree, interpreter(repo))
        .args(["-m", "maturin", "sdist", "--out"])
        .arg(output)
        .env("SOURCE_DATE_EPOCH", "315532800")
        .directory(tree.path("python"))
        .run_quietly()
        .map(drop)
}

/// What the wheel of this machine is built for: what is measured, and else maturin's choice.
const HOST: &str = if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
    "x86_64-unknown-linux-gnu"
} else {
    ""
};

/// Builds the wheel into `target/wheels/` and returns its path.
pub fn build_wheel(repo: &Repo) -> Result<PathBuf> {
    ensure_environment(repo)?;
    step("building the wheel", || {
        let wheels = repo.target(WHEELS);
        repo::empty_directory(&wheels)?;
        maturin(repo, HOST).arg("--out").arg(&wheels).run_quietly()?;
        let Some(wheel) = repo::files_ending_in(&wheels, &[".whl"])?.pop() else {
            return Err(Failure::new("maturin built no wheel"));
        };
        let size = repo::read(&wheel)?.len();
        let name = wheel.file_name().unwrap_or_default().to_string_lossy();
        note(format_args!("target/{WHEELS}/{name}: {} kB", size / 1000));
        Ok(wheel)
    })
}

/// Builds the wheel and installs it into `target/venv`, as a user would.
pub fn install_wheel(repo: &Repo) -> Result {
    let wheel = build_wheel(repo)?;
    let stamp = Stamp::new(repo.target("venv/wheel.stamp"), "pip", &[&wheel])?;
    if stamp.is_current() {
        return Ok(());
    }
    step("installing the wheel into target/venv", || {
        interpreter(repo)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(["--force-reinstall", "--no-deps", "--no-index"])
            .arg(&wheel)
            .run()?;
        stamp.record()
    })
}
