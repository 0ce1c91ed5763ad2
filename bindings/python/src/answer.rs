//! What calls come to, as Python's objects.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use yc_iam::UnixTime;
use yc_iam::api::{self, Answer, Page};

use crate::errors::raise;
use crate::http::Response;
use crate::pickling::not_picklable;

/// A secret of Lockbox: values by their keys. `repr()` shows the keys only.
#[pyclass(frozen, eq, module = "yc_iam")]
#[derive(PartialEq)]
pub(crate) struct LockboxPayload(api::LockboxPayload);

#[pymethods]
impl LockboxPayload {
    /// The ID of the version that was read.
    #[getter]
    fn version_id(&self) -> &str {
        self.0.version_id()
    }

    /// The keys, in the service's order.
    fn keys(&self) -> Vec<&str> {
        self.0.keys().collect()
    }

    /// The value under a key as text. Raises `UsageError` if there is none, or it is not text.
    #[pyo3(signature = (key, /))]
    fn text(&self, key: &str) -> PyResult<&str> {
        self.0.text(key).map_err(raise)
    }

    /// The value under a key, text or binary, as bytes. Raises `UsageError` if there is none.
    #[pyo3(signature = (key, /))]
    fn bytes<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyBytes>> {
        self.0.bytes(key).map(|value| PyBytes::new(py, value)).map_err(raise)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let keys = self.keys().into_pyobject(py)?.repr()?;
        let version_id = PyString::new(py, self.version_id()).repr()?;
        Ok(format!("LockboxPayload(version_id={version_id}, keys={keys})"))
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_picklable("LockboxPayload", "pass on the values that are needed"))
    }
}

/// The answer as Python sees it.
pub(crate) fn to_python(py: Python<'_>, answer: Answer, whole_list: bool) -> PyResult<Py<PyAny>> {
    Ok(match answer {
        Answer::LockboxPayload(payload) => Py::new(py, LockboxPayload(payload))?.into_any(),
        Answer::FederatedCredential(credential) => federated_credential(py, credential)?,
        Answer::FederatedCredentials(page) => items(py, page, whole_list, federated_credential)?,
        Answer::Federation(it) => federation(py, it)?,
        Answer::Federations(page) => items(py, page, whole_list, federation)?,
        Answer::Operation(it) => operation(py, it)?,
        Answer::Subject(id) => PyString::new(py, &id).into_any().unbind(),
        Answer::Response(response) => Py::new(py, Response(response))?.into_any(),
        // `Nothing`, and what this version does not know.
        _ => py.None(),
    })
}

/// A list if all of it was asked for, else a `Page`.
fn items<T>(
    py: Python<'_>,
    page: Page<T>,
    whole_list: bool,
    convert: impl Fn(Python<'_>, T) -> PyResult<Py<PyAny>>,
) -> PyResult<Py<PyAny>> {
    let items: Vec<_> = page
        .items
        .into_iter()
        .map(|item| convert(py, item))
        .collect::<PyResult<_>>()?;
    if whole_list {
        return Ok(items.into_pyobject(py)?.into_any().unbind());
    }
    made(py, "Page", (items, page.next_page_token))
}

fn federated_credential(py: Python<'_>, it: api::FederatedCredential) -> PyResult<Py<PyAny>> {
    let fields = (
        it.id,
        it.service_account_id,
        it.federation_id,
        it.external_subject_id,
        secs(it.created_at),
    );
    made(py, "FederatedCredential", fields)
}

fn federation(py: Python<'_>, it: api::Federation) -> PyResult<Py<PyAny>> {
    let fields = (
        it.id,
        it.folder_id,
        it.name,
        it.issuer,
        it.audiences,
        it.jwks_url,
        it.description,
        it.disabled,
        it.labels,
        secs(it.created_at),
    );
    made(py, "Federation", fields)
}

fn operation(py: Python<'_>, it: api::Operation) -> PyResult<Py<PyAny>> {
    let fields = (
        it.id,
        it.description,
        secs(it.created_at),
        it.created_by,
        secs(it.modified_at),
        it.done,
        it.metadata,
        it.error.map(|error| (error.code, error.message, error.details)),
        it.response,
    );
    made(py, "_operation_from_core", fields)
}

/// An object of a class that Python knows: these are rare, and hold no secret.
fn made<'py>(py: Python<'py>, name: &str, fields: impl pyo3::call::PyCallArgs<'py>) -> PyResult<Py<PyAny>> {
    py.import("yc_iam.resources")?
        .getattr(name)?
        .call1(fields)
        .map(Bound::unbind)
}

fn secs(time: Option<UnixTime>) -> Option<f64> {
    time.map(UnixTime::as_secs_f64)
}
