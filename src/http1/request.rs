//! What a client sends.

use super::{Error, Target};
use crate::header;

/// The bytes of a request to a target, as one message that asks for no content coding.
///
/// `proxy`: the headers for a proxy that this goes to instead; it is given the whole URL then.
///
/// # Errors
/// [`Error::Request`] for a method, or a header, that would not stay what it is on the wire. The headers that frame the message
/// (`Host`, `Content-Length`, `Transfer-Encoding`, `Connection`) are not for a caller to give.
pub fn request_bytes(
    method: &str,
    target: &Target,
    headers: &[(String, String)],
    body: Option<&[u8]>,
    proxy: Option<&[(String, String)]>,
) -> Result<Vec<u8>, Error> {
    if method.is_empty() || !method.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Err(Error::Request("its method is not a word of letters"));
    }
    let place = match proxy {
        Some(_) => target.absolute(),
        None => target.path.clone(),
    };
    let mut message = format!("{method} {place} HTTP/1.1\r\nHost: {}\r\n", target.authority);
    // Nothing here would undo one.
    if !headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("accept-encoding"))
    {
        message.push_str("Accept-Encoding: identity\r\n");
    }
    match body {
        Some(body) => message.push_str(&format!("Content-Length: {}\r\n", body.len())),
        // Methods that usually have a body say that there is none (RFC 9110, section 8.6).
        None if matches!(method, "POST" | "PUT" | "PATCH") => message.push_str("Content-Length: 0\r\n"),
        None => {}
    }
    write_headers(&mut message, headers)?;
    write_headers(&mut message, proxy.unwrap_or_default())?;
    message.push_str("\r\n");
    let mut bytes = message.into_bytes();
    bytes.extend_from_slice(body.unwrap_or_default());
    Ok(bytes)
}

/// What asks a proxy for a tunnel to a target (RFC 9110, section 9.3.6).
///
/// # Errors
/// [`Error::Request`] for a header that would not stay what it is on the wire.
pub fn connect_bytes(target: &Target, headers: &[(String, String)]) -> Result<Vec<u8>, Error> {
    let place = target.authority_with_port();
    let mut message = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n");
    write_headers(&mut message, headers)?;
    message.push_str("\r\n");
    Ok(message.into_bytes())
}

fn write_headers(message: &mut String, headers: &[(String, String)]) -> Result<(), Error> {
    for (name, value) in headers {
        // Which one it is does not go into an error: even a name may have a token in it by mistake.
        header::check(name, value).map_err(|_| Error::Request("one of its headers may not be sent"))?;
        for part in [name, ": ", value, "\r\n"] {
            message.push_str(part);
        }
    }
    Ok(())
}
