//! Texts that are the path of a key file, or its content in the path's place.

use super::{ServiceAccountKey, text};
use crate::effect::{Failure, FailureKind};
use crate::error::{Error, ErrorCode};

/// A longer text is no path that anybody means, and may be a secret.
const MAX_SHOWN_PATH_LEN: usize = 100;

impl ServiceAccountKey {
    /// Whether a text is the content of a key file, where one argument takes content and paths: it begins as a JSON object
    /// does. Base64 can be a path; what it is, [`ServiceAccountKey::from_unreadable_path`] says.
    #[must_use]
    pub fn begins_as_json(content_or_path: &str) -> bool {
        text::trim(content_or_path).starts_with(text::OBJECT)
    }

    /// The key, if its content was given in place of the path.
    ///
    /// # Errors
    /// Says what was given instead of a path; otherwise `failure`, which is what the file system said, with the path where
    /// that cannot be a secret.
    pub fn from_unreadable_path(path: &str, failure: &str) -> Result<Self, Error> {
        Self::from_json(path).map_err(|looked_at| {
            let detail = match looked_at.code() {
                ErrorCode::PathGiven => format!("{path}: {failure}"),
                ErrorCode::InvalidJson if path.len() <= MAX_SHOWN_PATH_LEN => format!("{path}: {failure}"),
                ErrorCode::InvalidJson => failure.to_owned(),
                _ => return looked_at,
            };
            Error::from(Failure {
                kind: FailureKind::File,
                detail,
            })
        })
    }
}
