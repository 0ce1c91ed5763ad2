//! Text, bytes and lists as Python gives them.
//!
//! PyO3's own `Vec` reserves as much as `__len__` says before it looks at the first item: a `range` of a few bytes could end
//! the process. Its own `str` raises an error that carries the whole text where it is no Unicode, and the text may be a secret.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMapping, PyMemoryView, PySequence, PyString};

/// A `str`. A lone surrogate in it becomes a character that nothing accepts.
pub(crate) fn text(given: &Bound<'_, PyAny>) -> PyResult<String> {
    match given.cast::<PyString>() {
        Ok(text) => Ok(text.to_string_lossy().into_owned()),
        Err(_) => Err(unexpected("str", given)),
    }
}

/// `bytes`, or what is like them.
pub(crate) fn bytes(given: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = given.cast::<PyBytes>() {
        Ok(bytes.as_bytes().to_vec())
    } else if let Ok(bytes) = given.cast::<PyByteArray>() {
        Ok(bytes.to_vec())
    } else if given.is_instance_of::<PyMemoryView>() {
        let copy = given.call_method0("tobytes")?;
        Ok(copy.cast::<PyBytes>()?.as_bytes().to_vec())
    } else {
        Err(unexpected("bytes", given))
    }
}

/// A mapping, or what has `keys` as one has.
pub(crate) fn mapping(given: &Bound<'_, PyAny>) -> PyResult<()> {
    if given.is_instance_of::<PyMapping>() || given.hasattr(intern!(given.py(), "keys"))? {
        return Ok(());
    }
    Err(unexpected("a mapping", given))
}

/// A sequence of `str`.
pub(crate) fn texts(given: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if given.is_instance_of::<PyString>() || given.cast::<PySequence>().is_err() {
        return Err(unexpected("a list of str", given));
    }
    given.try_iter()?.map(|item| text(&item?)).collect()
}

/// The same, or `None`.
pub(crate) fn optional_texts(given: &Bound<'_, PyAny>) -> PyResult<Option<Vec<String>>> {
    if given.is_none() {
        return Ok(None);
    }
    texts(given).map(Some)
}

/// Why a class is not called: what makes objects of it instead.
pub(crate) fn not_called(name: &str, instead: &str) -> PyErr {
    PyTypeError::new_err(format!("`{name}` is not called itself: {instead}"))
}

fn unexpected(wanted: &str, given: &Bound<'_, PyAny>) -> PyErr {
    match given.get_type().name() {
        Ok(given) => PyTypeError::new_err(format!("{wanted} was expected, not `{given}`")),
        Err(error) => error,
    }
}
