//! Rust to WebAssembly: compile, generate the JavaScript glue, optimise.

use std::path::{Path, PathBuf};

use crate::cargo::cargo_with_own_flags;
use crate::failure::{Failure, Result};
use crate::glue;
use crate::npm;
use crate::repo::{self, Repo};
use crate::stamp::Stamp;
use crate::step::{note, step};
use crate::tools::Tool;

const TARGET: &str = "wasm32-unknown-unknown";

/// A build of a crate that compiles to WebAssembly.
struct Module {
    /// As people know it.
    title: &'static str,
    /// The stem of the files: `<name>.wasm`, `<name>.js`, `<name>.d.ts`.
    name: &'static str,
    package: &'static Package,
    features: &'static [&'static str],
    /// In place of the flags in `.cargo/config.toml`.
    rust_flags: Option<&'static str>,
    /// For `wasm-opt`.
    level: &'static str,
    /// Where cargo builds. It gives every build of the crate the same file name, which is read before the next is built;
    /// what other flags or another crate make differ has a directory of its own.
    target_dir: &'static str,
    /// Where `<name>.wasm` goes; the glue goes into `wasm/` below.
    output: &'static str,
}

/// A crate that compiles to WebAssembly.
struct Package {
    name: &'static str,
    manifest: &'static str,
}

/// The one that is published, in several builds.
const OURS: Package = Package {
    name: "yc-iam-wasm",
    manifest: "bindings/wasm/Cargo.toml",
};

/// What the signer's module would be with `rsa` 0.9.
const ON_RSA_09: Package = Package {
    name: "yc-iam-wasm-rsa-09",
    manifest: "benches/wasm-rsa-09/Cargo.toml",
};

const SIGNER: &[&str] = &["--no-default-features", "--features", "signer"];

/// Those that the npm package carries.
const MODULES: [Module; 4] = [
    Module {
        title: "wasm module",
        name: "yc_iam",
        package: &OURS,
        features: &[],
        rust_flags: None,
        level: SMALL,
        target_dir: "target",
        output: "js/dist",
    },
    Module {
        title: "signer's wasm module",
        name: "yc_iam_signer",
        package: &OURS,
        features: SIGNER,
        rust_flags: None,
        level: FAST,
        target_dir: "target",
        output: "js/dist",
    },
    Module {
        title: "tools' wasm module",
        name: "yc_iam_tools",
        package: &OURS,
        features: &["--no-default-features", "--features", "tools"],
        rust_flags: None,
        level: SMALL,
        target_dir: "target",
        output: "js/dist",
    },
    Module {
        title: "emulator's wasm module",
        name: "yc_iam_emulator",
        package: &OURS,
        features: &["--no-default-features", "--features", "emulator"],
        rust_flags: None,
        level: SMALL,
        target_dir: "target",
        output: "js/dist",
    },
];

/// The signer's module as `rsa` comes: 0.10 without the flag for 32-bit limbs, and 0.9.
const RIVALS: [Module; 2] = [
    Module {
        title: "signer's wasm module with default limbs",
        name: "yc_iam_signer",
        package: &OURS,
        features: SIGNER,
        rust_flags: Some(NO_FLAGS),
        level: FAST,
        target_dir: "target/bench/default-limbs",
        output: "target/bench/default-limbs/dist",
    },
    Module {
        title: "signer's wasm module on rsa 0.9",
        name: "yc_iam_signer",
        package: &ON_RSA_09,
        features: &[],
        rust_flags: Some(NO_FLAGS),
        level: FAST,
        target_dir: "target/bench/rsa-09",
        output: "target/bench/rsa-09/dist",
    },
];

/// Any flag replaces those of the configuration; this one changes nothing.
const NO_FLAGS: &str = "-Cstrip=debuginfo";

/// What rustc emits for wasm32 by default; every Node since 16 and every browser since 2021 runs it.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// For the signer's arithmetic.
const FAST: &str = "-O3";
/// For everything else: 1 % less than `-O3`, and the same when gzipped. Further passes change neither.
const SMALL: &str = "-Oz";

/// Builds each module into `js/dist/<name>.wasm`, their glue into `js/dist/wasm/`.
pub fn build(repo: &Repo) -> Result {
    ensure_target(repo)?;
    npm::install_dependencies(repo)?;
    MODULES.iter().try_for_each(|module| build_module(repo, module))
}

/// Builds what the bench compares the signer with, below `target/bench/`.
pub fn build_rivals(repo: &Repo) -> Result {
    RIVALS.iter().try_for_each(|module| build_module(repo, module))
}

fn build_module(repo: &Repo, module: &Module) -> Result {
    step(format_args!("building the {}", module.title), || {
        let compiled = compile(repo, module)?;
        let glued = glue::generate(repo, module.name, &compiled, &repo.path(module.output).join("wasm"))?;
        optimise(repo, module, &glued)
    })
}

/// Adds the wasm32 target to the toolchain if it is not there.
fn ensure_target(repo: &Repo) -> Result {
    let libraries = Tool::new("rustc", "install Rust from https://rustup.rs")
        .args(["--print", "target-libdir", "--target", TARGET])
        .directory(repo.root())
        .run_quietly()?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    step(format_args!("adding the {TARGET} target to Rust"), || {
        let added = Tool::rustup()
            .args(["target", "add", TARGET])
            .directory(repo.root())
            .run();
        added.map_err(|failure| {
            Failure::new(format!(
                "the Rust target {TARGET} is needed and could not be added ({failure}): \
                 run `rustup target add {TARGET}` when there is a network, or install your distribution's package of it"
            ))
        })
    })
}

fn compile(repo: &Repo, module: &Module) -> Result<PathBuf> {
    let target_dir = repo.path(module.target_dir);
    let mut build = cargo_with_own_flags(repo)
        .args(["build", "--quiet", "--profile", "wasm", "--target", TARGET])
        .arg("--manifest-path")
        .arg(repo.path(module.package.manifest))
        .args(module.features)
        .arg("--target-dir")
        .arg(&target_dir);
    build = match module.rust_flags {
        Some(flags) => build.env("CARGO_ENCODED_RUSTFLAGS", flags),
        // Added to those of the configuration.
        None => build
            .arg("--config")
            .arg(format!("target.{TARGET}.rustflags=['{}']", repo::remapped_sources())),
    };
    build.run()?;
    let compiled = format!("{}.wasm", module.package.name.replace('-', "_"));
    Ok(target_dir.join(TARGET).join("wasm").join(compiled))
}

/// Shrinks and speeds up the module with Binaryen's `wasm-opt`, which npm brings.
fn optimise(repo: &Repo, module: &Module, glued: &Path) -> Result {
    let optimised = repo.path(module.output).join(format!("{}.wasm", module.name));
    let binaryen = repo.path("js/node_modules/binaryen");
    let stamp = Stamp::new(
        optimised.with_extension("wasm.stamp"),
        &format!("{} {WASM_FEATURES:?}", module.level),
        // Its manifest has its version.
        &[glued, &binaryen.join("package.json")],
    )?;
    if !(stamp.is_current() && optimised.is_file()) {
        Tool::node()
            .arg(binaryen.join("bin/wasm-opt"))
            .args(WASM_FEATURES)
            .arg(module.level)
            .arg(glued)
            .arg("--output")
            .arg(&optimised)
            .run()?;
        stamp.record()?;
    }
    let size = repo::read(&optimised)?.len();
    note(format_args!(
        "{}/{}.wasm: {} kB",
        module.output,
        module.name,
        size / 1000
    ));
    Ok(())
}
