//! Environment variables as Python sees them.

use pyo3::prelude::*;
use pyo3::types::PyString;

/// A mapping from names to values.
pub(crate) struct Environment<'py>(Bound<'py, PyAny>);

impl<'py> Environment<'py> {
    /// This mapping, or `os.environ`: what a program changes there counts at once.
    pub(crate) fn new(py: Python<'py>, given: Option<Bound<'py, PyAny>>) -> PyResult<Self> {
        Ok(Self(match given {
            Some(mapping) => mapping,
            None => py.import("os")?.getattr("environ")?,
        }))
    }

    /// The value of a variable, if it is set. What is not UTF-8 in it becomes a character that nothing accepts.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        let value = self.0.get_item(name).ok()?;
        let value = value.cast::<PyString>().ok()?;
        Some(value.to_string_lossy().into_owned())
    }
}
