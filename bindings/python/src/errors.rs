//! The one place where the core's error becomes a Python exception.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use yc_iam::{Error, ErrorCode};

/// The exception for an error; its class follows from the error's fault.
pub(crate) fn raise(error: Error) -> PyErr {
    Python::attach(|py| match exception(py, &error) {
        Ok(exception) => PyErr::from_value(exception),
        Err(failure) => failure,
    })
}

/// The exception as an object, not raised.
pub(crate) fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    static FROM_CORE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    FROM_CORE.import(py, "yc_iam.errors", "_from_core")?.call1((
        error.to_string(),
        error.code().as_str(),
        error.fault().as_str(),
        error.transient(),
        error.hint(),
        error.status(),
        error.request_id(),
        error.retry_after(),
    ))
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
