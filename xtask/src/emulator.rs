//! The emulator in a process of its own.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::process::Child;

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::python;
use crate::repo::Repo;
use crate::tools::Tool;

/// A running emulator; it stops when this is dropped.
pub struct Emulator {
    process: Child,
    url: String,
    key_file: String,
}

impl Emulator {
    /// Starts the helper and reads its one line of JSON, `{"url": …, "key_file": …}`.
    pub fn start(repo: &Repo) -> Result<Self> {
        let mut process = helper(repo).spawn()?;
        let mut line = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout)
                .read_line(&mut line)
                .map_err(|error| Failure::new(format!("the emulator cannot be heard: {error}")))?;
        }
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        let text = |name| said.get(name).and_then(Value::as_str).map(str::to_owned);
        // Built before the check, so that the process is ended in either case.
        let emulator = Self {
            process,
            url: text("url").unwrap_or_default(),
            key_file: text("key_file").unwrap_or_default(),
        };
        if emulator.url.is_empty() || emulator.key_file.is_empty() {
            return Err(Failure::new(format!(
                "the emulator did not start: it said `{}` where its URL and key file were expected",
                line.trim()
            )));
        }
        Ok(emulator)
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The key file that the emulator wrote.
    pub fn key_file(&self) -> &str {
        &self.key_file
    }

    /// What tells a demo program to use this emulator.
    pub fn flags(&self) -> [OsString; 4] {
        let Self { url, key_file, .. } = self;
        ["--key-file", key_file, "--endpoint", url].map(OsString::from)
    }
}

/// The program that starts the emulator, says where it is, and lives until its standard input closes.
fn helper(repo: &Repo) -> Tool {
    python::interpreter(repo).args(["-m", "yc_iam.testing"])
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // Closing its input asks the helper to clean up and go. It may have gone already: then there is nothing to do.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
