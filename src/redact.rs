//! Takes secrets out of text that somebody will read.

use crate::{credential, search, url_rules};

/// How the known credentials begin, other than IAM and OAuth tokens, and what to write in their place.
const KINDS: &[(&str, &str)] = &[
    ("eyJ", "[JWT redacted]"),
    ("AQVN", "[API key redacted]"),
    ("YCAJE", "[static key redacted]"),
    ("YC", "[static key redacted]"),
];

/// Shorter words are not credentials, whatever they begin with.
const MIN_SECRET_LEN: usize = 16;

/// Shorter words stand in any text.
const MIN_HIDDEN_LEN: usize = 8;

/// Of a longer text, so many bytes are looked through for what is quoted: no quotation is as long.
const MAX_QUOTED_LEN: usize = 16 * 1024;

/// The names of environment variables begin so too; an error must be able to name them.
const VARIABLE_PREFIX: &str = "YC_";

const PEM_BEGIN: &str = "-----BEGIN ";
const PEM_END: &str = "-----END ";

/// Replaces JWTs, IAM and OAuth tokens, API keys, static keys, PEM private keys, and the user and the password of URLs,
/// wherever they stand in the text.
#[must_use]
pub fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, block)) = search::find(rest, PEM_BEGIN).and_then(|start| rest.split_at_checked(start)) {
        redact_users(before, &mut out);
        out.push_str("[PEM redacted]");
        rest = after_pem(block);
    }
    redact_users(rest, &mut out);
    out
}

/// What follows the PEM block's end line; nothing if the block never ends.
fn after_pem(block: &str) -> &str {
    let Some((_, tail)) = search::split_once(block, PEM_END) else {
        return "";
    };
    search::split_once(tail, "-----").map_or("", |(_, rest)| rest)
}

fn redact_users(text: &str, out: &mut String) {
    let ends_url = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>');
    for run in text.split_inclusive(ends_url) {
        redact_users_in(run, out);
    }
}

/// What stands before the `@` of a URL is a proxy's password as often as not.
fn redact_users_in(run: &str, out: &mut String) {
    let last = run.rfind('@');
    let mut rest = run;
    while let Some((before, after)) = search::split_once(rest, "://") {
        redact_words(before, out);
        out.push_str("://");
        let begin = run.len() - after.len();
        let user = last.and_then(|last| user_len(after, last.checked_sub(begin)?));
        rest = match user.and_then(|len| after.get(len..)) {
            Some(host) => {
                out.push_str("[user redacted]");
                host
            }
            None => after,
        };
    }
    redact_words(rest, out);
}

/// How long the user is in what follows a URL's `://`, where the last `@` is there. In a password that is not
/// percent-encoded, a `/` seems to end the authority, but what stands before it is no host and port then.
fn user_len(after: &str, last: usize) -> Option<usize> {
    let authority = after.split(['/', '?', '#']).next().unwrap_or_default();
    let is_place = || authority.is_empty() || url_rules::host_of(authority).is_some();
    authority.rfind('@').or_else(|| (!is_place()).then_some(last))
}

fn redact_words(text: &str, out: &mut String) {
    let mut rest = text;
    while !rest.is_empty() {
        let word_len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, tail) = rest.split_at_checked(word_len).unwrap_or((rest, ""));
        redact_word(word, escape_ends(out), out);
        let gap_len = tail.find(is_word).unwrap_or(tail.len());
        let (gap, tail) = tail.split_at_checked(gap_len).unwrap_or((tail, ""));
        out.push_str(gap);
        rest = tail;
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '+' | '/' | '=')
}

/// Where the rest of an escape sequence may end within the word that follows this text: `\n`, `\x3d`, `\u003d`, `%3D`, `%253D`.
fn escape_ends(before: &str) -> &'static [usize] {
    match before.chars().next_back() {
        Some('\\') => &[1, 3, 5],
        Some('%') => &[2, 4],
        _ => &[],
    }
}

/// A credential may follow something else without a gap, as in `key=t1.…`: look at each place where one could begin.
fn redact_word(word: &str, escape_ends: &[usize], out: &mut String) {
    let begins = |at: usize| at == 0 || escape_ends.contains(&at) || !word.get(..at).is_some_and(ends_in_alphanumeric);
    let mut starts = word.char_indices().map(|(at, _)| at).filter(|&at| begins(at));
    let mut name_end = 0;
    let found = starts.find_map(|at| {
        let tail = word.get(at..)?;
        let replacement = replacement_of(tail)?;
        if tail.len() < MIN_SECRET_LEN {
            return None;
        }
        let is_variable_name = tail.starts_with(VARIABLE_PREFIX) && {
            // In `YC_YC_YC_…` one name begins many times: its end is looked for once.
            if name_end <= at {
                name_end = at + variable_name_len(tail);
            }
            matches!(word.as_bytes().get(name_end), None | Some(b'='))
        };
        (!is_variable_name).then_some((at, replacement))
    });
    match found {
        Some((at, replacement)) => {
            out.push_str(word.get(..at).unwrap_or_default());
            out.push_str(replacement);
        }
        None => out.push_str(word),
    }
}

/// What to write in place of a credential, if one begins here.
fn replacement_of(text: &str) -> Option<&'static str> {
    if credential::is_iam_token(text) {
        return Some("[IAM token redacted]");
    }
    if credential::is_oauth_token(text) {
        return Some("[OAuth token redacted]");
    }
    let known = KINDS.iter().find(|(prefix, _)| text.starts_with(prefix));
    known.map(|(_, replacement)| *replacement)
}

/// How much of the text's beginning is characters of such names.
fn variable_name_len(text: &str) -> usize {
    let is_part = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    text.bytes().take_while(is_part).count()
}

fn ends_in_alphanumeric(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// Characters that are not seen, or that turn the direction of what follows (UAX #9): text can lie with them.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A stranger's words, made fit for a message: secrets out, one line, no control or invisible characters, no longer
/// than this.
pub(crate) fn quote(text: &str, max_chars: usize) -> String {
    let beginning = beginning(text);
    let clean = redact(beginning);
    let mut chars = clean.chars().map(|c| match c {
        // What is quoted stands between backticks itself.
        '`' => '\'',
        c if c.is_control() || is_invisible(c) => ' ',
        c => c,
    });
    let mut out: String = chars.by_ref().take(max_chars).collect();
    if chars.next().is_some() || beginning.len() < text.len() {
        out.push('…');
    }
    out.trim().to_owned()
}

/// What of the text can be quoted, and no word of it that is cut: half a token may be too short to be known as one.
fn beginning(text: &str) -> &str {
    if text.len() <= MAX_QUOTED_LEN {
        return text;
    }
    let mut ends = (0..=MAX_QUOTED_LEN).rev();
    let cut = ends.find_map(|end| text.get(..end)).unwrap_or_default();
    cut.trim_end_matches(is_word)
}

/// The text without the words of a secret that looks like none of the known kinds, also where the text was cut in one.
pub(crate) fn hide(text: &str, secret: &str) -> String {
    let words = secret.split_whitespace().filter(|word| word.len() >= MIN_HIDDEN_LEN);
    words.fold(text.to_owned(), |text, word| {
        let text = search::replace(&text, word, "[redacted]");
        let cut = (MIN_HIDDEN_LEN..word.len().min(text.len())).rev().find_map(|len| {
            let (before, after) = search::rsplit_once(&text, &format!("{}…", word.get(..len)?))?;
            Some(format!("{before}[redacted]…{after}"))
        });
        cut.unwrap_or(text)
    })
}
