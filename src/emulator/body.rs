//! A body of JSON, read strictly.

use std::collections::BTreeMap;

use serde_json::Value;

use super::status::Refusal;
use crate::redact;

/// The body as a JSON object. The content type is not looked at: curl's default says form, and the documented commands
/// rely on it.
pub(super) fn read_object(body: &[u8]) -> Result<Value, Refusal> {
    let body: Value = serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Refusal::invalid(format!(
            "the body is not JSON: it breaks at line {line} column {column}"
        ))
    })?;
    if body.is_object() {
        Ok(body)
    } else {
        Err(Refusal::invalid("the body's JSON is not an object"))
    }
}

/// A text of at most so many characters, if it is there.
pub(super) fn optional<'b>(body: &'b Value, name: &str, max_chars: usize) -> Result<Option<&'b str>, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            check_length(name, text, max_chars)?;
            Ok(Some(text))
        }
        Some(_) => Err(Refusal::invalid(format!("`{name}` is not a string"))),
    }
}

/// The same, of one character at least.
pub(super) fn required<'b>(body: &'b Value, name: &str, max_chars: usize) -> Result<&'b str, Refusal> {
    optional(body, name, max_chars)?
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Refusal::invalid(format!("the body has no `{name}`")))
}

/// Refuses a field that the request does not have: mostly a misspelt one. The service may overlook it.
pub(super) fn only_fields(body: &Value, known: &[&str]) -> Result<(), Refusal> {
    let mut names = body.as_object().into_iter().flat_map(|fields| fields.keys());
    match names.find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(Refusal::invalid(format!(
            "the body has a field `{}` that this request does not have",
            redact::quote(name, 60)
        ))),
        None => Ok(()),
    }
}

/// A text of at most so many characters; empty where it is not there.
pub(super) fn text(body: &Value, name: &str, max_chars: usize) -> Result<String, Refusal> {
    Ok(optional(body, name, max_chars)?.unwrap_or_default().to_owned())
}

/// False where it is not there.
pub(super) fn boolean(body: &Value, name: &str) -> Result<bool, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(Refusal::invalid(format!("`{name}` is neither true nor false"))),
    }
}

/// A list of texts; empty where it is not there.
pub(super) fn texts(body: &Value, name: &str) -> Result<Vec<String>, Refusal> {
    let list = match body.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(value) => value.as_array(),
    };
    let texts = list.and_then(|list| list.iter().map(|text| text.as_str().map(str::to_owned)).collect());
    texts.ok_or_else(|| Refusal::invalid(format!("`{name}` is not a list of strings")))
}

/// A map of texts; empty where it is not there.
pub(super) fn labels(body: &Value, name: &str) -> Result<BTreeMap<String, String>, Refusal> {
    let map = match body.get(name) {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(value) => value.as_object(),
    };
    let pairs = map.and_then(|map| {
        let pair = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
        map.iter().map(pair).collect()
    });
    pairs.ok_or_else(|| Refusal::invalid(format!("`{name}` is not an object of strings")))
}

pub(super) fn check_length(name: &str, text: &str, max_chars: usize) -> Result<(), Refusal> {
    let chars = text.chars().count();
    if chars > max_chars {
        return Err(Refusal::invalid(format!(
            "`{name}` has {chars} characters, more than {max_chars}"
        )));
    }
    Ok(())
}
