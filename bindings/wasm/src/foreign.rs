//! Objects and arrays of the calling program's.
//!
//! Their getters and proxies are code of that program's. What it throws must not fly past Rust's frames, which would never
//! be left: each time, a piece of the stack would be lost. Here it is an `Err`, and ends as what was thrown.

#[cfg(any(feature = "tools", feature = "emulator"))]
use js_sys::Reflect;
use js_sys::{Array, TypeError};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    fn object_keys(object: &JsValue) -> Result<Array, JsValue>;

    #[cfg(any(feature = "tools", feature = "emulator"))]
    #[wasm_bindgen(catch, js_namespace = Object, js_name = entries)]
    fn object_entries(object: &JsValue) -> Result<Array, JsValue>;

    #[cfg(any(feature = "tools", feature = "emulator"))]
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
}

/// The names of an object's fields; `what` is how the error calls something else.
#[cfg(any(feature = "client", feature = "tools"))]
pub(crate) fn names(what: &str, object: &JsValue) -> Result<Vec<String>, JsValue> {
    check(what, object)?;
    Ok(object_keys(object)?
        .iter()
        .filter_map(|name| name.as_string())
        .collect())
}

/// An object's fields, as pairs of a name and a value.
#[cfg(any(feature = "tools", feature = "emulator"))]
pub(crate) fn fields(what: &str, object: &JsValue) -> Result<Vec<(String, JsValue)>, JsValue> {
    check(what, object)?;
    let pair = |pair: JsValue| {
        let pair: Array = pair.unchecked_into();
        Some((pair.get(0).as_string()?, pair.get(1)))
    };
    Ok(object_entries(object)?.iter().filter_map(pair).collect())
}

/// The strings in an array; `None` for anything else.
#[cfg(any(feature = "tools", feature = "emulator"))]
pub(crate) fn texts(array: &JsValue) -> Result<Option<Vec<String>>, JsValue> {
    if !is_array(array)? {
        return Ok(None);
    }
    let length = Reflect::get(array, &JsValue::from_str("length"))?.as_f64();
    let mut texts = Vec::new();
    // An array may claim any length: the first hole in it ends this.
    for index in 0..length.unwrap_or_default() as u32 {
        match Reflect::get_u32(array, index)?.as_string() {
            Some(text) => texts.push(text),
            None => return Ok(None),
        }
    }
    Ok(Some(texts))
}

fn check(what: &str, object: &JsValue) -> Result<(), TypeError> {
    if object.is_object() || object.is_function() {
        return Ok(());
    }
    Err(TypeError::new(&format!("{what} is not an object")))
}
