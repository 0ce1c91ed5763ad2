//! One block of PEM (RFC 7468), whatever became of its line breaks.

use rsa::pkcs8::der::pem;
use zeroize::Zeroizing;

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
    let (label, _) = block.strip_prefix(BEGIN)?.split_once(DASHES)?;
    (!label.contains('\n')).then_some(label)
}

/// Decodes the block: only the characters between its boundaries count.
pub(crate) fn decode(label: &str, block: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let end = block.find(END).ok_or(Problem::NoEnd)?;
    let body = block
        .get(BEGIN.len() + label.len() + DASHES.len()..end)
        .ok_or(Problem::NoBase64)?;
    let characters: Zeroizing<Vec<u8>> = Zeroizing::new(body.bytes().filter(|b| !b.is_ascii_whitespace()).collect());
    let mut canonical = Zeroizing::new(Vec::with_capacity(block.len() + 64));
    canonical.extend_from_slice(format!("{BEGIN}{label}{DASHES}\n").as_bytes());
    for line in characters.chunks(pem::BASE64_WRAP_WIDTH) {
        canonical.extend_from_slice(line);
        canonical.push(b'\n');
    }
    canonical.extend_from_slice(format!("{END}{label}{DASHES}\n").as_bytes());
    match pem::decode_vec(&canonical) {
        Ok((_, der)) => Ok(Zeroizing::new(der)),
        Err(_) => Err(Problem::NoBase64),
    }
}
