//! What was given, made fit to be shown: without secrets, on one line, and short.

use serde_json::Value;

use crate::redact;
use crate::timestamp::UnixTime;

/// Longer values are cut.
const MAX_CHARS: usize = 300;

/// So much is looked through for secrets; what follows would not be shown anyway.
const MAX_READ: usize = 4096;

/// A stranger's words for a fact or a message.
pub(super) fn quoted(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(MAX_READ) else {
        return quote(text);
    };
    // A token that is cut at the end may be too short to be known as one.
    let start = text
        .get(..end)
        .unwrap_or_default()
        .trim_end_matches(|c: char| c.is_ascii_graphic());
    let mut out = quote(start);
    if !out.ends_with('…') {
        out.push('…');
    }
    out
}

/// A line break or an invisible character may hide a token from the eye and from [`redact`](redact::redact): where there
/// is one without them, they go.
fn quote(text: &str) -> String {
    let joined: String = text
        .chars()
        .filter(|c| !c.is_control() && !redact::is_invisible(*c))
        .collect();
    let hides_a_secret = joined.len() != text.len() && redact::redact(&joined) != joined;
    redact::quote(if hides_a_secret { &joined } else { text }, MAX_CHARS)
}

/// An ID of the service, if it looks like one and not like a secret in the wrong place.
pub(super) fn identifier(value: &Value) -> Option<&str> {
    let is_part = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b);
    let id = value.as_str()?;
    (!id.is_empty() && id.len() <= 50 && id.bytes().all(is_part) && redact::redact(id) == id).then_some(id)
}

/// How far from now: `in 43 min`, `2 h ago`. Rounded down.
pub(super) fn distance(time: UnixTime, now: UnixTime) -> String {
    let secs = time.as_secs() - now.as_secs();
    match secs {
        0 => "now".to_owned(),
        1.. => format!("in {}", duration(secs)),
        _ => format!("{} ago", duration(-secs)),
    }
}

/// A number of seconds in the largest unit of which there are two or more, or that fits exactly. Rounded down.
pub(super) fn duration(secs: i64) -> String {
    const UNITS: &[(i64, &str)] = &[(86_400, "days"), (3600, "h"), (60, "min")];
    let fits = |unit: i64| secs >= 2 * unit || (unit < 86_400 && secs == unit);
    match UNITS.iter().find(|(unit, _)| fits(*unit)) {
        Some((unit, name)) => format!("{} {name}", secs / unit),
        None => format!("{secs} s"),
    }
}
