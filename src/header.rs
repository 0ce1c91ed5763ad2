//! What may go into an HTTP header.

use crate::error::{Error, ErrorCode};
use crate::redact;

/// Whether the text is one word of `token68` characters (RFC 9110, section 11.2): what follows `Bearer`.
pub(crate) fn is_token68(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b))
}

/// Whether this can be a header: a name of token characters (RFC 9110, section 5.6.2) that frames no message, and a
/// value without control characters.
pub(crate) fn check(name: &str, value: &str) -> Result<(), Error> {
    const FRAMING: &[&str] = &["host", "content-length", "transfer-encoding", "connection"];
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    let problem = if name.is_empty() || !name.bytes().all(is_token) {
        "is no header's name"
    } else if FRAMING.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        "is a header that the transport sets"
    } else if !value.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        "has a value with characters that no header may have"
    } else {
        return Ok(());
    };
    let name = redact::quote(name, 40);
    Err(Error::new(ErrorCode::InvalidArgument, format!("`{name}` {problem}"))
        .with_hint("pass names and values of headers as they are to be sent, in ASCII and without line breaks"))
}
