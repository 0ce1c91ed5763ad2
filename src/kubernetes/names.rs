//! Names as Kubernetes and `kubectl` allow them.

use crate::error::{Error, ErrorCode};
use crate::redact;

/// Names of clusters, contexts and users are free text; longer ones are a mistake.
const MAX_LEN: usize = 512;

/// Whether this is a namespace: a label of RFC 1123, in lower case.
pub(super) fn is_namespace(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=63).contains(&text.len()) && text.bytes().all(inner) && !text.starts_with('-') && !text.ends_with('-')
}

/// Whether this is a name of an object: labels of RFC 1123 joined by dots.
pub(super) fn is_object_name(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let label =
        |part: &str| !part.is_empty() && part.bytes().all(inner) && !part.starts_with('-') && !part.ends_with('-');
    text.len() <= 253 && text.split('.').all(label)
}

/// Checks text that goes into a kubeconfig on one line: a name, a path, an argument.
///
/// # Errors
/// [`ErrorCode::InvalidKubeconfig`], naming the field.
pub(super) fn check_line(field: &str, text: &str) -> Result<(), Error> {
    let problem = if text.trim().is_empty() {
        "is empty".to_owned()
    } else if text.chars().any(char::is_control) {
        "holds a line break or another control character".to_owned()
    } else if text.trim() != text {
        format!("`{}` begins or ends with white space", redact::quote(text, 60))
    } else if text.chars().count() > MAX_LEN {
        format!("is longer than {MAX_LEN} characters")
    } else {
        return Ok(());
    };
    Err(Error::new(
        ErrorCode::InvalidKubeconfig,
        format!("the kubeconfig's {field} {problem}"),
    )
    .with_hint("pass one line of text, such as `production`"))
}
