//! The one place where the core's error becomes a Python exception.

use pyo3::prelude::*;
use yc_iam::{Error, ErrorCode};

/// The exception for an error; its class follows from the error's fault.
pub(crate) fn raise(error: Error) -> PyErr {
    Python::attach(|py| match exception(py, &error) {
        Ok(exception) => PyErr::from_value(exception),
        Err(failure) => failure,
    })
}

/// The exception as an object, not raised.
///
/// Its class is looked up each time: a program may have imported the package anew. And no line of Python runs: an interpreter that ends
/// stops its daemon threads there, which takes the process down where Rust has called them.
pub(crate) fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let classes = py.import("yc_iam.errors")?.getattr("_BY_FAULT")?;
    let class = classes.get_item(error.fault().as_str())?;
    let exception = class.call_method1("__new__", (&class, error.to_string()))?;
    exception.setattr("code", error.code().as_str())?;
    exception.setattr("fault", error.fault().as_str())?;
    exception.setattr("transient", error.transient())?;
    exception.setattr("hint", error.hint())?;
    exception.setattr("status", error.status())?;
    exception.setattr("request_id", error.request_id())?;
    exception.setattr("retry_after", error.retry_after())?;
    Ok(exception)
}

/// Every error code with its fault, whether it is transient, and what it means in a sentence.
#[pyfunction]
pub(crate) fn error_codes() -> Vec<(&'static str, &'static str, bool, &'static str)> {
    let row = |code: &ErrorCode| {
        (
            code.as_str(),
            code.fault().as_str(),
            code.transient(),
            code.description().trim(),
        )
    };
    ErrorCode::ALL.iter().map(row).collect()
}

/// The text without JWTs, IAM and OAuth tokens, API keys, static keys and PEM blocks.
#[pyfunction]
#[pyo3(signature = (text, /))]
pub(crate) fn redact(#[pyo3(from_py_with = crate::given::text)] text: String) -> String {
    yc_iam::redact(&text)
}
