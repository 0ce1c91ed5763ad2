//! What the generated glue does not check: that a string is a string.
//!
//! Given something else, it hands a wrong length to the module, which writes past its memory and stops, and with it every
//! key and every session of the program. No caller can do that by mistake.

use crate::failure::{Failure, Result};

/// What passes a value into the module's memory, and what is checked before.
pub const CHECKS: [(&str, &str); 3] = [
    (
        "function passStringToWasm0(arg, malloc, realloc) {\n",
        "    if (typeof arg !== 'string') throw new TypeError('a string was expected, and something else was given');\n",
    ),
    (
        "function passArray8ToWasm0(arg, malloc) {\n",
        "    if (!ArrayBuffer.isView(arg) || arg.BYTES_PER_ELEMENT !== 1) throw new TypeError('a Uint8Array was expected');\n",
    ),
    (
        "function passArrayJsValueToWasm0(array, malloc) {\n",
        "    if (!Array.isArray(array)) throw new TypeError('an array was expected');\n    \
         for (let i = 0; i < array.length; i++) {\n        \
         if (typeof array[i] !== 'string') throw new TypeError('an array of strings was expected');\n    }\n",
    ),
];

/// The glue with these checks.
pub fn checked(mut glue: String) -> Result<String> {
    for (start, check) in CHECKS {
        let name = start.split('(').next().unwrap_or(start);
        if let Some((before, after)) = glue.split_once(start) {
            glue = format!("{before}{start}{check}{after}");
        } else if glue.contains(name) {
            return Err(Failure::new(format!(
                "wasm-bindgen writes `{name}` in another way than xtask/src/glue.rs knows: look at it there"
            )));
        }
    }
    Ok(glue)
}
