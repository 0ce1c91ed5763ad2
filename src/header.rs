//! What may go into an HTTP header.

/// Whether the text is one word of `token68` characters (RFC 9110, section 11.2): what follows `Bearer`.
pub(crate) fn is_token68(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b))
}
