//! Running other programs, and saying clearly which one is missing.

use std::env;
use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use crate::failure::{Failure, Result};

const GET_NODE: &str = "install Node 20.11 or later from https://nodejs.org (npm comes with it)";
const GET_RUSTUP: &str = "install it from https://rustup.rs";

/// A program about to be run.
pub struct Tool {
    command: Command,
    name: String,
    /// How to get the program, for the sentence that says that it is missing.
    remedy: &'static str,
}

impl Tool {
    pub fn new(program: impl AsRef<OsStr>, remedy: &'static str) -> Self {
        let name = Path::new(program.as_ref()).file_name().unwrap_or(program.as_ref());
        Self {
            name: name.to_string_lossy().into_owned(),
            command: Command::new(&program),
            remedy,
        }
    }

    pub fn rustup() -> Self {
        Self::new("rustup", GET_RUSTUP)
    }

    pub fn node() -> Self {
        Self::new("node", GET_NODE)
    }

    pub fn npm() -> Self {
        Self::new(if cfg!(windows) { "npm.cmd" } else { "npm" }, GET_NODE)
    }

    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(arguments);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn envs(mut self, variables: &[(&str, impl AsRef<OsStr>)]) -> Self {
        self.command.envs(variables.iter().map(|(name, value)| (name, value)));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.command.current_dir(directory.into());
        self
    }

    /// Runs it with its output shown.
    pub fn run(mut self) -> Result {
        let status = self.command.status().map_err(|error| self.missing(&error))?;
        if status.success() {
            Ok(())
        } else {
            Err(Failure::new(format!("{} failed ({status})", self.line())))
        }
    }

    /// Runs it and shows what it printed only if it fails; returns its standard output.
    pub fn run_quietly(mut self) -> Result<String> {
        let output = self.command.output().map_err(|error| self.missing(&error))?;
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(stdout);
        }
        print!("{stdout}");
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        Err(Failure::new(format!("{} failed ({})", self.line(), output.status)))
    }

    /// Runs it and returns all there is to know, whether it succeeded or not.
    pub fn try_output(mut self) -> Result<Output> {
        self.command.output().map_err(|error| self.missing(&error))
    }

    /// Starts it with pipes to its standard input and output, and does not wait.
    pub fn spawn(mut self) -> Result<Child> {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| self.missing(&error))
    }

    fn missing(&self, error: &io::Error) -> Failure {
        Failure::new(if error.kind() == ErrorKind::NotFound {
            format!("`{}` is needed and was not found: {}", self.name, self.remedy)
        } else {
            format!("cannot start `{}`: {error}", self.name)
        })
    }

    /// The command as one would type it, cut short when it is long.
    fn line(&self) -> String {
        let mut line = format!("`{}", self.name);
        for argument in self.command.get_args() {
            line.push(' ');
            line.push_str(&argument.to_string_lossy());
        }
        let short: String = line.chars().take(160).collect();
        let ellipsis = if short.len() < line.len() { " …" } else { "" };
        format!("{short}{ellipsis}`")
    }
}

/// The programs of this name, in the order in which a shell looks for them; or the one at this path.
pub fn in_path(program: impl AsRef<Path>) -> Vec<PathBuf> {
    let program = program.as_ref();
    let directories = match program.components().nth(1) {
        Some(_) => env::current_dir().into_iter().collect(),
        None => env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>(),
    };
    let places = directories.into_iter().map(|directory| directory.join(program));
    places.filter(|place| place.is_file()).collect()
}

/// How many things this machine does at a time.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Reads "v20.1.2" or "Python 3.9.1" into (20, 1) and (3, 9).
pub fn major_minor(version: &str) -> Option<(u32, u32)> {
    let digits = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut parts = digits.split(|c: char| !c.is_ascii_digit());
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?.parse().ok()?;
    Some((major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_programs_print_them() {
        assert_eq!(major_minor("v20.11.0\n"), Some((20, 11)));
        assert_eq!(major_minor("Python 3.9.18"), Some((3, 9)));
        assert_eq!(major_minor("no number"), None);
    }

    #[test]
    fn a_program_is_found_by_its_name_and_by_its_path() {
        let by_name = in_path(format!("cargo{}", env::consts::EXE_SUFFIX));
        let by_path = by_name.first().map(in_path).unwrap_or_default();
        assert_eq!(by_path.first(), by_name.first());
        assert!(!by_path.is_empty());
        assert!(in_path("yc-iam-no-such-program").is_empty());
    }

    #[test]
    fn a_missing_program_is_named_together_with_the_remedy() {
        let failure = Tool::new("yc-iam-no-such-program", "write it").run();
        let sentence = failure.err().map(|failure| failure.to_string());
        let expected = "`yc-iam-no-such-program` is needed and was not found: write it";
        assert_eq!(sentence.as_deref(), Some(expected));
    }
}
