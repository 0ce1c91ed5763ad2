//! Pickling, which objects that hold a secret refuse.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

/// Why an object that holds a secret is not pickled or copied.
pub(crate) fn not_picklable(name: &str, instead: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "`{name}` holds a secret and is not pickled or copied: {instead}"
    ))
}
