//! Comparisons that say what is different.

use std::fmt::Debug;

use serde_json::Value;
use yc_iam::Error;

use super::Checked;

pub(crate) fn same<T: PartialEq + Debug>(what: &str, found: T, expected: T) -> Checked {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what} is {found:?}, not {expected:?}"))
    }
}

/// Times are exact to a millisecond.
pub(crate) fn close(what: &str, found: f64, expected: f64) -> Checked {
    if (found - expected).abs() < 0.0005 {
        Ok(())
    } else {
        Err(format!("{what} is {found}, not {expected}"))
    }
}

/// Compares an error with what the vector says of it; what it does not mention may be anything.
pub(crate) fn check_error(error: &Error, expected: &Value) -> Checked {
    let found = [
        ("code", Value::from(error.code().as_str())),
        ("fault", Value::from(error.fault().as_str())),
        ("transient", Value::from(error.transient())),
        ("status", error.status().map_or(Value::Null, Value::from)),
        ("request_id", error.request_id().map_or(Value::Null, Value::from)),
    ];
    for (name, found) in found {
        if let Some(expected) = expected.get(name)
            && found != *expected
        {
            return Err(format!("{name} is {found}, not {expected}, in {error:?}"));
        }
    }
    match (expected.get("retry_after"), error.retry_after()) {
        (None, _) | (Some(Value::Null), None) => {}
        (Some(expected), Some(found)) if expected.is_number() => {
            close("retry_after", found, expected.as_f64().unwrap_or(-1.0))?
        }
        (Some(expected), found) => return Err(format!("retry_after is {found:?}, not {expected}")),
    }
    for said in texts(expected, "says") {
        if !error.to_string().contains(said) {
            return Err(format!("`{said}` is not in: {error}"));
        }
    }
    let everything = format!("{error} {error:?} {} {}", error.message(), error.hint());
    // `Debug` escapes line breaks and the like, so what is hidden is looked for in both spellings.
    for hidden in texts(expected, "hides") {
        let escaped = format!("{hidden:?}");
        if everything.contains(hidden) || (hidden.len() > 2 && everything.contains(escaped.trim_matches('"'))) {
            return Err(format!("{hidden:?} is to be seen in {everything:?}"));
        }
    }
    wording(error)
}

/// Lower case and no full stop; every error says what to do.
fn wording(error: &Error) -> Checked {
    let message = error.message();
    let begins_well = message.chars().next().is_some_and(|c| !c.is_uppercase())
        || ["TLS", "PS256"].iter().any(|name| message.starts_with(name));
    if !begins_well || message.ends_with('.') || error.hint().ends_with('.') || message.contains('\n') {
        return Err(format!("not worded as errors are: {error}"));
    }
    if error.hint().is_empty() {
        return Err(format!("no hint in: {error}"));
    }
    Ok(())
}

fn texts<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a str> {
    value[name].as_array().into_iter().flatten().filter_map(Value::as_str)
}
