//! Optional fields of answers: what is empty is left out by the service.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::credential;
use crate::error::Error;
use crate::json::{self, invalid_response};
use crate::timestamp::UnixTime;

pub(super) fn text(object: &Value, what: &str, name: &str) -> Result<String, Error> {
    match object.get(name) {
        Some(Value::String(text)) => Ok(text.clone()),
        None | Some(Value::Null) => Ok(String::new()),
        Some(_) => Err(unlike(what, name, "a string")),
    }
}

/// A required ID that goes into a URL.
pub(super) fn id(object: &Value, what: &str, name: &str) -> Result<String, Error> {
    let text = json::required_str_of(object, what, name)?;
    credential::identifier(name, text)
        .ok()
        .filter(|id| id == text)
        .ok_or_else(|| unlike(what, name, "an ID"))
}

pub(super) fn flag(object: &Value, what: &str, name: &str) -> Result<bool, Error> {
    match object.get(name) {
        Some(Value::Bool(flag)) => Ok(*flag),
        None | Some(Value::Null) => Ok(false),
        Some(_) => Err(unlike(what, name, "a boolean")),
    }
}

/// RFC 3339. A time before 1970 stands for none, as the year 1 does where a program in Go has set none.
pub(super) fn time(object: &Value, what: &str, name: &str) -> Result<Option<UnixTime>, Error> {
    let text = text(object, what, name)?;
    if text.is_empty() {
        return Ok(None);
    }
    match UnixTime::parse_rfc3339(&text) {
        None if !UnixTime::is_rfc3339(&text) => Err(unlike(what, name, "an RFC 3339 time")),
        time => Ok(time),
    }
}

pub(super) fn list<'a>(object: &'a Value, what: &str, name: &str) -> Result<&'a [Value], Error> {
    match object.get(name) {
        Some(Value::Array(items)) => Ok(items),
        None | Some(Value::Null) => Ok(&[]),
        Some(_) => Err(unlike(what, name, "a list")),
    }
}

pub(super) fn texts(object: &Value, what: &str, name: &str) -> Result<Vec<String>, Error> {
    list(object, what, name)?
        .iter()
        .map(|item| {
            let text = item.as_str().map(str::to_owned);
            text.ok_or_else(|| unlike(what, name, "a list of strings"))
        })
        .collect()
}

pub(super) fn labels(object: &Value, what: &str, name: &str) -> Result<BTreeMap<String, String>, Error> {
    let unlike = || unlike(what, name, "an object of strings");
    match object.get(name) {
        Some(Value::Object(labels)) => labels
            .iter()
            .map(|(key, value)| Ok((key.clone(), value.as_str().ok_or_else(unlike)?.to_owned())))
            .collect(),
        None | Some(Value::Null) => Ok(BTreeMap::new()),
        Some(_) => Err(unlike()),
    }
}

/// The value's JSON, if there is one.
pub(super) fn json_text(value: Option<&Value>) -> Option<String> {
    value.filter(|value| !value.is_null()).map(Value::to_string)
}

fn unlike(what: &str, name: &str, wanted: &str) -> Error {
    invalid_response(format!("{what} has a `{name}` that is not {wanted}"))
}
