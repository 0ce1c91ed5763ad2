//! Plain objects that JavaScript gives. What is of another type is a mistake in the calling program, and its error the
//! language's own.

use js_sys::{Reflect, TypeError};
use wasm_bindgen::prelude::*;

use crate::foreign;

/// An object of which every field is known.
pub(super) struct Given<'a>(&'a JsValue);

impl<'a> Given<'a> {
    /// `undefined` counts as an empty object.
    pub(super) fn new(what: &str, value: &'a JsValue, known: &[&str]) -> Result<Self, JsValue> {
        if value.is_undefined() {
            return Ok(Self(value));
        }
        let names = foreign::names(what, value)?;
        let unknown = names.into_iter().find(|name| !known.contains(&name.as_str()));
        match unknown {
            Some(name) => {
                let name = yc_iam::redact(&name);
                Err(TypeError::new(&format!("{what} has no field called `{name}`")).into())
            }
            None => Ok(Self(value)),
        }
    }

    /// The field; `undefined` counts as not given.
    pub(super) fn field(&self, name: &str) -> Result<Option<JsValue>, JsValue> {
        if self.0.is_undefined() {
            return Ok(None);
        }
        let value = Reflect::get(self.0, &JsValue::from_str(name))?;
        Ok((!value.is_undefined()).then_some(value))
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, JsValue> {
        self.read(name, "a string", |value| Ok(value.as_string()))
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, JsValue> {
        self.read(name, "a boolean", |value| Ok(value.as_bool()))
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<f64>, JsValue> {
        self.read(name, "a number", |value| Ok(value.as_f64()))
    }

    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, JsValue> {
        self.read(name, "an array of strings", foreign::texts)
    }

    pub(super) fn pairs(&self, name: &str) -> Result<Option<Vec<(String, String)>>, JsValue> {
        self.read(name, "an object of strings", |value| {
            let pairs = foreign::fields(&format!("`{name}`"), value)?.into_iter();
            Ok(pairs.map(|(name, value)| Some((name, value.as_string()?))).collect())
        })
    }

    fn read<T>(
        &self,
        name: &str,
        wanted: &str,
        convert: impl FnOnce(&JsValue) -> Result<Option<T>, JsValue>,
    ) -> Result<Option<T>, JsValue> {
        let Some(value) = self.field(name)? else {
            return Ok(None);
        };
        match convert(&value)? {
            Some(converted) => Ok(Some(converted)),
            None => Err(TypeError::new(&format!("`{name}` is not {wanted}")).into()),
        }
    }
}
