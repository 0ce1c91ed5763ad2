//! One block of PEM (RFC 7468), whatever became of its line breaks.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use crate::search;

pub(crate) const BEGIN: &str = "-----BEGIN ";
pub(crate) const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Why a block is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It is cut off.
    NoEnd,
    /// What stands between its lines is not base64, or the lines do not belong together.
    NoBase64,
}

/// What stands in the first line of text that begins with a block: `CERTIFICATE`.
pub(crate) fn label(block: &str) -> Option<&str> {
    let (label, _) = search::split_once(block.strip_prefix(BEGIN)?, DASHES)?;
    (!label.contains('\n')).then_some(label)
}

/// Decodes the block: only the characters between its boundaries count.
pub(crate) fn decode(label: &str, block: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let end = search::find(block, END).ok_or(Problem::NoEnd)?;
    let body = block
        .get(BEGIN.len() + label.len() + DASHES.len()..end)
        .ok_or(Problem::NoBase64)?;
    let mut characters = Zeroizing::new(String::with_capacity(body.len()));
    characters.extend(body.chars().filter(|c| !c.is_ascii_whitespace()));
    match Base64::decode_vec(&characters) {
        Ok(der) if !der.is_empty() => Ok(Zeroizing::new(der)),
        _ => Err(Problem::NoBase64),
    }
}
