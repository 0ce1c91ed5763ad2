//! What a host gives to a program and gets from it.

use std::fmt;

use super::choice::CredentialsChoice;
use super::emulator_settings::EmulatorSettings;
use super::output::Output;
use crate::effect::Effect;
use crate::error::{Error, ErrorCode};
use crate::redact;
use crate::secret::Secret;
use crate::timestamp::UnixTime;

/// What a program is called with.
pub struct ProgramOptions<'a> {
    /// The arguments, without the program's own name.
    pub arguments: &'a [String],
    /// The environment's variables by their names.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// Random bytes, new ones for each process.
    pub entropy: [u8; 16],
    /// Whether somebody types what standard input gives.
    pub stdin_is_terminal: bool,
}

/// What a host is to do now.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ProgramStep {
    /// Do this, report it with [`Program::complete`](super::Program::complete), and poll again.
    Perform(Effect),
    /// Get a token and give it to [`Program::authorize`](super::Program::authorize). The credentials are the same each time: make them once.
    Authorize {
        /// Which credentials.
        credentials: CredentialsChoice,
        /// A token that a service answered 401 to: the credentials must be told first.
        refused: Option<Secret>,
    },
    /// Poll again at this time, by the local clock.
    Wait {
        /// When to poll again.
        until: UnixTime,
    },
    /// Run the emulator, write its [announcement](EmulatorSettings::announcement) to standard output, wait until it is
    /// interrupted, then call [`Program::emulated`](super::Program::emulated).
    Emulate(EmulatorSettings),
    /// Write these and end the process. If standard output cannot be written, say so with
    /// [`Program::unwritten`](super::Program::unwritten) and poll again.
    Exit {
        /// The exit code.
        code: u8,
        /// For standard output.
        output: Output,
        /// For standard error.
        errors: String,
    },
}

/// An error of this library as hosts hold it: its parts as text.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostError<'a> {
    /// The stable name of its [`ErrorCode`]; any other counts as [`ErrorCode::TransportFailed`].
    pub code: &'a str,
    /// Its text, with or without request ID and hint.
    pub message: &'a str,
    /// Its hint; may be empty.
    pub hint: &'a str,
    /// The HTTP status, where a service answered.
    pub status: Option<u16>,
    /// The ID under which the service's support finds the request.
    pub request_id: Option<&'a str>,
}

impl From<HostError<'_>> for Error {
    fn from(error: HostError<'_>) -> Self {
        let known = ErrorCode::ALL.iter().find(|code| code.as_str() == error.code);
        let mut message = error.message;
        // The text of an error has these at its end.
        if !error.hint.is_empty() {
            message = message.strip_suffix(&format!("; {}", error.hint)).unwrap_or(message);
        }
        if let Some(id) = error.request_id {
            message = message
                .strip_suffix(&format!(" (request ID `{id}`)"))
                .unwrap_or(message);
        }
        let mut out = Self::new(
            known.copied().unwrap_or(ErrorCode::TransportFailed),
            redact::redact(message),
        )
        .with_hint(redact::redact(error.hint))
        .with_request_id(error.request_id.map(str::to_owned));
        if let Some(status) = error.status {
            out = out.with_status(status);
        }
        out
    }
}

impl fmt::Debug for ProgramOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProgramOptions").finish_non_exhaustive()
    }
}
