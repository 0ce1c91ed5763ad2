//! How the emulator is set up, and what is said about it.

use super::output::{Done, Format};
use crate::effect::{Failure, FailureKind};
use crate::error::{Error, ErrorCode};
use crate::json;
use crate::redact;

/// How the emulator is to be run, on 127.0.0.1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmulatorSettings {
    /// The port; 0 for a free one.
    pub port: u16,
    /// Where to write the key file, for its owner only: a new file, never one that is there already. By default a
    /// temporary one, removed at the end.
    pub key_file: Option<String>,
    /// How many seconds a token lives, where it is not the emulator's default.
    pub token_lifetime: Option<u32>,
    /// By how many seconds a JWT's times may be off, where it is not the emulator's default.
    pub clock_tolerance: Option<u32>,
    pub(super) format: Format,
}

impl EmulatorSettings {
    /// What to write to standard output once it runs at this URL and the key is in this file.
    #[must_use]
    pub fn announcement(&self, url: &str, key_file: &str) -> String {
        match self.format {
            Format::Text => format!(
                "# the emulator runs until it is interrupted\nexport YC_IAM_ENDPOINT={}\nexport YC_SERVICE_ACCOUNT_KEY_FILE={}\n",
                quoted_for_shell(url),
                quoted_for_shell(key_file),
            ),
            Format::Json => json::object(&[("url", json::string(url)), ("keyFile", json::string(key_file))]) + "\n",
        }
    }

    /// How the process ends: the emulator was interrupted, or could not be run.
    pub(super) fn end(&self, failure: Option<Failure>) -> Done {
        let Some(failure) = failure else {
            return Done::default();
        };
        let detail = redact::quote(&failure.detail, 200);
        let (message, hint) = match failure.kind {
            FailureKind::File => {
                let (place, hint) = match &self.key_file {
                    Some(path) => (
                        format!("`{}`", redact::quote(path, 200)),
                        "name a file that is not there yet, in a directory that is",
                    ),
                    None => (
                        "a temporary directory".to_owned(),
                        "name a file with `--write-key-file`, or a directory with the variable `TMPDIR`",
                    ),
                };
                (format!("the key cannot be written to {place}: `{detail}`"), hint)
            }
            _ => {
                let message = format!("port {} of 127.0.0.1 cannot be opened: `{detail}`", self.port);
                (message, "choose another port, or leave `--port` out")
            }
        };
        let code = match failure.kind {
            FailureKind::File => ErrorCode::UnreadableFile,
            _ => ErrorCode::InvalidArgument,
        };
        Done::failure(&Error::new(code, message).with_hint(hint), self.format)
    }
}

/// POSIX shells take everything between single quotes as it is, but the quote itself.
fn quoted_for_shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
