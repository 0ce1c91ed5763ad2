//! Plain objects, built field by field: a tenth of the code that deriving them costs in the module.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// An object without behaviour. A `None` becomes `undefined`.
pub(crate) struct Plain(Object);

impl Plain {
    pub(crate) fn new() -> Self {
        Self(Object::new())
    }

    pub(crate) fn with(self, name: &str, value: impl Into<JsValue>) -> Self {
        // Fails only for objects that were frozen or have setters, and this one is new.
        let _ = Reflect::set(&self.0, &JsValue::from_str(name), &value.into());
        self
    }
}

impl From<Plain> for JsValue {
    fn from(plain: Plain) -> Self {
        plain.0.into()
    }
}
