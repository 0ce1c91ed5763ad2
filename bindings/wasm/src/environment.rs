//! Environment variables as JavaScript sees them.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// An object like `process.env`.
pub(crate) struct Environment<'a>(pub(crate) &'a JsValue);

impl Environment<'_> {
    /// The value of a variable, if it is set.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        Reflect::get(self.0, &JsValue::from_str(name)).ok()?.as_string()
    }
}
