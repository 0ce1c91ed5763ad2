//! An IAM token in Python's hands.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use yc_iam::AccessToken;

use crate::given::not_called;
use crate::pickling::not_picklable;

/// An IAM token. Neither `str()` nor `repr()` shows it: `value` does.
#[pyclass(frozen, eq, module = "yc_iam", weakref)]
#[derive(PartialEq)]
pub(crate) struct Token(pub(crate) AccessToken);

#[pymethods]
impl Token {
    /// There for its error alone.
    #[new]
    #[pyo3(signature = (*_given, **_named), text_signature = None)]
    fn new(_given: &Bound<'_, PyTuple>, _named: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        Err(not_called(
            "Token",
            "credentials give one, such as `Credentials.fixed(value).token()`",
        ))
    }

    /// The token itself: what goes after `Bearer ` in the `Authorization` header.
    #[getter]
    fn value(&self) -> &str {
        self.0.value.expose()
    }

    /// When it ends, in seconds since the epoch, by the service's clock.
    #[getter]
    fn expires_at(&self) -> f64 {
        self.0.expires_at.as_secs_f64()
    }

    /// When it was received, in seconds since the epoch, by the service's clock as far as it is known.
    #[getter]
    fn issued_at(&self) -> f64 {
        self.0.issued_at.as_secs_f64()
    }

    /// The value of the `Authorization` header: `Bearer ` and the token.
    fn authorization(&self) -> String {
        self.0.authorization().expose().to_owned()
    }

    fn __repr__(&self) -> String {
        format!(
            "Token(value='[redacted]', expires_at={}, issued_at={})",
            self.expires_at(),
            self.issued_at()
        )
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_picklable("Token", "pass on its `value`"))
    }
}
