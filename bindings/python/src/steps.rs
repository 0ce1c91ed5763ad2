//! What a session says, as small Python objects.

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use yc_iam::{Action, Effect, Step};

use crate::errors;
use crate::http::Request;
use crate::token::Token;

/// Use this token.
#[pyclass(frozen, get_all, module = "yc_iam._core")]
pub(crate) struct Use {
    /// The token.
    token: Py<Token>,
    /// Until this time, by the local clock, every poll gives this same answer.
    fresh_until: f64,
}

/// Do this, report it under its ID, and poll again.
#[pyclass(frozen, get_all, module = "yc_iam._core")]
pub(crate) struct Perform {
    /// To be handed back with what came of it.
    id: u64,
    /// A `Request` to send, a file or a variable to read, a supplier to call, or bytes to sign.
    action: Py<PyAny>,
}

#[pymethods]
impl Perform {
    /// The same, with a request's time-out cut to so many seconds.
    #[pyo3(signature = (secs, /))]
    fn within(&self, py: Python<'_>, secs: f64) -> PyResult<Self> {
        let action = match self.action.cast_bound::<Request>(py) {
            Ok(request) => {
                let mut request = request.get().0.clone();
                let millis = (secs * 1000.0).ceil() as u32;
                request.timeout_millis = request.timeout_millis.min(millis.max(1));
                Py::new(py, Request(request))?.into_any()
            }
            Err(_) => self.action.clone_ref(py),
        };
        Ok(Self { id: self.id, action })
    }
}

/// Poll again at a time, or as soon as an effect has been completed.
#[pyclass(frozen, get_all, module = "yc_iam._core")]
pub(crate) struct Wait {
    /// When to poll again at the latest, by the local clock.
    pub(crate) until: f64,
    /// Whether somebody else's effect is under way; otherwise a back-off runs.
    pub(crate) in_flight: bool,
}

/// There is no token; a later poll may try again.
#[pyclass(frozen, get_all, module = "yc_iam._core")]
pub(crate) struct Fail {
    /// The exception to raise.
    pub(crate) error: Py<PyAny>,
}

#[pymethods]
impl Fail {
    /// Once raised, the error holds the frame that raised it, and that frame may hold this: only so does the garbage
    /// collector see the circle.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.error)
    }
}

/// Read this file.
#[pyclass(frozen, get_all, module = "yc_iam._core")]
pub(crate) struct ReadFile {
    /// Its path.
    path: String,
    /// The seconds that it may take.
    timeout: f64,
}

/// Read this environment variable.
#[pyclass(frozen, get_all, module = "yc_iam._core")]
pub(crate) struct ReadVariable {
    /// Its name.
    name: String,
    /// The seconds that it may take.
    timeout: f64,
}

/// Read standard input to its end; only the command asks for it.
#[pyclass(frozen, get_all, module = "yc_iam._core")]
pub(crate) struct ReadInput {
    /// The seconds that it may take.
    timeout: f64,
}

/// Get a subject token from the program's own supplier.
#[pyclass(frozen, get_all, module = "yc_iam._core")]
pub(crate) struct Supply {
    /// The seconds that it may take.
    timeout: f64,
}

/// Sign these bytes with PS256 and the session's key.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct Sign {
    input: yc_iam::SigningInput,
    /// The seconds that it may take.
    #[pyo3(get)]
    timeout: f64,
}

#[pymethods]
impl Sign {
    /// The bytes to sign.
    #[getter]
    fn input<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.input.as_str().as_bytes())
    }
}

/// The step as Python sees it.
pub(crate) fn to_python(py: Python<'_>, step: Step) -> PyResult<Py<PyAny>> {
    Ok(match step {
        Step::Use { token, fresh_until } => {
            let token = Py::new(py, Token(token))?;
            Py::new(
                py,
                Use {
                    token,
                    fresh_until: fresh_until.as_secs_f64(),
                },
            )?
            .into_any()
        }
        Step::Perform(effect) => perform(py, effect)?,
        Step::Wait { until, in_flight } => Py::new(
            py,
            Wait {
                until: until.as_secs_f64(),
                in_flight,
            },
        )?
        .into_any(),
        Step::Fail(error) => Py::new(
            py,
            Fail {
                error: errors::exception(py, &error)?.unbind(),
            },
        )?
        .into_any(),
    })
}

/// The effect as Python sees it.
pub(crate) fn perform(py: Python<'_>, effect: Effect) -> PyResult<Py<PyAny>> {
    let timeout = f64::from(effect.action.timeout_millis()) / 1000.0;
    let action = match effect.action {
        Action::Http(request) => Py::new(py, Request(request))?.into_any(),
        Action::ReadFile(path) => Py::new(py, ReadFile { path, timeout })?.into_any(),
        Action::ReadVariable(name) => Py::new(py, ReadVariable { name, timeout })?.into_any(),
        Action::ReadInput => Py::new(py, ReadInput { timeout })?.into_any(),
        Action::Supply => Py::new(py, Supply { timeout })?.into_any(),
        Action::Sign(input) => Py::new(py, Sign { input, timeout })?.into_any(),
    };
    let id = effect.id.0;
    Ok(Py::new(py, Perform { id, action })?.into_any())
}
