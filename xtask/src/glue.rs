//! The JavaScript glue round a module: what wasm-bindgen generates, and what that does not check: that a string is a string.
//!
//! Given something else, it hands a wrong length to the module, which writes past its memory and stops, and with it every
//! key and every session of the program. No caller can do that by mistake.

use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::failure::{Failure, Result};
use crate::repo::{self, Repo};
use crate::stamp::Stamp;

/// What passes a value into the module's memory, and what is checked before.
const CHECKS: [(&str, &str); 3] = [
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

/// Writes `<name>.js`, `<name>.d.ts` and `<name>_bg.wasm` into a directory, and returns the last one's path.
pub fn generate(repo: &Repo, name: &str, compiled: &Path, directory: &Path) -> Result<PathBuf> {
    let glued = directory.join(format!("{name}_bg.wasm"));
    let stamp = Stamp::new(
        directory.join(format!("{name}.glue.stamp")),
        // The options and checks are in this file, and wasm-bindgen's version is in the lock file.
        include_str!("glue.rs"),
        &[compiled, &repo.path("Cargo.lock")],
    )?;
    if stamp.is_current() && glued.is_file() {
        return Ok(glued);
    }
    repo::make_directory(directory)?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name(name)
        .typescript(true)
        .omit_default_module_path(true)
        // A trap leaves an instance unusable: `__wbg_reset_state` replaces it, and objects of the old one are refused.
        .reset_state_function(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(directory))
        .map_err(|error| Failure::new(format!("wasm-bindgen could not make the glue: {error:#}")))?;
    let script = directory.join(format!("{name}.js"));
    let text = String::from_utf8_lossy(&repo::read(&script)?).into_owned();
    repo::write(&script, checked(text)?)?;
    stamp.record()?;
    Ok(glued)
}

/// The glue with these checks.
fn checked(mut glue: String) -> Result<String> {
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
