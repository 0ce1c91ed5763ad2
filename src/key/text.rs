//! From the bytes that a user handed over to the text of a JSON object, or to the name of what it is instead.

use zeroize::Zeroizing;

use super::path;
use crate::credential::Kind;
use crate::error::{Error, ErrorCode};
use crate::{any_base64, pem_block, search};

/// What to do when something else than a key file was given.
pub(super) const HOW_TO_GET_A_KEY: &str =
    "pass the content of the file that `yc iam key create --service-account-name NAME --output key.json` writes";

/// How the JSON of a key file begins.
pub(super) const OBJECT: char = '{';

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The JSON text of a key file: without a byte-order mark and white space around it, and out of base64.
pub(super) fn normalize(content: &[u8]) -> Result<Zeroizing<String>, Error> {
    let text = std::str::from_utf8(content).map_err(|_| {
        Error::new(ErrorCode::InvalidJson, "the key file is not UTF-8 text").with_hint(HOW_TO_GET_A_KEY)
    })?;
    let text = trim(text);
    if text.is_empty() {
        return Err(Error::new(ErrorCode::EmptyKey, "the key file is empty").with_hint(HOW_TO_GET_A_KEY));
    }
    if text.starts_with(OBJECT) {
        return Ok(Zeroizing::new(text.to_owned()));
    }
    if let Some(decoded) = from_base64(text) {
        return Ok(decoded);
    }
    Err(what_else(text))
}

/// Without a byte-order mark and white space around it.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == BYTE_ORDER_MARK)
}

/// CI systems keep files as base64 in a variable, wrapped or not. Only JSON inside counts.
fn from_base64(text: &str) -> Option<Zeroizing<String>> {
    let bytes = any_base64::decode(text)?;
    let decoded = trim(std::str::from_utf8(&bytes).ok()?);
    decoded.starts_with(OBJECT).then(|| Zeroizing::new(decoded.to_owned()))
}

/// Whether this is a JSON object in quotation marks.
pub(super) fn is_quoted_object(text: &str) -> bool {
    let inner = trim(text).strip_prefix(['"', '\'']);
    inner.is_some_and(|inner| inner.trim_start().starts_with(OBJECT))
}

/// Names what was given in place of a key file, without a byte of it where it may be a secret.
fn what_else(text: &str) -> Error {
    let error = |code, message: &str| Error::new(code, message).with_hint(HOW_TO_GET_A_KEY);
    if is_quoted_object(text) {
        return Error::new(
            ErrorCode::InvalidJson,
            "there are quotation marks round the key file's content",
        )
        .with_hint("leave them out: not everything that reads variables from a file takes them off, as a shell does");
    }
    let begins_as_json = text.starts_with(['[', '"']);
    if search::contains(text, pem_block::BEGIN) && !begins_as_json {
        error(
            ErrorCode::BarePemGiven,
            "a PEM block was given, but the key file is JSON and names the key's ID too",
        )
    } else if let Some((code, message)) = Kind::of(text).and_then(other_credential) {
        error(code, message)
    } else if let Some(path) = as_path(text) {
        let message = path::shown(path).map_or_else(
            || "a path was given in place of the file's content".to_owned(),
            |path| format!("the path `{path}` was given in place of the file's content"),
        );
        Error::new(ErrorCode::PathGiven, message)
            .with_hint("read the file and pass what is in it, or use the function that takes a path")
    } else {
        error(
            ErrorCode::InvalidJson,
            "the key file is neither a JSON object nor the base64 of one",
        )
    }
}

fn other_credential(kind: Kind) -> Option<(ErrorCode, &'static str)> {
    Some(match kind {
        Kind::ApiKey => (
            ErrorCode::ApiKeyGiven,
            "an API key was given; API keys are not exchanged for IAM tokens",
        ),
        Kind::Oauth => (
            ErrorCode::OauthTokenGiven,
            "an OAuth token was given, not a service-account key",
        ),
        Kind::Iam => (
            ErrorCode::IamTokenGiven,
            "an IAM token was given, not a key to get one with",
        ),
        Kind::StaticKey => (
            ErrorCode::StaticKeyGiven,
            "a static access key was given; it is for S3-compatible services only",
        ),
        Kind::Jwt => return None,
    })
}

/// The text, if it can only be a path: one line, and an ending or a separator that gives it away. What has quotes is a
/// piece of JSON that begins in the middle.
fn as_path(text: &str) -> Option<&str> {
    let short_line = text.len() <= path::MAX_LEN && !text.contains(|c: char| c.is_control() || c == '"');
    let looks_like_path = text.ends_with(".json")
        || text.starts_with(['/', '~', '.'])
        || text.get(1..3).is_some_and(|s| s == ":\\" || s == ":/");
    (short_line && looks_like_path).then_some(text)
}
