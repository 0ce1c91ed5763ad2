//! How two texts that should be equal differ.

use crate::redact;

/// The difference between what was given and what was expected. The comparison is exact, so each of these refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Difference {
    WhiteSpace,
    TrailingSlash,
    Scheme,
    LetterCase,
    Several,
    OtherCluster,
    Other,
}

/// The pair that is equal, or else looks most alike.
pub(super) struct Nearest<'a> {
    pub(super) given: &'a str,
    pub(super) expected: &'a str,
    pub(super) difference: Option<Difference>,
}

impl Difference {
    /// None if the two are equal.
    pub(super) fn between(given: &str, expected: &str) -> Option<Self> {
        if given == expected {
            return None;
        }
        let (a, b) = (visible(given), visible(expected));
        let without_slash = |text: &str| text.trim_end_matches('/').to_owned();
        let plain = |text: &str| without_slash(without_scheme(text)).to_ascii_lowercase();
        Some(if a == b {
            Self::WhiteSpace
        } else if without_slash(&a) == without_slash(&b) {
            Self::TrailingSlash
        } else if without_scheme(&a) == without_scheme(&b) {
            Self::Scheme
        } else if a.eq_ignore_ascii_case(&b) {
            Self::LetterCase
        } else if plain(&a) == plain(&b) {
            Self::Several
        } else if are_clusters(&a, &b) {
            Self::OtherCluster
        } else {
            Self::Other
        })
    }

    /// None if nothing was given or nothing expected.
    pub(super) fn nearest<'a>(given: &[&'a str], expected: &[&'a str]) -> Option<Nearest<'a>> {
        // A list that is long enough to make this slow is no list of audiences.
        let pairs = given.iter().take(MAX_VALUES).flat_map(|given| {
            let expected = expected.iter().take(MAX_VALUES);
            expected.map(move |expected| Nearest {
                given,
                expected,
                difference: Self::between(given, expected),
            })
        });
        pairs.min_by_key(|pair| pair.difference)
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::WhiteSpace => "they differ in white space or invisible characters",
            Self::TrailingSlash => "they differ by a slash at the end",
            Self::Scheme => "they differ in `http` and `https`",
            Self::LetterCase => "they differ in upper and lower case",
            Self::Several => "they differ in letter case, in a slash at the end or in `http` and `https`",
            Self::OtherCluster => "they name different clusters",
            Self::Other => "they are different",
        }
    }
}

/// The API takes up to 100 audiences.
const MAX_VALUES: usize = 100;

fn visible(text: &str) -> String {
    let is_seen = |c: &char| !c.is_whitespace() && !c.is_control() && !redact::is_invisible(*c);
    text.chars().filter(is_seen).collect()
}

fn without_scheme(text: &str) -> &str {
    text.strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .unwrap_or(text)
}

/// Issuers of the managed Kubernetes service end with the cluster's ID.
fn are_clusters(a: &str, b: &str) -> bool {
    let prefix = |text: &str| text.rsplit_once("/clusters/").map(|(prefix, _)| prefix.to_owned());
    matches!((prefix(a), prefix(b)), (Some(a), Some(b)) if a == b)
}
