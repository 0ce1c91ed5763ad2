//! A parsed file that may hold secrets: wiped when dropped.

use serde_json::Value;

use super::extent::Extent;
use super::yaml;
use crate::json;

/// The largest file that is read: what is stored in a cluster is no larger than 1.5 MiB, encoded.
const MAX_LEN: usize = 2 * 1024 * 1024;

/// The value of a JSON or YAML text.
#[derive(Clone)]
pub(super) struct Document(pub(super) Value);

impl Document {
    /// Reads JSON or YAML; what is wrong is said as what follows the name of the thing, and quotes none of it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        if text.len() > MAX_LEN {
            return Err(format!("has {} bytes, more than can be meant", text.len()));
        }
        let begins_like_json = text.trim_start().starts_with(['{', '[']);
        match serde_json::from_slice(text.as_bytes()) {
            Ok(value) if begins_like_json => {
                let document = Self(value);
                Extent::of(&document.0).check().map(|()| document)
            }
            _ => yaml::parse(text).map(Self),
        }
    }

    pub(super) fn to_yaml(&self) -> String {
        yaml::write(&self.0)
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        json::wipe(&mut self.0);
    }
}

/// What a value is called in messages.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
