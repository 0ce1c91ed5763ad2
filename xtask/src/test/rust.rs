//! The core's tests with each signer, with and without the emulator; documentation and examples included.

use crate::cargo::cargo;
use crate::failure::Result;
use crate::repo::Repo;
use crate::step::step;

/// Sets of features that differ in what they compile. Dependencies are shared between them.
const FEATURE_SETS: [&str; 3] = ["", "emulator,http1", "aws-lc,emulator,http1"];

pub fn run(repo: &Repo) -> Result {
    for features in FEATURE_SETS {
        let shown = if features.is_empty() {
            "default features"
        } else {
            features
        };
        step(format_args!("testing the Rust core ({shown})"), || {
            cargo(repo)
                .args(["test", "--no-fail-fast", "--package", "yc-iam", "--features", features])
                .env("YC_IAM_ROOT", repo.root())
                .run()
        })?;
    }
    step("testing xtask", || {
        cargo(repo).args(["test", "--package", "xtask"]).run()
    })
}
