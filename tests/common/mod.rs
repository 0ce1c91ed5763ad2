//! What the runners share: reading vectors, making what they name, and comparing errors.
//!
//! A check gives `Err` with a sentence instead of panicking, so that a runner can show every case that fails.

#![allow(dead_code, unused_imports, reason = "each test binary uses its own part")]

pub(crate) mod call_scene;
pub(crate) mod call_world;
pub(crate) mod dates;
pub(crate) mod dice;
pub(crate) mod entropy;
mod expect;
mod flow;
pub(crate) mod openssl;
mod read;
pub(crate) mod request;
pub(crate) mod source_world;
mod sources;
pub(crate) mod tasks;
pub(crate) mod world;

pub(crate) use expect::{check_error, close, same};
pub(crate) use flow::{EMPTY_SIGNATURE, Walk, answer, at, outside_session, poll};
pub(crate) use read::{bytes, cases, endpoints, folder, key, key_texts, load, number, pem, text};
pub(crate) use sources::source;

use serde_json::Value;

/// What a check says.
pub(crate) type Checked<T = ()> = Result<T, String>;

/// Runs a check over every case of a vector file, then fails with all that went wrong.
pub(crate) fn each(file: &str, check: impl Fn(&Value) -> Checked) {
    let cases = cases(file);
    assert!(!cases.is_empty(), "{file} has no cases");
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            check(case)
                .err()
                .map(|problem| format!("{}: {problem}", text(case, "name")))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases of {file} fail:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}
