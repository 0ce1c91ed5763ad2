//! How deep a document is, and about how much memory it takes: what is nested, repeated or referred to again can be far
//! larger than its text.

use serde_json::Value;

/// Deeper documents are not read.
const MAX_DEPTH: usize = 64;

/// The most bytes that a document may take, its aliases written out: no kubeconfig has so many values.
const MAX_WEIGHT: usize = 32 * 1024 * 1024;

/// About what a value takes in the list or the map that it is in, which grow by doubling.
const VALUE: usize = 64;

/// About what a map takes for its first entries.
const MAP: usize = 640;

/// Bytes and levels.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    pub(super) weight: usize,
    pub(super) depth: usize,
}

impl Extent {
    pub(super) fn of(value: &Value) -> Self {
        let within = |(weight, depth): (usize, usize), inner: Self| (weight + inner.weight, depth.max(inner.depth + 1));
        let (weight, depth) = match value {
            Value::String(text) => (text_weight(text), 0),
            Value::Array(items) => items.iter().map(Self::of).fold((VALUE, 1), within),
            Value::Object(fields) => {
                let names: usize = fields.keys().map(|name| text_weight(name)).sum();
                fields.values().map(Self::of).fold((MAP + VALUE + names, 1), within)
            }
            _ => (VALUE, 0),
        };
        Self { weight, depth }
    }

    /// Refuses what is too deep or too large; an error is what follows the name of the thing.
    pub(super) fn check(self) -> Result<(), String> {
        if self.depth > MAX_DEPTH {
            return Err(format!("is nested more than {MAX_DEPTH} levels deep"));
        }
        if self.weight > MAX_WEIGHT {
            return Err("grows too large: it has too many values, its YAML aliases written out".to_owned());
        }
        Ok(())
    }
}

pub(super) fn text_weight(text: &str) -> usize {
    VALUE + text.len()
}

/// What a list or a map weighs without anything in it.
pub(super) const fn empty_weight(is_map: bool) -> usize {
    if is_map { MAP + VALUE } else { VALUE }
}

/// As many bytes as the YAML of this value takes, indentation aside, or more.
pub(super) fn written_len(value: &Value) -> usize {
    let text = |text: &str| 4 * (text.len() + 1);
    match value {
        Value::String(content) => text(content),
        Value::Array(items) => 4 + items.iter().map(written_len).sum::<usize>(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| text(name) + written_len(value));
            4 + fields.sum::<usize>()
        }
        _ => 4,
    }
}
