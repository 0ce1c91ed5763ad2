//! Entries of a kubeconfig that exists already.

use serde_json::{Value, json};

use super::document::{Document, kind_of};
use crate::error::{Error, ErrorCode};
use crate::key::json::holds_a_key;
use crate::redact;

const LISTS: &[(&str, &str)] = &[("clusters", "cluster"), ("contexts", "context"), ("users", "user")];

/// Tools add fields of their own, but none writes a kubeconfig without these.
const FIELDS: &[&str] = &[
    "apiVersion",
    "kind",
    "clusters",
    "contexts",
    "users",
    "current-context",
    "preferences",
];

/// A kubeconfig without entries.
pub(super) fn empty() -> Document {
    Document(json!({ "apiVersion": "v1", "kind": "Config", "preferences": {} }))
}

/// Reads a kubeconfig and checks it as far as entries are put into it.
pub(super) fn read(text: &str) -> Result<Document, Error> {
    let mut document = Document::parse(text).map_err(|problem| invalid(&problem))?;
    if document.0.is_null() {
        return Ok(empty());
    }
    // Whatever is in the file would be printed.
    if holds_a_key(&document.0) {
        return Err(invalid("is the key file of a service account"));
    }
    let Value::Object(fields) = &mut document.0 else {
        return Err(invalid(&format!("is {}, not an object", kind_of(&document.0))));
    };
    if !fields.is_empty() && !FIELDS.iter().any(|name| fields.contains_key(*name)) {
        return Err(invalid("has none of a kubeconfig's fields"));
    }
    for (name, expected) in [("apiVersion", "v1"), ("kind", "Config")] {
        match fields.get(name) {
            None | Some(Value::Null) => drop(fields.insert(name.to_owned(), Value::String(expected.to_owned()))),
            Some(Value::String(found)) if found == expected => {}
            Some(Value::String(found)) => {
                let found = redact::quote(found, 60);
                return Err(invalid(&format!("has the `{name}` `{found}`, not `{expected}`")));
            }
            Some(other) => return Err(invalid(&format!("has {} as its `{name}`", kind_of(other)))),
        }
    }
    for (list, field) in LISTS {
        match fields.get(*list) {
            None | Some(Value::Null) => {}
            Some(Value::Array(items)) => {
                let named = |item: &Value| item.get("name").is_some_and(Value::is_string);
                if !items.iter().all(named) {
                    return Err(invalid(&format!("has a {field} without a `name` in its `{list}`")));
                }
            }
            Some(other) => return Err(invalid(&format!("has {} as its `{list}`, not a list", kind_of(other)))),
        }
    }
    fields.entry("preferences").or_insert_with(|| json!({}));
    Ok(document)
}

/// Puts an entry where those of the same name were, or at the end.
pub(super) fn put(document: &mut Document, list: &str, field: &str, name: &str, value: Value) -> Result<(), Error> {
    let Value::Object(fields) = &mut document.0 else {
        return Err(invalid("is not an object"));
    };
    let mut items = match fields.remove(list) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    let is_same = |item: &Value| item.get("name").and_then(Value::as_str) == Some(name);
    let at = items.iter().position(is_same).unwrap_or(items.len());
    let (same, mut kept): (Vec<Value>, Vec<Value>) = items.drain(..).partition(is_same);
    // What is replaced may be a token.
    same.into_iter().for_each(|item| drop(Document(item)));
    kept.insert(at.min(kept.len()), json!({ field: value, "name": name }));
    fields.insert(list.to_owned(), Value::Array(kept));
    Ok(())
}

fn invalid(problem: &str) -> Error {
    Error::new(
        ErrorCode::InvalidKubeconfig,
        format!("the existing kubeconfig {problem}"),
    )
    .with_hint("pass the text of a kubeconfig, as `kubectl config view --raw` shows it, or an empty text")
}
