//! The Python package's tests, against the wheel as installed, and the checks of its types.

use crate::failure::Result;
use crate::python::{install_wheel, interpreter};
use crate::repo::Repo;
use crate::step::step;
use crate::tools::cores;

pub fn run(repo: &Repo) -> Result {
    install_wheel(repo)?;
    step("checking the types of the Python package", || {
        interpreter(repo)
            .args(["-m", "mypy", "--strict", "--config-file", "python/pyproject.toml"])
            .arg("--cache-dir")
            .arg(repo.target("mypy"))
            .args(["python/yc_iam", "python/pytest_yc_iam"])
            .run()
    })?;
    step("comparing the stubs with the extension module", || stubtest(repo))?;
    step("testing the Python package", || {
        interpreter(repo)
            .args(["-m", "pytest", "--quiet", "--config-file", "python/pyproject.toml"])
            .args(["--rootdir", "tests/python"])
            // Most tests wait for a process or a socket. Whoever has nothing left takes over tests that wait behind a long one.
            .args(["--numprocesses", &cores().to_string(), "--dist", "worksteal"])
            .arg("--override-ini")
            .arg(format!("cache_dir={}", repo.target("pytest").display()))
            .arg("tests/python")
            .env("YC_IAM_ROOT", repo.root())
            .run()
    })
}

/// Only the extension module has a stub; the rest is checked by mypy itself.
/// Runs in target/, where no `yc_iam` directory stands before the installed one.
fn stubtest(repo: &Repo) -> Result {
    interpreter(repo)
        .args(["-m", "mypy.stubtest", "yc_iam._core", "--concise"])
        .directory(repo.target(""))
        .run()
}
