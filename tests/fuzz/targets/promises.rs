//! What holds for every error and every text that is shown.

use memchr::memmem::find_iter;
use yc_iam::Error;

/// Longer messages are no messages.
const MAX_MESSAGE: usize = 2_000;

/// Fields whose values nobody is to see.
const SECRET_FIELDS: &[&str] = &[
    "private_key",
    "privateKey",
    "iamToken",
    "iam_token",
    "access_token",
    "id_token",
    "token",
    "jwt",
    "yandexPassportOauthToken",
    "subject_token",
];

/// As many characters of a secret are as good as the secret.
const TELLING: usize = 16;

/// An error says something on one line, what to do, and nothing of the input's secrets.
pub(crate) fn check_error(error: &Error, input: &[u8]) {
    let said = format!("{error:?} {error}");
    let (message, hint) = (error.message(), error.hint());
    assert!(!message.is_empty() && !hint.is_empty(), "says nothing: {said}");
    assert!(message.len() <= MAX_MESSAGE, "says too much: {said}");
    assert!(!message.contains(char::is_control), "breaks its line: {said}");
    check_hidden(&said, input);
}

/// No secret of the input stands in this text.
pub(crate) fn check_hidden(shown: &str, input: &[u8]) {
    for name in SECRET_FIELDS {
        for at in find_iter(input, name).take(4) {
            let rest = &input[at + name.len()..];
            let gap = rest.iter().take_while(|byte| b"\"' :".contains(byte)).count();
            // A field's name, and not a word of a message.
            if !matches!(input[..at].last(), Some(b'"' | b' ' | b'\n')) || !rest[..gap].contains(&b':') {
                continue;
            }
            let value = &rest[gap..];
            let len = value
                .iter()
                .take(4096)
                .take_while(|byte| !b"\"',}&\n".contains(byte))
                .count();
            check_value(shown, &value[..len], input);
        }
    }
}

/// No part of this value stands in the text, unless the input has that part elsewhere too.
pub(crate) fn check_value(shown: &str, value: &[u8], input: &[u8]) {
    let Some(last) = value.len().checked_sub(TELLING) else {
        return;
    };
    for at in [0, last / 4, last / 2, last / 4 * 3, last] {
        let part = &value[at..at + TELLING];
        let plain = part
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/-_.".contains(byte));
        // What a header or a name looks like by itself is no secret.
        let is_line = part.starts_with(b"-----") || part.ends_with(b"-----");
        // Nor are words, which messages have of their own.
        let is_word = !part.iter().any(u8::is_ascii_digit) || !part.iter().any(u8::is_ascii_uppercase);
        if plain && !is_line && !is_word && find_iter(input, part).count() == 1 {
            let part = std::str::from_utf8(part).unwrap();
            assert!(!shown.contains(part), "shows `{part}`: {shown}");
        }
    }
}
