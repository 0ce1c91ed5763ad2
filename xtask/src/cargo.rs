//! The cargo that started this program, building what this repository expects, whatever is set around it.

use std::env;

use crate::failure::{Failure, Result};
use crate::repo::Repo;
use crate::tools::Tool;

const GET_RUST: &str = "install Rust from https://rustup.rs";

pub fn cargo(repo: &Repo) -> Tool {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    in_own_directory(repo, Tool::new(program, GET_RUST).directory(repo.root()))
}

/// For what needs the flags of `.cargo/config.toml` or ours: cargo forgets them where the environment has some for all targets.
pub fn cargo_with_own_flags(repo: &Repo) -> Tool {
    cargo(repo).without("RUSTFLAGS").without("CARGO_ENCODED_RUSTFLAGS")
}

/// For what calls cargo: it builds into `target/`, where we look for what it made, and for this machine unless we name another.
pub fn in_own_directory(repo: &Repo, tool: Tool) -> Tool {
    tool.env("CARGO_TARGET_DIR", repo.path("target"))
        .without("CARGO_BUILD_TARGET")
}

/// What this machine's compiler compiles for by itself.
pub fn host(repo: &Repo) -> Result<String> {
    let rustc = Tool::new("rustc", GET_RUST).directory(repo.root());
    let said = rustc.arg("-vV").run_quietly()?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    let unknown = || Failure::new("`rustc -vV` does not say what it compiles for");
    host.map(str::to_owned).ok_or_else(unknown)
}
