//! `cargo xtask dist`: everything that is published, from one version, in `target/dist/` with its checksums.

mod checksums;
pub mod contents;
mod packages;
mod reproducible;
mod sbom;
mod sysroot;
mod targets;
mod trial;
pub mod version;
mod wheels;

use crate::failure::{Failure, Result};
use crate::repo::{self, Repo};
use crate::step::note;
use checksums::{SUMS, checksums};
use targets::Target;

const OUTPUT: &str = "dist";

struct Wanted {
    wheels: bool,
    packages: bool,
    sbom: bool,
    reproducible: bool,
    targets: Vec<Target>,
}

pub fn run(repo: &Repo, arguments: &[String]) -> Result {
    let wanted = parse(arguments)?;
    version::check(repo)?;
    if wanted.reproducible {
        return reproducible::check(repo);
    }
    let output = repo.target(OUTPUT);
    repo::empty_directory(&output)?;
    if wanted.packages {
        packages::build(repo, repo, &output, packages::Verify::Yes)?;
    }
    if wanted.sbom {
        sbom::write_all(repo, &output)?;
    }
    if wanted.wheels {
        for target in &wanted.targets {
            let wheel = wheels::build(repo, target, &output)?;
            trial::run(repo, target, &wheel)?;
        }
    }
    let sums = checksums(&output)?;
    println!("\ntarget/{OUTPUT}:\n{sums}");
    repo::write(&output.join(SUMS), sums)
}

fn parse(arguments: &[String]) -> Result<Wanted> {
    let mut wanted = Wanted {
        wheels: false,
        packages: false,
        sbom: false,
        reproducible: false,
        targets: Vec::new(),
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "wheels" => wanted.wheels = true,
            "packages" => (wanted.packages, wanted.sbom) = (true, true),
            "sbom" => wanted.sbom = true,
            "--check-reproducible" => wanted.reproducible = true,
            "--target" => match arguments.next() {
                Some(triple) => wanted.targets.push(Target::named(triple)),
                None => {
                    return Err(Failure::new(
                        "`--target` takes a Rust target, such as aarch64-unknown-linux-gnu",
                    ));
                }
            },
            other => {
                return Err(Failure::new(format!(
                    "`dist` does not know `{other}`: it takes wheels, packages, sbom, --target and --check-reproducible"
                )));
            }
        }
    }
    if !wanted.targets.is_empty() {
        wanted.wheels = true;
    } else if !wanted.wheels && !wanted.sbom {
        (wanted.wheels, wanted.packages, wanted.sbom) = (true, true, true);
    }
    if wanted.targets.is_empty() {
        wanted
            .targets
            .extend(targets::LINUX.iter().map(|triple| Target::named(triple)));
        if wanted.wheels {
            note(format_args!("wheels for {}", targets::LINUX.join(", ")));
        }
    }
    Ok(wanted)
}
