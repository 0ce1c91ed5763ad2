//! `cargo xtask fuzz`: libFuzzer on one of the targets of `tests/fuzz`, for as long as one likes.

use crate::cargo::{cargo, cargo_with_own_flags, host};
use crate::failure::{Failure, Result};
use crate::repo::{Repo, empty_directory, make_directory};
use crate::step::step;

/// Seconds, unless told otherwise.
const SECONDS: &str = "60";

/// Longer inputs are about limits, which the vectors hold.
const MAX_LEN: &str = "-max_len=8192";

/// An input that takes so many seconds hangs.
const TIMEOUT: &str = "-timeout=20";

/// What libFuzzer needs to see which code an input reaches, as `cargo fuzz` sets it. Every compiler has it.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// What the command line asks for.
#[derive(Debug, PartialEq)]
struct Wanted<'a> {
    target: &'a str,
    seconds: &'a str,
}

pub fn run(repo: &Repo, arguments: &[String]) -> Result {
    let wanted = wanted(arguments)?;
    let folder = repo.target("fuzz");
    let (seeds, corpus) = (folder.join("seeds"), folder.join("corpus").join(wanted.target));
    step("writing the seeds", || {
        // Those of a target that was renamed would stay.
        empty_directory(&seeds)?;
        cargo(repo)
            .args([
                "test",
                "--quiet",
                "--package",
                "yc-iam",
                "--features",
                "emulator,http1",
                "--test",
                "fuzz",
            ])
            .args(["--", "--ignored", "--exact", "write_seeds"])
            .env("FUZZ_SEEDS", &seeds)
            .run_quietly()
            .map(drop)
    })?;
    let own_seeds = seeds.join(wanted.target);
    if !own_seeds.is_dir() {
        let targets = crate::repo::entries(&seeds)?;
        let names = targets
            .iter()
            .filter(|path| path.is_dir())
            .filter_map(|path| path.file_name());
        let names: Vec<_> = names.map(|name| name.to_string_lossy()).collect();
        let message = format!("there is no target `{}`; there are {}", wanted.target, names.join(", "));
        return Err(Failure::new(message));
    }
    make_directory(&corpus)?;
    let host = host(repo)?;
    step("fuzzing", || {
        // With a target named, the flags are not those of build scripts and macros.
        cargo_with_own_flags(repo)
            .args(["test", "--quiet", "--locked", "--release", "--target", &host])
            .args([
                "--manifest-path",
                "tests/fuzz/libfuzzer/Cargo.toml",
                "--test",
                "libfuzzer",
            ])
            .arg("--target-dir")
            .arg(folder.join("build"))
            .arg("--")
            .args([MAX_LEN, TIMEOUT, &format!("-max_total_time={}", wanted.seconds)])
            .args(["-reload=0", "-print_final_stats=1"])
            .arg(format!("-artifact_prefix={}/", folder.display()))
            .arg(format!("-dict={}", own_seeds.with_extension("dict").display()))
            .args([&corpus, &own_seeds])
            .env("FUZZ_TARGET", wanted.target)
            .env(&flags_variable(&host), FLAGS)
            .run()
    })
}

/// Cargo's variable for the flags of one target.
fn flags_variable(host: &str) -> String {
    let name = host.to_uppercase().replace(['-', '.'], "_");
    format!("CARGO_TARGET_{name}_RUSTFLAGS")
}

fn wanted(arguments: &[String]) -> Result<Wanted<'_>> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let wanted = match *words.as_slice() {
        [target] => Wanted {
            target,
            seconds: SECONDS,
        },
        [target, "--seconds", seconds] | ["--seconds", seconds, target] => Wanted { target, seconds },
        _ => return Err(Failure::new("`fuzz` takes the name of a target, and --seconds N")),
    };
    if wanted.target.starts_with('-') || wanted.target.contains(['/', '\\', '.']) {
        return Err(Failure::new(format!("`{}` is not the name of a target", wanted.target)));
    }
    if wanted.seconds.parse::<u32>().is_err() {
        return Err(Failure::new(format!("`{}` is not a number of seconds", wanted.seconds)));
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_and_its_time() {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let found = |line: &str| {
            wanted(&words(line))
                .ok()
                .map(|found| (found.target.to_owned(), found.seconds.to_owned()))
        };
        let expected = |target: &str, seconds: &str| Some((target.to_owned(), seconds.to_owned()));
        assert_eq!(found("jwt"), expected("jwt", "60"));
        assert_eq!(found("jwt --seconds 5"), expected("jwt", "5"));
        assert_eq!(found("--seconds 5 jwt"), expected("jwt", "5"));
        for wrong in [
            "",
            "--seconds 5",
            "jwt --seconds",
            "jwt --seconds x",
            "../jwt",
            "jwt redact",
        ] {
            assert_eq!(found(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn flags_are_for_one_target() {
        let name = flags_variable("x86_64-unknown-linux-gnu");
        assert_eq!(name, "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS");
    }
}
