//! Telling one kind of credential from another by its looks, and refusing the wrong one with its name.

use crate::error::{Error, ErrorCode};
use crate::header;
use crate::redact;
use crate::secret::Secret;

/// IDs in the service's API are at most this long.
const MAX_ID_LEN: usize = 50;

/// A kind of credential that a user can hand over as one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Iam,
    Oauth,
    ApiKey,
    StaticKey,
    Jwt,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Iam => "an IAM token",
            Self::Oauth => "an OAuth token",
            Self::ApiKey => "an API key",
            Self::StaticKey => "a static access key",
            Self::Jwt => "a JWT",
        }
    }

    /// What to do with a credential of this kind, where another was expected.
    const fn advice(self) -> &'static str {
        match self {
            Self::Iam => "it needs no exchange: use the source for a fixed token",
            Self::Oauth => "use the source for OAuth tokens",
            Self::ApiKey => {
                "API keys are not exchanged: send it as `Authorization: Api-Key …`, or use other credentials"
            }
            Self::StaticKey => "static keys are for S3-compatible services only: use other credentials",
            Self::Jwt => "an external token belongs to the source for workload identities",
        }
    }

    /// What this word looks like, if its beginning tells.
    pub(crate) fn of(word: &str) -> Option<Self> {
        if word.contains(char::is_whitespace) {
            None
        } else if word.starts_with("t1.") {
            Some(Self::Iam)
        } else if is_oauth_token(word) {
            Some(Self::Oauth)
        } else if word.starts_with("AQVN") {
            Some(Self::ApiKey)
        } else if is_static_key(word) {
            Some(Self::StaticKey)
        } else if word.starts_with("eyJ") && word.split('.').count() == 3 {
            Some(Self::Jwt)
        } else {
            None
        }
    }
}

/// Whether this can be an IAM token: `t1.…`, or a later version of the same.
pub(crate) fn is_iam_token(word: &str) -> bool {
    let version = word
        .strip_prefix('t')
        .map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    version.is_some_and(|after| after.starts_with('.') && !word.starts_with("t."))
}

/// Google's metadata service has the same address, path and header; its access tokens begin so.
pub(crate) fn is_google_token(word: &str) -> bool {
    word.starts_with("ya29.")
}

/// OAuth tokens of Yandex accounts: `y0_…`, `y1_…` and so on; older ones began with `AQAAAA`.
pub(crate) fn is_oauth_token(word: &str) -> bool {
    matches!(word.as_bytes(), [b'y', digit, b'_', ..] if digit.is_ascii_digit()) || word.starts_with("AQAAAA")
}

/// Static access keys: the ID begins with `YCAJE`, the secret with `YC`.
fn is_static_key(word: &str) -> bool {
    word.starts_with("YC") && word.len() >= 20 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// The credential without white space around it, if it can be of this kind.
///
/// # Errors
/// [`ErrorCode::InvalidCredential`] with what it is instead, and never a byte of it.
pub(crate) fn check(expected: Kind, text: &str, max_len: usize) -> Result<Secret, Error> {
    let word = text.trim();
    let wanted = expected.name();
    let refuse = |problem: String, hint: &str| Err(Error::new(ErrorCode::InvalidCredential, problem).with_hint(hint));
    let alone = "pass the token alone and whole, as it was issued";
    if word.is_empty() {
        return refuse(format!("nothing was given where {wanted} was expected"), alone);
    }
    if word.starts_with('{') {
        let problem = format!("a JSON text was given where {wanted} was expected");
        return refuse(problem, "a key file belongs to the source for service accounts");
    }
    match Kind::of(word) {
        Some(kind) if kind != expected => {
            let problem = format!("{} was given where {wanted} was expected", kind.name());
            refuse(problem, kind.advice())
        }
        _ if word.len() > max_len => {
            let len = word.len();
            let problem =
                format!("{len} characters were given where {wanted} was expected, which has {max_len} at most");
            refuse(problem, alone)
        }
        _ if !header::is_token68(word) => {
            let problem = format!("what was given where {wanted} was expected holds characters that no token has");
            refuse(problem, alone)
        }
        _ => Ok(Secret::new(word.to_owned())),
    }
}

/// An ID of the service, without white space around it. It goes into URLs and bodies, so it is one printable word.
///
/// # Errors
/// [`ErrorCode::InvalidArgument`], naming the argument.
pub(crate) fn identifier(argument: &str, text: &str) -> Result<String, Error> {
    let id = text.trim();
    let problem = if id.is_empty() {
        "is empty".to_owned()
    } else if id.len() > MAX_ID_LEN {
        format!("is longer than {MAX_ID_LEN} characters")
    } else if !is_id(id) || Kind::of(id).is_some() {
        "is not an ID of the service".to_owned()
    } else {
        return Ok(id.to_owned());
    };
    let argument = redact::quote(argument, 40);
    Err(
        Error::new(ErrorCode::InvalidArgument, format!("`{argument}` {problem}"))
            .with_hint("pass the ID, such as `ajeb9l33h6mu12345678`, and not the name"),
    )
}

/// No other character is in any ID, and these can go into a URL's path as they are.
fn is_id(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// The name of a resource, as a user chose it: what it may hold is the service's to say, but it goes into URLs and bodies.
///
/// # Errors
/// [`ErrorCode::InvalidArgument`], naming the argument.
pub(crate) fn resource_name(argument: &str, name: &str) -> Result<String, Error> {
    const MAX_LEN: usize = 100;
    let problem = if name.trim().is_empty() {
        "is empty".to_owned()
    } else if name.chars().count() > MAX_LEN {
        format!("is longer than {MAX_LEN} characters")
    } else if name.chars().any(char::is_control) {
        "holds a line break or another control character".to_owned()
    } else {
        return Ok(name.to_owned());
    };
    let argument = redact::quote(argument, 40);
    Err(Error::new(ErrorCode::InvalidArgument, format!("`{argument}` {problem}")).with_hint("pass the resource's name"))
}
