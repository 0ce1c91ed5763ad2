//! `cargo xtask build`: the packages, as they are published.

use crate::failure::{Failure, Result};
use crate::repo::Repo;
use crate::{js, playground, python, wasm};

pub fn run(repo: &Repo, arguments: &[String]) -> Result {
    if arguments.is_empty() {
        js::build(repo)?;
        python::build_wheel(repo)?;
        return Ok(());
    }
    for argument in arguments {
        match argument.as_str() {
            "wasm" => wasm::build(repo)?,
            "js" => js::build(repo)?,
            "python" => python::build_wheel(repo).map(drop)?,
            "playground" => playground::build(repo).map(drop)?,
            other => {
                return Err(Failure::new(format!(
                    "`build` does not know `{other}`: it takes wasm, js, python and playground"
                )));
            }
        }
    }
    Ok(())
}
