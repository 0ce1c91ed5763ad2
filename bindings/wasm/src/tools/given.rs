//! Plain objects that JavaScript gives. What is of another type is a mistake in the calling program, and its error the
//! language's own.

use js_sys::{Array, Object, Reflect, TypeError};
use wasm_bindgen::prelude::*;

/// An object of which every field is known.
pub(super) struct Given<'a>(&'a JsValue);

impl<'a> Given<'a> {
    /// `undefined` counts as an empty object.
    pub(super) fn new(what: &str, value: &'a JsValue, known: &[&str]) -> Result<Self, TypeError> {
        if value.is_undefined() {
            return Ok(Self(value));
        }
        let object = value
            .dyn_ref::<Object>()
            .ok_or_else(|| TypeError::new(&format!("{what} is not an object")))?;
        let names = Object::keys(object);
        let unknown = names
            .iter()
            .filter_map(|name| name.as_string())
            .find(|name| !known.contains(&name.as_str()));
        match unknown {
            Some(name) => {
                let name = yc_iam::redact(&name);
                Err(TypeError::new(&format!("{what} has no field called `{name}`")))
            }
            None => Ok(Self(value)),
        }
    }

    /// The field; `undefined` counts as not given.
    pub(super) fn field(&self, name: &str) -> Option<JsValue> {
        let value = Reflect::get(self.0, &JsValue::from_str(name)).unwrap_or_default();
        (!value.is_undefined()).then_some(value)
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, TypeError> {
        self.read(name, "a string", |value| value.as_string())
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, TypeError> {
        self.read(name, "a boolean", |value| value.as_bool())
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<f64>, TypeError> {
        self.read(name, "a number", |value| value.as_f64())
    }

    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, TypeError> {
        self.read(name, "an array of strings", |value| {
            let list = value.dyn_into::<Array>().ok()?;
            list.iter().map(|text| text.as_string()).collect()
        })
    }

    pub(super) fn pairs(&self, name: &str) -> Result<Option<Vec<(String, String)>>, TypeError> {
        self.read(name, "an object of strings", |value| {
            let entries = Object::entries(value.dyn_ref::<Object>()?);
            let pair = |entry: JsValue| {
                let entry = entry.dyn_into::<Array>().ok()?;
                Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
            };
            entries.iter().map(pair).collect()
        })
    }

    fn read<T>(
        &self,
        name: &str,
        wanted: &str,
        convert: impl FnOnce(JsValue) -> Option<T>,
    ) -> Result<Option<T>, TypeError> {
        let Some(value) = self.field(name) else {
            return Ok(None);
        };
        convert(value)
            .map(Some)
            .ok_or_else(|| TypeError::new(&format!("`{name}` is not {wanted}")))
    }
}
