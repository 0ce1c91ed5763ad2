//! HTTP/1.1 for the standard transport, which has sockets and leaves `http.client` unimported.

use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::{PyConnectionError, PyMemoryError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use yc_iam::http1::{self, Error, Target};

use crate::http::{Response, pairs};

/// A request on its way: where it goes, and its bytes (RFC 9112). Raises `ValueError` for what cannot be sent.
#[pyclass(frozen, module = "yc_iam")]
pub(crate) struct Message {
    method: String,
    target: Target,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

#[pymethods]
impl Message {
    #[new]
    fn new(method: String, url: &str, headers: &Bound<'_, PyAny>, body: Option<&[u8]>) -> PyResult<Self> {
        Ok(Self {
            method,
            target: Target::parse(url).map_err(raise)?,
            headers: pairs(headers)?,
            body: body.map(<[u8]>::to_vec),
        })
    }

    /// Whether TLS comes first.
    #[getter]
    fn secure(&self) -> bool {
        self.target.secure
    }

    /// A name or an IP address.
    #[getter]
    fn host(&self) -> &str {
        &self.target.host
    }

    #[getter]
    fn port(&self) -> u16 {
        self.target.port
    }

    /// The host, and the port unless it is the scheme's own.
    #[getter]
    fn authority(&self) -> &str {
        &self.target.authority
    }

    /// What is sent to the server; or, with the headers for a proxy, to that.
    #[pyo3(signature = (proxy = None))]
    fn to_bytes<'py>(&self, py: Python<'py>, proxy: Option<&Bound<'_, PyAny>>) -> PyResult<Bound<'py, PyBytes>> {
        let proxy = proxy.map(pairs).transpose()?;
        let body = self.body.as_deref();
        let bytes = http1::request_bytes(&self.method, &self.target, &self.headers, body, proxy.as_deref());
        Ok(PyBytes::new(py, &bytes.map_err(raise)?))
    }

    /// What asks a proxy for a tunnel to the server.
    fn connect<'py>(&self, py: Python<'py>, proxy: &Bound<'_, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = http1::connect_bytes(&self.target, &pairs(proxy)?);
        Ok(PyBytes::new(py, &bytes.map_err(raise)?))
    }
}

/// Reads the answer to a request with this method, of at most so many bytes, from the bytes of a connection.
#[pyclass(frozen, module = "yc_iam")]
pub(crate) struct ResponseReader(Mutex<http1::ResponseReader>);

#[pymethods]
impl ResponseReader {
    #[new]
    fn new(method: &str, most: usize) -> Self {
        Self(Mutex::new(http1::ResponseReader::new(method, most)))
    }

    /// The answer once it is whole. `data`: what came next; empty: the connection ended.
    ///
    /// Raises `ConnectionError` for what is not HTTP/1.1 or not whole, `ValueError` for what is too large, and
    /// `MemoryError`.
    fn feed(&self, data: &[u8]) -> PyResult<Option<Response>> {
        let mut reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(reader.feed(data).map_err(raise)?.map(Response))
    }
}

fn raise(error: Error) -> PyErr {
    match error {
        Error::Answer(_) | Error::BrokenOff => PyConnectionError::new_err(error.to_string()),
        Error::NoMemory => PyMemoryError::new_err(error.to_string()),
        _ => PyValueError::new_err(error.to_string()),
    }
}
