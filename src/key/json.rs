//! From the text of a JSON object to the fields of a key file.

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::text::HOW_TO_GET_A_KEY;
use crate::error::{Error, ErrorCode};
use crate::header;

/// IDs in the service's API are at most 50 characters long.
const MAX_ID_LEN: usize = 50;

/// The fields of a key file that hold the key: as the service writes them, and as its SDK for Go reads them too.
pub(crate) const PRIVATE_KEY: &[&str] = &["private_key", "privateKey"];

/// Whether this is meant to be a key file: it has a field with a private key.
pub(crate) fn holds_a_key(object: &Value) -> bool {
    PRIVATE_KEY.iter().any(|name| object.get(name).is_some())
}

/// Whether this is what the service's API answers who creates a key: all but the private key stands in an object within.
fn is_answer(object: &Map<String, Value>) -> bool {
    !object.contains_key("id") && object.get("key").is_some_and(Value::is_object)
}

/// The object that has all but the private key.
pub(crate) fn described(object: &Value) -> &Value {
    let within = object.as_object().filter(|fields| is_answer(fields));
    within.and_then(|fields| fields.get("key")).unwrap_or(object)
}

pub(super) struct Fields {
    pub(super) id: String,
    pub(super) service_account_id: String,
    pub(super) created_at: Option<String>,
    pub(super) private_key: Zeroizing<String>,
}

pub(super) fn read(text: &str) -> Result<Fields, Error> {
    let value: Value = serde_json::from_slice(text.as_bytes()).map_err(|error| {
        // The parser's own message may quote the input: only the place is safe to show.
        let place = format!("line {} column {}", error.line(), error.column());
        Error::new(
            ErrorCode::InvalidJson,
            format!("the key file is not valid JSON: it breaks at {place}"),
        )
        .with_hint("if the content went through an environment variable or a shell, check its quotes and line breaks")
    })?;
    let Value::Object(mut object) = value else {
        return Err(
            Error::new(ErrorCode::InvalidJson, "the key file's JSON is not an object").with_hint(HOW_TO_GET_A_KEY),
        );
    };
    let private_key = Zeroizing::new(take_required(&mut object, PRIVATE_KEY)?);
    let is_answer = is_answer(&object);
    let mut object = match object.get_mut("key") {
        Some(Value::Object(key)) if is_answer => std::mem::take(key),
        _ => object,
    };
    let id = identifier("id", take_required(&mut object, &["id"])?)?;
    let account_names = [
        "service_account_id",
        "serviceAccountId",
        "user_account_id",
        "userAccountId",
    ];
    let service_account_id = identifier("service_account_id", take_required(&mut object, &account_names)?)?;
    let created_at = take(&mut object, &["created_at", "createdAt"])?;
    Ok(Fields {
        id,
        service_account_id,
        created_at,
        private_key,
    })
}

/// Takes the first of these fields that is there; an explicit `null` counts as absent.
fn take(object: &mut Map<String, Value>, names: &[&str]) -> Result<Option<String>, Error> {
    for name in names {
        match object.get_mut(*name).map(Value::take) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) => return Ok(Some(text)),
            Some(other) => {
                let kind = match other {
                    Value::Bool(_) => "a boolean",
                    Value::Number(_) => "a number",
                    Value::Array(_) => "an array",
                    _ => "an object",
                };
                return Err(invalid_field(name, &format!("is {kind}, not a string")));
            }
        }
    }
    Ok(None)
}

fn take_required(object: &mut Map<String, Value>, names: &[&str]) -> Result<String, Error> {
    take(object, names)?.ok_or_else(|| {
        let name = names.first().copied().unwrap_or_default();
        Error::new(ErrorCode::MissingField, format!("the key file has no `{name}`")).with_hint(HOW_TO_GET_A_KEY)
    })
}

/// An ID goes into headers and URLs elsewhere, so it is printable ASCII without spaces, as the service makes it.
pub(super) fn identifier(name: &str, value: String) -> Result<String, Error> {
    if value.is_empty() {
        Err(invalid_field(name, "is empty"))
    } else if value.len() > MAX_ID_LEN {
        Err(invalid_field(name, &format!("is longer than {MAX_ID_LEN} characters")))
    } else if !header::is_token68(&value) {
        Err(invalid_field(name, "holds characters that no ID of the service has"))
    } else {
        Ok(value)
    }
}

fn invalid_field(name: &str, problem: &str) -> Error {
    Error::new(ErrorCode::InvalidField, format!("the key file's `{name}` {problem}")).with_hint(HOW_TO_GET_A_KEY)
}
