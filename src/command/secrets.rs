//! Secrets among the arguments: every process of the machine can read them there, and shells and CI systems keep them.

use crate::credential::Kind;
use crate::error::{Error, ErrorCode};
use crate::key::{self, json::PRIVATE_KEY};

/// Shorter words are names, whatever they begin with.
const MIN_LEN: usize = 16;

/// Refuses an argument that is a credential, or a flag with one for its value, and says where it belongs. Shows nothing
/// of it.
pub(super) fn refuse(position: usize, argument: &str) -> Result<(), Error> {
    let value = argument.split_once('=').map_or("", |(_, value)| value);
    let found = [argument, value].into_iter().find_map(|text| {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        let scheme = ["Bearer ", "bearer ", "Api-Key "]
            .iter()
            .find_map(|name| text.strip_prefix(name));
        what(scheme.unwrap_or(text).trim())
    });
    let Some((what, place)) = found else { return Ok(()) };
    let message = format!(
        "argument {position} is {what}: every program on this machine can read arguments, and shells keep them"
    );
    Err(Error::new(ErrorCode::InvalidArgument, message)
        .with_hint(format!("{place}; it is best replaced now by a new one")))
}

/// What the text is, and where it belongs.
fn what(text: &str) -> Option<(&'static str, &'static str)> {
    const KEY: &str = "put it into a file for `--key-file`, or pipe it to `--key-file -`";
    const TOKEN: &str = "put it into a file for `--token-file`, or into a variable for `--token-env`";
    let names_a_key = PRIVATE_KEY.iter().any(|name| text.contains(&format!("\"{name}\"")));
    if names_a_key || (text.len() >= MIN_LEN && key::looks_like_content(text)) {
        return Some(("a JSON text, as key files are", KEY));
    }
    if text.contains("-----BEGIN ") {
        return Some(("a PEM block", KEY));
    }
    if text.len() < MIN_LEN || text.contains(['/', '\\']) || has_extension(text) {
        return None;
    }
    match Kind::of(text)? {
        Kind::Iam => Some((
            "an IAM token",
            "set the environment variable `YC_IAM_TOKEN` to it, or pipe it to `yc-iam explain`",
        )),
        Kind::Oauth => Some((
            "an OAuth token",
            "put it into a file for `--oauth-token-file`, pipe it to `--oauth-token-file -`, or set `YC_OAUTH_TOKEN` to it",
        )),
        Kind::Jwt => Some(("a JWT", TOKEN)),
        Kind::ApiKey => Some((
            "an API key",
            "no command takes it; `yc-iam explain` reads it from standard input",
        )),
        Kind::StaticKey if is_static_key(text) => Some((
            "a static access key",
            "no command takes it; `yc-iam explain` reads it from standard input",
        )),
        Kind::StaticKey => None,
    }
}

/// `t1.my-service.json` is the name of a file; the last part of a token is a signature.
fn has_extension(text: &str) -> bool {
    let extension = text.rsplit_once('.').map_or("", |(_, rest)| rest);
    (1..=5).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Names of variables, secrets and folders may begin with `YC` as well.
fn is_static_key(text: &str) -> bool {
    let some = |is: fn(&u8) -> bool| text.as_bytes().iter().any(is);
    let is_mixed = some(u8::is_ascii_digit) && some(u8::is_ascii_uppercase) && some(u8::is_ascii_lowercase);
    text.starts_with("YCAJE") || (text.len() == 40 && is_mixed)
}
