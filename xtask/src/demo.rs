//! `cargo xtask demo`: one IAM token from each of the three languages.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Instant;

use crate::cargo::cargo;
use crate::emulator::Emulator;
use crate::failure::{Failure, Result};
use crate::repo::{self, Repo};
use crate::step::{Seconds, step};
use crate::tools::Tool;
use crate::{js, python};

/// Against the embedded emulator, or with `--key-file` against the real service.
pub fn run(repo: &Repo, arguments: &[String]) -> Result {
    let own_key = key_file(arguments)?;
    build(repo)?;
    let Some(key) = own_key else {
        let emulator = step("starting the embedded emulator", || Emulator::start(repo))?;
        println!(
            "    it listens on {} and has made a service-account key",
            emulator.url()
        );
        return show_all(repo, &emulator.flags());
    };
    println!("==> asking the real service, with the key in {}", key.display());
    show_all(repo, &["--key-file".into(), key.into_os_string()])
}

/// The path after `--key-file`, made absolute: the programs run in the repository's root.
fn key_file(arguments: &[String]) -> Result<Option<PathBuf>> {
    let path = match arguments {
        [] => return Ok(None),
        [flag, path] if flag == "--key-file" => path,
        [argument] if argument.starts_with("--key-file=") => argument.trim_start_matches("--key-file="),
        _ => return Err(Failure::new("`demo` takes nothing, or `--key-file key.json`")),
    };
    std::path::absolute(path)
        .ok()
        .filter(|path| path.is_file())
        .map(Some)
        .ok_or_else(|| Failure::new(format!("there is no key file `{path}`")))
}

fn build(repo: &Repo) -> Result {
    step("building the Rust example", || {
        cargo(repo).args(["build", "--quiet", "--example", "demo"]).run()
    })?;
    python::install_wheel(repo)?;
    js::build(repo)?;
    let tarball = js::pack(repo)?;
    step("installing the npm package into target/demo", || {
        let project = repo.target(NODE_PROJECT);
        js::install_into(&project, &[("yc-iam", &tarball)])?;
        // A copy: Node looks for packages upward from the file that imports them.
        repo::copy(&repo.path("examples/demo.mjs"), &project.join("demo.mjs"))
    })
}

/// A project that has the packed package among its dependencies, as a user's would.
const NODE_PROJECT: &str = "demo";

/// A program that gets a token and tells what it sent and received.
struct Show {
    title: &'static str,
    program: fn(&Repo) -> Tool,
}

const SHOWS: [Show; 3] = [
    Show {
        title: "Rust: examples/demo.rs",
        program: |repo| {
            let name = format!("demo{}", std::env::consts::EXE_SUFFIX);
            Tool::new(repo.target("debug/examples").join(name), "run `cargo xtask demo`")
        },
    },
    Show {
        title: "Python: examples/demo.py",
        program: |repo| python::interpreter(repo).arg("examples/demo.py"),
    },
    Show {
        title: "Node: examples/demo.mjs",
        program: |repo| Tool::node().arg(repo.target(NODE_PROJECT).join("demo.mjs")),
    },
];

/// Runs the programs in turn; stops at the first that fails.
fn show_all(repo: &Repo, flags: &[OsString]) -> Result {
    let mut summary = Vec::new();
    for show in &SHOWS {
        println!("\n--- {} ---", show.title);
        let start = Instant::now();
        (show.program)(repo)
            .args(flags)
            .directory(repo.root())
            .run()
            .map_err(|failure| Failure::new(format!("{} got no token: {failure}", show.title)))?;
        let took = Seconds(start.elapsed());
        println!("({took})");
        summary.push(format!("{:<26} a token in {took}", show.title));
    }
    println!("\n{}", summary.join("\n"));
    Ok(())
}
