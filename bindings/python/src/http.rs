//! Requests and responses as the transports see them.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::pickling::not_picklable;

/// An HTTP request, complete. Send it as it is, and follow no redirect: it holds a credential.
#[pyclass(frozen, module = "yc_iam")]
pub(crate) struct Request(pub(crate) yc_iam::Request);

#[pymethods]
impl Request {
    /// `GET`, `POST` or another method of RFC 9110.
    #[getter]
    fn method(&self) -> &'static str {
        self.0.method
    }

    /// An absolute URL.
    #[getter]
    fn url(&self) -> &str {
        &self.0.url
    }

    /// Header names in lower case, and their values; several of one name as a list with commas (RFC 9110, section 5.3).
    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let headers = PyDict::new(py);
        for (name, value) in &self.0.headers {
            match headers.get_item(name)? {
                Some(before) => headers.set_item(name, format!("{before}, {}", value.expose()))?,
                None => headers.set_item(name, value.expose())?,
            }
        }
        Ok(headers)
    }

    /// The body's bytes, or `None` where the method has no body.
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.0
            .body
            .as_ref()
            .map(|body| PyBytes::new(py, body.expose().as_bytes()))
    }

    /// After how many seconds without a whole answer to give up.
    #[getter]
    fn timeout(&self) -> f64 {
        f64::from(self.0.timeout_millis) / 1000.0
    }

    /// Whether the environment's proxy settings apply.
    #[getter]
    fn use_proxy(&self) -> bool {
        self.0.use_proxy
    }

    /// The only certificate authorities to trust, PEM; `None`: the system's.
    #[getter]
    fn ca_certificate(&self) -> Option<&str> {
        self.0.ca_certificate.as_deref()
    }

    fn __repr__(&self) -> String {
        format!(
            "Request(method='{}', url='{}', headers and body [redacted])",
            self.0.method, self.0.url
        )
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_picklable("Request", "send it where it was made"))
    }
}

/// An HTTP response as it came, whatever its status. The body's content coding, if any, is undone.
///
/// `headers` is a mapping or an iterable of pairs; `body` is the whole body.
#[pyclass(frozen, module = "yc_iam")]
pub(crate) struct Response(pub(crate) yc_iam::Response);

#[pymethods]
impl Response {
    #[new]
    fn new(
        status: u16,
        headers: &Bound<'_, PyAny>,
        #[pyo3(from_py_with = crate::given::bytes)] body: Vec<u8>,
    ) -> PyResult<Self> {
        Ok(Self(yc_iam::Response {
            status,
            headers: pairs(headers)?,
            body,
        }))
    }

    /// The status code.
    #[getter]
    fn status(&self) -> u16 {
        self.0.status
    }

    /// Header names in any case, and their values.
    #[getter]
    fn headers(&self) -> Vec<(String, String)> {
        self.0.headers.clone()
    }

    /// The body's bytes.
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.body)
    }

    fn __repr__(&self) -> String {
        let names: Vec<_> = self.0.headers.iter().map(|(name, _)| name.as_str()).collect();
        format!(
            "Response(status={}, headers={names:?}, body=[{} bytes])",
            self.0.status,
            self.0.body.len()
        )
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_picklable("Response", "use it where it was received"))
    }
}

/// The pairs of a mapping or of an iterable of pairs.
pub(crate) fn pairs(headers: &Bound<'_, PyAny>) -> PyResult<Vec<(String, String)>> {
    let items = match headers.getattr_opt("items")? {
        Some(items) => items.call0()?,
        None => headers.clone(),
    };
    // An error here could quote a header's value: say only which type was expected.
    let wrong = |_| PyTypeError::new_err("headers are a mapping or an iterable of pairs of strings");
    items
        .try_iter()
        .map_err(wrong)?
        .map(|pair| pair?.extract::<(String, String)>().map_err(wrong))
        .collect()
}
