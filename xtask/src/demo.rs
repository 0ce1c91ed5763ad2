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

/// What is shown.
enum Scene {
    /// A token from the embedded emulator.
    Token,
    /// A token from the real service, with the key in this file.
    RealToken(PathBuf),
    /// A pod without a key, from the federation to the secret, in an emulator of each language's own.
    Tutorial,
}

/// Against the embedded emulator, or with `--key-file` against the real service; or the tutorial.
pub fn run(repo: &Repo, arguments: &[String]) -> Result {
    let scene = scene(arguments)?;
    let name = if matches!(scene, Scene::Tutorial) {
        "tutorial"
    } else {
        "demo"
    };
    build(repo, name)?;
    match scene {
        Scene::Token => {
            let emulator = step("starting the embedded emulator", || Emulator::start(repo))?;
            println!(
                "    it listens on {} and has made a service-account key",
                emulator.url()
            );
            show_all(repo, name, &emulator.flags())
        }
        Scene::RealToken(key) => {
            println!("==> asking the real service, with the key in {}", key.display());
            show_all(repo, name, &["--key-file".into(), key.into_os_string()])
        }
        Scene::Tutorial => show_all(repo, name, &[]),
    }
}

/// A path is made absolute: the programs run in the repository's root.
fn scene(arguments: &[String]) -> Result<Scene> {
    let path = match arguments {
        [] => return Ok(Scene::Token),
        [flag] if flag == "--tutorial" => return Ok(Scene::Tutorial),
        [flag, path] if flag == "--key-file" => path,
        [argument] if argument.starts_with("--key-file=") => argument.trim_start_matches("--key-file="),
        _ => {
            return Err(Failure::new(
                "`demo` takes nothing, `--tutorial`, or `--key-file key.json`",
            ));
        }
    };
    std::path::absolute(path)
        .ok()
        .filter(|path| path.is_file())
        .map(Scene::RealToken)
        .ok_or_else(|| Failure::new(format!("there is no key file `{path}`")))
}

/// Builds what the programs of this name need: `examples/<name>.rs`, `.py` and `.mjs`.
fn build(repo: &Repo, name: &str) -> Result {
    step("building the Rust example", || {
        cargo(repo)
            .args(["build", "--quiet", "--features", "emulator", "--example", name])
            .run()
    })?;
    python::install_wheel(repo)?;
    js::build(repo)?;
    let tarball = js::pack(repo)?;
    step("installing the npm package into target/demo", || {
        let project = repo.target(NODE_PROJECT);
        js::install_into(&project, &[("yc-iam", &tarball)])?;
        // A copy: Node looks for packages upward from the file that imports them.
        let file = format!("{name}.mjs");
        repo::copy(&repo.path("examples").join(&file), &project.join(file))
    })
}

/// A project that has the packed package among its dependencies, as a user's would.
const NODE_PROJECT: &str = "demo";

/// A language's program of some name.
struct Show {
    language: &'static str,
    extension: &'static str,
    program: fn(&Repo, &str) -> Tool,
}

const SHOWS: [Show; 3] = [
    Show {
        language: "Rust",
        extension: "rs",
        program: |repo, name| {
            let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
            Tool::new(repo.target("debug/examples").join(file), "run `cargo xtask demo`")
        },
    },
    Show {
        language: "Python",
        extension: "py",
        program: |repo, name| python::interpreter(repo).arg(format!("examples/{name}.py")),
    },
    Show {
        language: "Node",
        extension: "mjs",
        program: |repo, name| Tool::node().arg(repo.target(NODE_PROJECT).join(format!("{name}.mjs"))),
    },
];

/// Runs the programs of this name in turn; stops at the first that fails.
fn show_all(repo: &Repo, name: &str, flags: &[OsString]) -> Result {
    let mut summary = Vec::new();
    for Show {
        language,
        extension,
        program,
    } in &SHOWS
    {
        let title = format!("{language}: examples/{name}.{extension}");
        println!("\n--- {title} ---");
        let start = Instant::now();
        program(repo, name)
            .args(flags)
            .directory(repo.root())
            .run()
            .map_err(|failure| Failure::new(format!("{title} failed: {failure}")))?;
        let took = Seconds(start.elapsed());
        println!("({took})");
        summary.push(format!("{title:<32} done in {took}"));
    }
    println!("\n{}", summary.join("\n"));
    Ok(())
}
