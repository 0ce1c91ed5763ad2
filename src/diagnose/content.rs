//! From any bytes to the kind of thing that they are.

use zeroize::Zeroizing;

use super::explanation::Explanation;
use super::options::ExplainOptions;
use super::{json_object, jwt, pem, word};
use crate::any_base64;
use crate::error::ErrorCode;
use crate::key::ServiceAccountKey;

/// Larger content is not looked into: key files have 4 kB, tokens less.
const MAX_LEN: usize = 256 * 1024;

/// How often something may be wrapped: JSON text in base64 in quotes.
const MAX_WRAPPINGS: u8 = 3;

const HOW_TO_GO_ON: &str = "pass the content of a key file, a token, a JWT, or the JSON of a federation";

/// Explains a key file, a token, a JWT, or a federation's or federated credential's JSON. Never fails: what is not
/// known is explained as unknown.
#[must_use]
pub fn explain(content: &[u8], options: &ExplainOptions<'_>) -> Explanation {
    if content.len() > MAX_LEN {
        let mut explanation = Explanation::new("too_large", "something too large for a credential");
        let message = format!(
            "{} bytes were given, and no key or token has more than {MAX_LEN}",
            content.len()
        );
        explanation.error("too_large", message, HOW_TO_GO_ON);
        return explanation;
    }
    match std::str::from_utf8(content) {
        Ok(text) => explain_text(text, options, 0),
        Err(_) => binary(content),
    }
}

fn binary(content: &[u8]) -> Explanation {
    let mut explanation = Explanation::new("binary", "bytes that are not text");
    let (code, message, hint) = match content {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => (
            "utf16",
            "the text is in UTF-16",
            "save it as UTF-8: PowerShell's `>` writes UTF-16, `Set-Content -Encoding utf8` does not",
        ),
        [0x30, 0x82, ..] => (
            "der",
            "this looks like a key or a certificate in DER, the binary form of PEM",
            HOW_TO_GO_ON,
        ),
        _ => ("not_text", "this is not UTF-8 text", HOW_TO_GO_ON),
    };
    explanation.error(code, message, hint);
    explanation
}

fn explain_text(text: &str, options: &ExplainOptions<'_>, wrappings: u8) -> Explanation {
    let text = trim(text);
    if text.is_empty() {
        let mut explanation = Explanation::new("empty", "nothing");
        explanation.error("empty", "nothing but white space was given", HOW_TO_GO_ON);
        return explanation;
    }
    if text.starts_with(['{', '[']) {
        return json_object::explain(text, options);
    }
    if begins_with(text, "<!doctype") || begins_with(text, "<html") {
        let mut explanation = Explanation::new("html", "a web page");
        let hint = "look at what wrote it: a proxy or a login page may have answered in place of the service";
        explanation.error("html", "a web page is no credential", hint);
        return explanation;
    }
    if wrappings < MAX_WRAPPINGS
        && let Some(explanation) = unwrapped(text, options, wrappings + 1)
    {
        return explanation;
    }
    if text.contains("-----BEGIN ") {
        return pem::explain(text);
    }
    explain_word(text, options)
        .or_else(|| from_base64(text, options, wrappings))
        .unwrap_or_else(|| no_credential(text))
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// A token in quotes, behind the name of its scheme, or broken into lines.
fn unwrapped(text: &str, options: &ExplainOptions<'_>, wrappings: u8) -> Option<Explanation> {
    let quotes = ['"', '\''];
    if let Some(quote) = quotes.into_iter().find(|quote| text.starts_with(*quote)) {
        let inner = match serde_json::from_str::<String>(text) {
            Ok(inner) => Zeroizing::new(inner),
            Err(_) => Zeroizing::new(text.trim_matches(quote).to_owned()),
        };
        let mut explanation = explain_text(&inner, options, wrappings);
        explanation.error("quoted", "there are quotation marks round it", "leave them out");
        return Some(explanation);
    }
    let value = match text.split_once(':') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("authorization") => value.trim(),
        _ => text,
    };
    if let Some((scheme, credential)) = value.split_once(char::is_whitespace)
        && ["Bearer", "Api-Key"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
    {
        let mut explanation = explain_text(credential, options, wrappings);
        let message = "the header's name or scheme stands before it";
        explanation.warning(
            "header_given",
            message,
            "leave it out where the token alone is asked for",
        );
        return Some(explanation);
    }
    // Only line breaks: a sentence that begins like a token is none.
    let in_lines = text.contains('\n')
        && !text.contains("-----")
        && text.lines().all(|line| !line.trim().contains(char::is_whitespace));
    if in_lines {
        let word: Zeroizing<String> = Zeroizing::new(text.split_whitespace().collect());
        let mut explanation = explain_word(&word, options)?;
        explanation.error(
            "line_breaks",
            "there are line breaks in it",
            "pass it on one line, as it was issued",
        );
        return Some(explanation);
    }
    None
}

/// A token of a kind that its beginning gives away.
fn explain_word(text: &str, options: &ExplainOptions<'_>) -> Option<Explanation> {
    if text.contains(char::is_whitespace) {
        return None;
    }
    if text.starts_with("eyJ") && text.contains('.') {
        return Some(jwt::explain(text, options));
    }
    word::explain(text)
}

/// The base64 of something known.
fn from_base64(text: &str, options: &ExplainOptions<'_>, wrappings: u8) -> Option<Explanation> {
    if wrappings >= MAX_WRAPPINGS {
        return None;
    }
    let bytes = any_base64::decode(text)?;
    let mut explanation = explain_text(std::str::from_utf8(&bytes).ok()?, options, wrappings + 1);
    if matches!(explanation.kind, "unknown" | "path" | "empty") {
        return None;
    }
    explanation.fact("encoding", "encoding", "base64");
    let hint = match explanation.kind {
        "service_account_key" => "this library decodes it; other programs may not",
        _ => "decode it first: `base64 -d`",
    };
    explanation.note("base64", "it is encoded in base64", hint);
    Some(explanation)
}

fn no_credential(text: &str) -> Explanation {
    // The key file's reader knows paths. They are not shown: base64 can begin with a slash too.
    let is_path = ServiceAccountKey::from_json(text).is_err_and(|error| error.code() == ErrorCode::PathGiven);
    let (kind, title, message, hint) = if is_path {
        (
            "path",
            "the path of a file",
            "a path was given in place of the file's content",
            "read the file and pass what is in it, or use the option that takes a path",
        )
    } else {
        (
            "unknown",
            "something unknown",
            "this is no credential of a known kind",
            HOW_TO_GO_ON,
        )
    };
    let mut explanation = Explanation::new(kind, title);
    explanation.error(if is_path { "path_given" } else { "unknown" }, message, hint);
    explanation
}
