//! The cargo that started this program.

use std::env;

use crate::repo::Repo;
use crate::tools::Tool;

pub fn cargo(repo: &Repo) -> Tool {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Tool::new(program, "install Rust from https://rustup.rs").directory(repo.root())
}
