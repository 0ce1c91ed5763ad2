//! JSON with a fixed order of fields on the way out, and names instead of types on the way in.

use serde_json::Value;
use zeroize::Zeroize;

use crate::error::{Error, ErrorCode};

/// A JSON string literal.
pub(crate) fn string(text: &str) -> String {
    // Not by way of `Value`, whose serializer brings the formatting of floats: 3 kB of the gzipped WebAssembly module.
    serde_json::to_string(text).unwrap_or_default()
}

/// A JSON object without white space, its fields in the order given; the values are JSON already.
pub(crate) fn object(fields: &[(&str, String)]) -> String {
    let members: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}:{value}", string(name)))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// Wipes every text in a parsed value; as deep as the parser goes, which stops at 128.
pub(crate) fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        _ => {}
    }
}

/// A required string of an answer.
pub(crate) fn required_str<'a>(object: &'a Value, name: &str) -> Result<&'a str, Error> {
    required_str_of(object, "the answer", name)
}

/// A required string of what `what` names in messages.
pub(crate) fn required_str_of<'a>(object: &'a Value, what: &str, name: &str) -> Result<&'a str, Error> {
    match object.get(name) {
        Some(Value::String(text)) => Ok(text),
        None | Some(Value::Null) => Err(invalid_response(format!("{what} has no `{name}`"))),
        Some(_) => Err(invalid_response(format!("{what} has a `{name}` that is not a string"))),
    }
}

pub(crate) fn invalid_response(message: String) -> Error {
    Error::new(ErrorCode::InvalidResponse, message)
        .with_hint("check that the endpoint is the service and not something else")
}
