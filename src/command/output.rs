//! What is written at the end, and with which code the process ends.

use std::fmt;

use zeroize::Zeroizing;

use super::arguments::{Arguments, usage};
use crate::error::{Error, ErrorCode, Fault};
use crate::json;
use crate::redact;

/// Bytes for standard output; wiped when dropped, and not shown by `Debug`: they may be a secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Output(Zeroizing<Vec<u8>>);

impl Output {
    /// The bytes themselves, for standard output and nothing else.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Output {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} bytes]", self.0.len())
    }
}

/// How a process ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) code: u8,
    pub(super) output: Output,
    pub(super) errors: String,
}

impl Done {
    /// Good, with this on standard output, as it is.
    pub(super) fn bytes(bytes: &[u8]) -> Self {
        Self {
            output: bytes.to_vec().into(),
            ..Self::default()
        }
    }

    /// Good, with this text and a line break on standard output.
    pub(super) fn line(text: &str) -> Self {
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(b'\n');
        Self {
            output: bytes.into(),
            ..Self::default()
        }
    }

    /// Good, with this text on standard output; a line break is put where it ends without one.
    pub(super) fn text(text: &str) -> Self {
        if text.ends_with('\n') {
            Self::bytes(text.as_bytes())
        } else {
            Self::line(text)
        }
    }

    /// Not done, for this reason.
    pub(super) fn failure(error: &Error, format: Format) -> Self {
        Self {
            code: code(error.fault()),
            output: Output::default(),
            errors: match format {
                Format::Text => as_text(error),
                Format::Json => as_json(error),
            },
        }
    }
}

/// Standard output could not be written.
pub(super) fn unwritten(detail: &str) -> Error {
    let message = format!("the output cannot be written: `{}`", redact::quote(detail, 200));
    Error::new(ErrorCode::UnreadableFile, message)
        .with_hint("check that where it goes is there, has room and may be written")
}

const fn code(fault: Fault) -> u8 {
    match fault {
        Fault::Caller => 2,
        Fault::Key => 3,
        Fault::Config => 4,
        Fault::Remote => 5,
        Fault::Network => 6,
        Fault::Clock => 7,
    }
}

/// For people: what happened, and what to do on a line of its own.
fn as_text(error: &Error) -> String {
    let mut text = format!("yc-iam: {}", error.message());
    if let Some(id) = error.request_id() {
        text.push_str(&format!(" (request ID `{}`)", redact::quote(id, 100)));
    }
    if !error.hint().is_empty() {
        text.push_str("\n  ");
        text.push_str(error.hint());
    }
    text.push('\n');
    text
}

/// For programs: `{"error": {code, fault, transient, message, hint, status?, requestId?}}`.
fn as_json(error: &Error) -> String {
    let mut fields = vec![
        ("code", json::string(error.code().as_str())),
        ("fault", json::string(error.fault().as_str())),
        ("transient", error.transient().to_string()),
        ("message", json::string(error.message())),
        ("hint", json::string(error.hint())),
    ];
    if let Some(status) = error.status() {
        fields.push(("status", status.to_string()));
    }
    if let Some(id) = error.request_id() {
        fields.push(("requestId", json::string(id)));
    }
    json::object(&[("error", json::object(&fields))]) + "\n"
}

/// The form of the output and of errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    #[default]
    Text,
    Json,
}

impl Format {
    /// What `--format` says.
    pub(super) fn of(arguments: &Arguments) -> Result<Self, Error> {
        match arguments.value("format") {
            None | Some("text") => Ok(Self::Text),
            Some("json") => Ok(Self::Json),
            Some(other) => {
                let shown = redact::quote(other, 40);
                Err(usage(format!("there is no format `{shown}`"), "pass `text` or `json`"))
            }
        }
    }

    /// What `--format` says on a command line that cannot be read otherwise.
    pub(super) fn guess(arguments: &[String]) -> Self {
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--format=json" => return Self::Json,
                "--format" if words.next().is_some_and(|word| word == "json") => return Self::Json,
                "--" => break,
                _ => {}
            }
        }
        Self::Text
    }
}
