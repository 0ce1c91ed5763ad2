//! YAML 1.2, with the truth values of YAML 1.1 as `kubectl` reads them, to JSON's values and back; the one file that knows the parser.
//!
//! Depth, size and the weight of aliases are limited as it is read. What is written are block mappings and sequences in the layout
//! of `kubectl`, with plain words where nobody can take them for anything else, and JSON's own literals elsewhere.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};
use serde_json::{Map, Number, Value};

use super::extent::{self, Extent};
use crate::json;

/// The value of the only document, `null` where there is none. An error is what follows the name of the thing.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    // YAML 1.2.2, section 5.1: other readers refuse these characters, and this parser lets them through.
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}'))
    {
        return Err("is not valid YAML: it holds a control character".to_owned());
    }
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| broken(&error))?;
        builder.take(event)?;
    }
    Ok(builder.root.unwrap_or_default())
}

/// The parser's own message may quote the input: only the place is safe to show.
fn broken(error: &ScanError) -> String {
    let place = error.marker();
    format!(
        "is not valid YAML: it breaks at line {} column {}",
        place.line(),
        place.col() + 1
    )
}

enum Open {
    List(Vec<Value>),
    Map(Map<String, Value>, Option<String>),
}

#[derive(Default)]
struct Builder {
    /// What is not closed yet, each with its anchor (0: none).
    open: Vec<(Open, usize)>,
    anchors: HashMap<usize, (Value, Extent)>,
    weight: usize,
    documents: usize,
    root: Option<Value>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                match self.documents {
                    1 => Ok(()),
                    _ => Err("holds several YAML documents, where one was expected".to_owned()),
                }
            }
            Event::SequenceStart(anchor, tag) => self.open(Open::List(Vec::new()), anchor, tag.as_deref(), "seq"),
            Event::MappingStart(anchor, tag) => self.open(Open::Map(Map::new(), None), anchor, tag.as_deref(), "map"),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some((Open::List(items), anchor)) => self.put(Value::Array(items), anchor),
                Some((Open::Map(fields, _), anchor)) => self.put(Value::Object(fields), anchor),
                None => Ok(()),
            },
            Event::Scalar(text, style, anchor, tag) => {
                self.weigh(extent::text_weight(&text))?;
                if let Some((Open::Map(fields, key @ None), _)) = self.open.last_mut() {
                    if text == "<<" && style == ScalarStyle::Plain {
                        return Err("uses a merge key `<<`, which only some readers of YAML know".to_owned());
                    }
                    if fields.contains_key(text.as_ref()) {
                        return Err("has the same key twice in one YAML mapping".to_owned());
                    }
                    *key = Some(text.into_owned());
                    return Ok(());
                }
                let value = scalar(&text, style, tag.as_deref())?;
                self.put(value, anchor)
            }
            Event::Alias(anchor) => {
                let (_, extent) = self.anchors.get(&anchor).ok_or("has a YAML alias to nothing")?;
                self.grow(*extent)?;
                let copy = self.anchors.get(&anchor).map(|(value, _)| value.clone());
                self.put(copy.unwrap_or_default(), 0)
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn open(&mut self, open: Open, anchor: usize, tag: Option<&Tag>, expected: &str) -> Result<(), String> {
        if tag.is_some_and(|tag| !tag.is_yaml_core_schema() || tag.suffix != expected) {
            return Err(unknown_tag());
        }
        self.grow(Extent {
            weight: extent::empty_weight(matches!(open, Open::Map(..))),
            depth: 1,
        })?;
        self.open.push((open, anchor));
        Ok(())
    }

    fn weigh(&mut self, weight: usize) -> Result<(), String> {
        self.grow(Extent { weight, depth: 0 })
    }

    /// Makes room for something as large as this, where the document has come to.
    fn grow(&mut self, more: Extent) -> Result<(), String> {
        self.weight = self.weight.saturating_add(more.weight);
        let (weight, depth) = (self.weight, self.open.len() + more.depth);
        Extent { weight, depth }.check()
    }

    fn put(&mut self, value: Value, anchor: usize) -> Result<(), String> {
        if anchor != 0 {
            let extent = Extent::of(&value);
            self.grow(extent)?;
            self.anchors.insert(anchor, (value.clone(), extent));
        }
        match self.open.last_mut() {
            Some((Open::List(items), _)) => items.push(value),
            Some((Open::Map(fields, key), _)) => match key.take() {
                Some(key) => drop(fields.insert(key, value)),
                None => return Err("has a YAML key that is no text".to_owned()),
            },
            None => self.root = Some(value),
        }
        Ok(())
    }
}

fn unknown_tag() -> String {
    "uses a YAML tag that JSON has no value for".to_owned()
}

/// The core schema of YAML 1.2.2, section 10.3.2, as far as JSON has such values, and the truth values of YAML 1.1.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, String> {
    let is_text = match tag {
        None => style != ScalarStyle::Plain,
        Some(tag) if !tag.is_yaml_core_schema() => return Err(unknown_tag()),
        Some(tag) => match tag.suffix.as_ref() {
            "str" => true,
            "null" | "bool" | "int" | "float" => false,
            _ => return Err(unknown_tag()),
        },
    };
    if is_text {
        return Ok(Value::String(text.to_owned()));
    }
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y" => Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "n" | "N" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    })
}

fn number(text: &str) -> Option<Number> {
    let radix = |digits: &str, radix| u64::from_str_radix(digits, radix).ok().map(Number::from);
    match (text.get(..2), text.get(2..)) {
        (Some("0x"), Some(digits)) if !digits.starts_with('+') => radix(digits, 16),
        (Some("0o"), Some(digits)) if !digits.starts_with('+') => radix(digits, 8),
        _ if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            let number: Number = serde_json::from_str(text).ok()?;
            // JSON's reader may miss a fraction by its last bit, and what is written would change each time.
            if number.is_f64() {
                Number::from_f64(text.parse().ok()?)
            } else {
                Some(number)
            }
        }
        _ => None,
    }
}

/// The document in block style, fields in alphabetical order.
pub(super) fn write(value: &Value) -> String {
    // Room for everything at once: what is moved when a text grows is not wiped.
    let mut out = String::with_capacity(extent::written_len(value) + 1024);
    match value {
        Value::Object(fields) if !fields.is_empty() => write_map(fields, 0, false, &mut out),
        Value::Array(items) if !items.is_empty() => write_list(items, 0, &mut out),
        leaf => write_leaf(leaf, &mut out),
    }
    out
}

/// Readers look for the colon of a key within 1024 characters (YAML 1.2.2, section 7.4); no byte is written as more than six.
/// Longer keys say that they are keys.
const LONGEST_KEY: usize = 128;

fn write_map(fields: &Map<String, Value>, indent: usize, mut begun: bool, out: &mut String) {
    for (key, value) in fields {
        if !std::mem::take(&mut begun) {
            out.extend(std::iter::repeat_n(' ', indent));
        }
        if key.len() > LONGEST_KEY {
            out.push_str("? ");
            write_text(key, out);
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
        } else {
            write_text(key, out);
        }
        out.push(':');
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                out.push('\n');
                write_map(inner, indent + 2, false, out);
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                write_list(items, indent, out);
            }
            leaf => {
                out.push(' ');
                write_leaf(leaf, out);
            }
        }
    }
}

fn write_list(items: &[Value], indent: usize, out: &mut String) {
    for item in items {
        out.extend(std::iter::repeat_n(' ', indent));
        out.push('-');
        match item {
            Value::Object(inner) if !inner.is_empty() => {
                out.push(' ');
                write_map(inner, indent + 2, true, out);
            }
            Value::Array(inner) if !inner.is_empty() => {
                out.push('\n');
                write_list(inner, indent + 2, out);
            }
            leaf => {
                out.push(' ');
                write_leaf(leaf, out);
            }
        }
    }
}

fn write_leaf(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => write_text(text, out),
        other => out.push_str(&other.to_string()),
    }
    out.push('\n');
}

fn write_text(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    for c in json::string(text).chars() {
        match c {
            // Characters that JSON lets through and a reader of YAML refuses, drops or takes for a line break.
            '\u{7f}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            other => out.push(other),
        }
    }
}

/// Whether every reader, of YAML 1.1 or 1.2, takes this for the text that it is, in a block and not in a flow.
fn is_plain(text: &str) -> bool {
    const RESERVED: &[&str] = &["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let inner = |b: u8| b.is_ascii_alphanumeric() || b"._/:=+@-[]".contains(&b);
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && !text.ends_with(':')
        && text.bytes().all(inner)
        && !RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text))
}
