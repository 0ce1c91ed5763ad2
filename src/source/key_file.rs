//! A service account's key in a file that the host reads: read anew at each renewal, parsed anew where it changed.

#[cfg(not(target_family = "wasm"))]
use std::fmt;

use zeroize::Zeroizing;

use super::{Context, Progress, ServiceAccountSource, Source};
use crate::effect::{Action, Outcome};
use crate::error::Error;
use crate::key::{ServiceAccountKey, path};

/// Exchanges JWTs signed with the key that a file holds.
pub struct KeyFileSource {
    path: String,
    read: Option<(Zeroizing<Vec<u8>>, ServiceAccountSource)>,
    reading: bool,
}

impl KeyFileSource {
    /// A source with the key in the file at this path; nothing is read before a token is needed.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            read: None,
            reading: false,
        }
    }
}

#[cfg(not(target_family = "wasm"))]
impl fmt::Debug for KeyFileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFileSource")
            .field("path", &path::name(&self.path))
            .finish()
    }
}

impl Source for KeyFileSource {
    fn start(&mut self, _context: Context<'_>) -> Result<Progress, Error> {
        self.reading = true;
        Ok(Progress::Perform(Action::ReadFile(self.path.clone())))
    }

    fn resume(&mut self, context: Context<'_>, outcome: Outcome) -> Result<Progress, Error> {
        if !self.reading {
            return match &mut self.read {
                Some((_, source)) => source.resume(context, outcome),
                None => Err(outcome.unexpected()),
            };
        }
        let Outcome::File(content) = outcome else {
            return Err(outcome.unexpected());
        };
        self.reading = false;
        let content = Zeroizing::new(content);
        // Checking a key and preparing it for signatures is the costly part: once for each content.
        let source = match self.read.take() {
            Some((known, source)) if known == content => source,
            _ => ServiceAccountKey::from_json(content.as_slice())
                .and_then(ServiceAccountSource::new)
                .map_err(|error| path::about(error, &self.path))?,
        };
        self.read.insert((content, source)).1.start(context)
    }

    fn failed(&mut self, error: Error) -> Error {
        if self.reading {
            path::about(error, &self.path)
        } else {
            error
        }
    }

    fn signing_key(&self) -> Option<&ServiceAccountKey> {
        self.read.as_ref()?.1.signing_key()
    }
}
