//! Encodings written down once more, so that what the library writes and reads has another reader and writer.

/// A character as JSON escapes it.
pub(crate) fn escaped(c: char) -> String {
    c.encode_utf16(&mut [0; 2])
        .iter()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect()
}

/// RFC 4648, section 4, in lines of this length.
pub(crate) fn base64(bytes: &[u8], line: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |group: &[u8]| {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        [18, 12, 6, 0]
            .map(|by| LETTERS[(bits >> by & 63) as usize])
            .map(char::from)
    };
    let mut letters: Vec<char> = bytes.chunks(3).flat_map(group).collect();
    let padding = (3 - bytes.len() % 3) % 3;
    let end = letters.len() - padding;
    letters[end..].fill('=');
    let lines: Vec<String> = letters.chunks(line).map(|line| line.iter().collect()).collect();
    lines.join("\n")
}

/// Bytes out of base64url without padding (RFC 4648, section 5).
pub(crate) fn from_base64url(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        other => panic!("{other} is no base64url"),
    };
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        bits = bits << 6 | u32::from(value(letter));
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

/// The value of a field of a form (WHATWG URL, section 5.1), read byte by byte.
pub(crate) fn form_field(form: &str, name: &str) -> String {
    let prefix = format!("{name}=");
    let value = form.split('&').find_map(|field| field.strip_prefix(&prefix)).unwrap();
    let mut bytes = value.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(bytes.next().unwrap()).to_digit(16).unwrap();
                (digit() * 16 + digit()) as u8
            }
            plain => plain,
        });
    }
    String::from_utf8(decoded).unwrap()
}
