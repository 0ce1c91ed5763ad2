//! What came of an effect, as Python reports it.

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use yc_iam::{Failure, FailureKind, Outcome};

use crate::errors::raise;
use crate::given;
use crate::http::Response;

/// A `Response`, the bytes of what was read, or a pair of how it failed and what the failure said.
pub(crate) fn read(given: &Bound<'_, PyAny>) -> PyResult<Outcome> {
    if let Ok(response) = given.cast::<Response>() {
        return Ok(Outcome::Response(response.get().0.clone()));
    }
    if given.cast::<PyTuple>().is_err() {
        return given::bytes(given).map(Outcome::File);
    }
    let (kind, detail) = given.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
    failure(&given::text(&kind)?, given::text(&detail)?).map(Outcome::Failure)
}

/// How something failed, and what the failure said.
pub(crate) fn failure(kind: &str, detail: String) -> PyResult<Failure> {
    let kind = FailureKind::from_name(kind).map_err(raise)?;
    Ok(Failure { kind, detail })
}
