//! A text in a text, looked for place by place. The standard library's way, made for long texts, is 3 kB of the gzipped
//! WebAssembly module.

/// Where the needle begins for the first time.
pub(crate) fn find(text: &str, needle: &str) -> Option<usize> {
    places(text, needle).next()
}

pub(crate) fn contains(text: &str, needle: &str) -> bool {
    find(text, needle).is_some()
}

/// What stands before the first needle, and what after it.
pub(crate) fn split_once<'a>(text: &'a str, needle: &str) -> Option<(&'a str, &'a str)> {
    around(text, find(text, needle)?, needle)
}

/// What stands before the last needle, and what after it.
pub(crate) fn rsplit_once<'a>(text: &'a str, needle: &str) -> Option<(&'a str, &'a str)> {
    around(text, places(text, needle).next_back()?, needle)
}

/// The text with something else in place of each needle. It is written once if that is not longer: nothing is left behind
/// in memory.
pub(crate) fn replace(text: &str, needle: &str, substitute: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = split_once(rest, needle) {
        out.push_str(before);
        out.push_str(substitute);
        rest = after;
    }
    out.push_str(rest);
    out
}

fn places(text: &str, needle: &str) -> impl DoubleEndedIterator<Item = usize> {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let last = text.len().checked_sub(needle.len()).filter(|_| !needle.is_empty());
    let places = 0..last.map_or(0, |last| last + 1);
    // Most places differ in the first byte already, and need no call that compares.
    places.filter(move |&at| {
        text.get(at) == needle.first() && text.get(at..).is_some_and(|rest| rest.starts_with(needle))
    })
}

fn around<'a>(text: &'a str, at: usize, needle: &str) -> Option<(&'a str, &'a str)> {
    Some((text.get(..at)?, text.get(at + needle.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_standard_library() {
        let texts = [
            "",
            "a",
            "aa",
            "aaa",
            "abab",
            "-----BEGIN a-----END b-----",
            "\\r\\n\\\\n",
            "ключ…ключ…",
            "a://b://c",
        ];
        let needles = [
            "a",
            "aa",
            "ab",
            "-----",
            "\\n",
            "\\r",
            "…",
            "люч…",
            "://",
            "longer than any of the texts",
        ];
        for text in texts {
            for needle in needles {
                assert_eq!(find(text, needle), text.find(needle), "{text} {needle}");
                assert_eq!(contains(text, needle), text.contains(needle), "{text} {needle}");
                assert_eq!(split_once(text, needle), text.split_once(needle), "{text} {needle}");
                assert_eq!(rsplit_once(text, needle), text.rsplit_once(needle), "{text} {needle}");
                for substitute in ["", "b", "[longer]"] {
                    assert_eq!(
                        replace(text, needle, substitute),
                        text.replace(needle, substitute),
                        "{text} {needle}"
                    );
                }
            }
        }
    }
}
