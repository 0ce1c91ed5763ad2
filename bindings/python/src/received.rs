//! What the emulator saw, and what it answers.

use pyo3::prelude::*;
use yc_iam::emulator::Delivery;

use crate::http::Response;

/// One request as the emulator received it, with every credential taken out, and what became of it.
#[pyclass(frozen, module = "yc_iam.testing")]
pub(crate) struct Received(pub(crate) yc_iam::emulator::Received);

#[pymethods]
impl Received {
    /// When, in seconds since the epoch, by the emulator's clock.
    #[getter]
    fn at(&self) -> f64 {
        self.0.at.as_secs_f64()
    }

    /// The method.
    #[getter]
    fn method(&self) -> &str {
        &self.0.method
    }

    /// Path and query.
    #[getter]
    fn target(&self) -> &str {
        &self.0.target
    }

    /// Names and values.
    #[getter]
    fn headers(&self) -> Vec<(String, String)> {
        self.0.headers.clone()
    }

    /// The body as text.
    #[getter]
    fn body(&self) -> &str {
        &self.0.body
    }

    /// The JWT's header as JSON text, where there was a JWT.
    #[getter]
    fn jwt_header(&self) -> Option<&str> {
        self.0.jwt_header.as_deref()
    }

    /// The JWT's claims as JSON text, where there was a JWT.
    #[getter]
    fn jwt_claims(&self) -> Option<&str> {
        self.0.jwt_claims.as_deref()
    }

    /// Whether it was accepted, though the answer may not have arrived.
    #[getter]
    fn accepted(&self) -> bool {
        self.0.verdict.is_accepted()
    }

    /// What was decided, in words.
    #[getter]
    fn verdict(&self) -> String {
        self.0.verdict.to_string()
    }

    /// The answer's status.
    #[getter]
    fn status(&self) -> u16 {
        self.0.status
    }

    /// The answer's request ID; empty where it has none.
    #[getter]
    fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// The ordered faults that struck it, in words.
    #[getter]
    fn faults(&self) -> Vec<String> {
        self.0.faults.clone()
    }

    fn __repr__(&self) -> String {
        let yc_iam::emulator::Received {
            method,
            target,
            status,
            verdict,
            ..
        } = &self.0;
        format!("Received(method='{method}', target='{target}', status={status}, verdict='{verdict}')")
    }
}

/// What the emulator answers, and how it is to reach the client.
#[pyclass(frozen, get_all, module = "yc_iam._core")]
pub(crate) struct Reply {
    /// The whole answer.
    response: Py<Response>,
    /// How many seconds to wait before anything is sent.
    delay: f64,
    /// How many bytes of the body arrive before the connection closes; `None`: nothing at all is sent.
    sent: Option<usize>,
}

/// The answer as Python sees it.
pub(crate) fn reply(py: Python<'_>, reply: yc_iam::emulator::Reply) -> PyResult<Reply> {
    let sent = match reply.delivery {
        Delivery::Whole => Some(reply.response.body.len()),
        Delivery::Truncated(len) => Some(len),
        Delivery::Dropped => None,
    };
    let delay = reply.delay_millis as f64 / 1000.0;
    Ok(Reply {
        response: Py::new(py, Response(reply.response))?,
        delay,
        sent,
    })
}
