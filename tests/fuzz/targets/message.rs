//! HTTP messages as text that can be mutated: a first line, headers, an empty line, and the body's bytes.

pub(crate) struct Message<'a> {
    pub(crate) first: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: &'a [u8],
}

/// Whatever the bytes are, they are a message. What is no text loses the bytes that are none.
pub(crate) fn read(input: &[u8]) -> Message<'_> {
    let mut rest = input;
    let first = line(&mut rest);
    let mut headers = Vec::new();
    loop {
        let header = line(&mut rest);
        match header.split_once(':') {
            Some((name, value)) => headers.push((name.trim().to_owned(), value.trim().to_owned())),
            None if header.is_empty() => break,
            None => headers.push((header, String::new())),
        }
    }
    Message {
        first,
        headers,
        body: rest,
    }
}

pub(crate) fn write<'a>(first: &str, headers: impl IntoIterator<Item = (&'a str, &'a str)>, body: &[u8]) -> Vec<u8> {
    let mut message = format!("{first}\n");
    for (name, value) in headers {
        message.push_str(&format!("{name}: {value}\n"));
    }
    message.push('\n');
    let mut message = message.into_bytes();
    message.extend_from_slice(body);
    message
}

fn line(rest: &mut &[u8]) -> String {
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let line = String::from_utf8_lossy(&rest[..end]).into_owned();
    *rest = rest.get(end + 1..).unwrap_or_default();
    line
}
