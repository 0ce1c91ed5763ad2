//! Texts that are the path of a key file, or its content in the path's place.

use super::{ServiceAccountKey, text};
use crate::effect::{Failure, FailureKind};
use crate::error::{Error, ErrorCode};
use crate::redact;

/// Longer lines are not taken for a path.
pub(super) const MAX_LEN: usize = 260;

/// A longer text that nothing gives away as a path may be a secret.
const MAX_BARE_NAME_LEN: usize = 100;

/// Shorter runs of base64 are a path's own words, and this much of a longer one tells.
const MIN_KEY_RUN: usize = 32;

/// The path as messages show it, unless it may be key material in a path's place.
pub(crate) fn shown(path: &str) -> Option<String> {
    (!may_hold_a_key(path)).then(|| redact::quote(path, MAX_LEN))
}

/// What messages call the file.
pub(crate) fn name(path: &str) -> String {
    shown(path).map_or_else(
        || "a path that looks like a piece of a key, and is not shown".to_owned(),
        |path| format!("`{path}`"),
    )
}

/// The error with the file's name in front. What may be key material is not in the words of the file system either.
pub(crate) fn about(error: Error, path: &str) -> Error {
    let error = if may_hold_a_key(path) {
        error.hiding(path)
    } else {
        error
    };
    error.about(&name(path))
}

/// Whether a line of a private key may be in it, or stand in its place. Its characters are those of base64, which a
/// path's words can be as well; but in those, small letters, capitals and digits do not change places as often.
fn may_hold_a_key(path: &str) -> bool {
    let is_base64 = |b: &u8| b.is_ascii_alphanumeric() || b"+/=".contains(b);
    let mut runs = path
        .as_bytes()
        .split(|b| !is_base64(b))
        .filter(|run| run.len() >= MIN_KEY_RUN);
    let is_bare = |run: &[u8]| run.len() == path.len() && !run.contains(&b'/');
    runs.any(|run| is_bare(run) || run.windows(MIN_KEY_RUN).any(is_shuffled))
}

/// Whether the kind of the characters changes often, other than from a capital to a small letter, as words begin: in
/// random base64 some fourteen times, where a key begins eight times, in paths rarely more than five times.
fn is_shuffled(window: &[u8]) -> bool {
    const MIN_CHANGES: usize = 6;
    let kinds = || window.iter().map(kind_of);
    let changes = kinds().zip(kinds().skip(1)).filter(|pair| match pair {
        (Some(Kind::Capital), Some(Kind::Small)) => false,
        (Some(one), Some(next)) => one != next,
        _ => false,
    });
    let has = |kind| kinds().any(|one| one == Some(kind));
    has(Kind::Digit) && has(Kind::Capital) && has(Kind::Small) && changes.count() >= MIN_CHANGES
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digit,
    Capital,
    Small,
}

fn kind_of(byte: &u8) -> Option<Kind> {
    match byte {
        b'0'..=b'9' => Some(Kind::Digit),
        b'A'..=b'Z' => Some(Kind::Capital),
        b'a'..=b'z' => Some(Kind::Small),
        _ => None,
    }
}

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
            let may_be_a_path = match looked_at.code() {
                ErrorCode::PathGiven => true,
                ErrorCode::InvalidJson if text::is_quoted_object(path) => return looked_at,
                ErrorCode::InvalidJson => path.len() <= MAX_BARE_NAME_LEN,
                _ => return looked_at,
            };
            let error = Error::from(Failure {
                kind: FailureKind::File,
                detail: failure.to_owned(),
            });
            if may_be_a_path {
                about(error, path)
            } else {
                error.hiding(path)
            }
        })
    }
}
