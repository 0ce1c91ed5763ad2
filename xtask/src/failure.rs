//! Why a chore stopped: one sentence for the person who ran it.

use std::fmt;
use std::path::Path;

/// What every chore returns.
pub type Result<T = ()> = std::result::Result<T, Failure>;

/// A sentence that says what went wrong and, where it is known, what to do about it.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// For `map_err` round file operations: names the file, which `io::Error` does not.
    pub fn file(verb: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self(format!("cannot {verb} `{}`: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
