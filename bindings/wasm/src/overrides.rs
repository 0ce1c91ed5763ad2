//! Base URLs as JavaScript gives them.

use js_sys::{Reflect, TypeError};
use wasm_bindgen::JsValue;
use yc_iam::EndpointOverrides;

use crate::foreign;

/// What is not such an object is a mistake in the calling program, and its error the language's own.
pub(crate) fn read_overrides(given: &JsValue) -> Result<EndpointOverrides, JsValue> {
    let mut overrides = EndpointOverrides::default();
    for name in foreign::names("`endpoints`", given)? {
        let place = match name.as_str() {
            "iam" => &mut overrides.iam,
            "auth" => &mut overrides.auth,
            "metadata" => &mut overrides.metadata,
            "lockbox" => &mut overrides.lockbox,
            "operation" => &mut overrides.operation,
            "audience" => &mut overrides.audience,
            _ => {
                return Err(TypeError::new(&format!("there is no endpoint called `{}`", yc_iam::redact(&name))).into());
            }
        };
        let url = Reflect::get(given, &JsValue::from_str(&name))?;
        if !url.is_undefined() {
            let not_text = || TypeError::new(&format!("the endpoint `{name}` is not a string"));
            *place = Some(url.as_string().ok_or_else(not_text)?);
        }
    }
    Ok(overrides)
}
