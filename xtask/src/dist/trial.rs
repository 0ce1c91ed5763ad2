//! Installs a wheel beside an interpreter that it is for, gets a JWT and a token there, and has OpenSSL judge the JWT.

use std::path::Path;

use super::sysroot::Sysroot;
use super::targets::Target;
use crate::cargo::host;
use crate::failure::{Failure, Result};
use crate::python;
use crate::repo::{self, Repo};
use crate::step::{note, step};
use crate::tools::Tool;

const PROGRAM: &str = "tests/packaging/use_wheel.py";

/// An interpreter that a wheel for musl is tried in, with a `%` where the architecture goes; there is none to download.
const MUSL_PYTHON: &str = "YC_IAM_MUSL_PYTHON_";

pub fn run(repo: &Repo, target: &Target, wheel: &Path) -> Result {
    let Some(python) = interpreter(repo, target)? else {
        // Linux builds for other machines, whose wheels run elsewhere; any other system builds for itself.
        if target.compatibility.is_none() {
            return Err(Failure::new(format!(
                "the wheel for {} cannot be run on this machine, so nobody knows whether it works: build it on one of its own",
                target.triple
            )));
        }
        note(format_args!(
            "no interpreter for {} here: the wheel was not run",
            target.triple
        ));
        return Ok(());
    };
    step(format_args!("trying the wheel for {}", target.triple), || {
        let place = repo.target("trials").join(&target.triple);
        let packages = place.join("packages");
        repo::empty_directory(&packages)?;
        install(repo, target, wheel, &packages)?;
        let said = python
            .arg(repo.path(PROGRAM))
            .arg(&place)
            .env("PYTHONPATH", &packages)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .run_quietly()?;
        note(said.trim());
        verify(&place)
    })
}

fn interpreter(repo: &Repo, target: &Target) -> Result<Option<Tool>> {
    if target.triple.ends_with("-linux-musl") {
        let variable = format!("{MUSL_PYTHON}{}", target.architecture().to_uppercase());
        let given = std::env::var_os(variable);
        return Ok(given.map(|program| Tool::new(program, "the variable must name a program")));
    }
    if target.triple == host(repo)? {
        return Ok(Some(python::interpreter(repo)));
    }
    if target.triple == "aarch64-unknown-linux-gnu" && Sysroot::is_possible() {
        return Ok(Some(Sysroot::ensure(repo)?.python()));
    }
    Ok(None)
}

/// pip refuses a wheel whose tags do not fit the platform.
fn install(repo: &Repo, target: &Target, wheel: &Path, packages: &Path) -> Result {
    let mut pip = python::interpreter(repo)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(["--no-deps", "--no-index", "--only-binary", ":all:", "--target"])
        .arg(packages);
    if let Some(platform) = target.platform() {
        pip = pip.args(["--platform", &platform]);
    }
    pip.arg(wheel).run()
}

/// RSASSA-PSS with SHA-256 and a salt of 32 bytes: what PS256 is.
fn verify(place: &Path) -> Result {
    let said = Tool::new("openssl", "install OpenSSL's command line")
        .args([
            "dgst",
            "-sha256",
            "-sigopt",
            "rsa_padding_mode:pss",
            "-sigopt",
            "rsa_pss_saltlen:32",
        ])
        .arg("-verify")
        .arg(place.join("public.pem"))
        .arg("-signature")
        .arg(place.join("signature"))
        .arg(place.join("signed"))
        .run_quietly()?;
    match said.trim() {
        "Verified OK" => Ok(()),
        other => Err(Failure::new(format!("OpenSSL does not verify the JWT: `{other}`"))),
    }
}
