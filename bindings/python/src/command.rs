//! The command `yc-iam`, behind a lock: the core has none of its own.

use std::sync::Mutex;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use yc_iam::command::{self, CredentialsChoice, HostError, ProgramOptions, ProgramStep};
use yc_iam::{EffectId, Outcome};

use crate::endpoints::Endpoints;
use crate::environment::Environment;
use crate::errors::raise;
use crate::lock::locked;
use crate::outcome;
use crate::pickling::not_picklable;
use crate::source::Source;
use crate::steps::{Wait, perform};
use crate::time::time;
use crate::token::Token;

/// One run of the command.
///
/// `arguments`: without the program's own name. `entropy`: 16 random bytes. `environ`: `os.environ` by default.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct Program(Mutex<command::Program>);

#[pymethods]
impl Program {
    #[new]
    #[pyo3(signature = (arguments, entropy, stdin_is_terminal, environ=None))]
    fn new<'py>(
        py: Python<'py>,
        #[pyo3(from_py_with = crate::given::texts)] arguments: Vec<String>,
        entropy: [u8; 16],
        stdin_is_terminal: bool,
        environ: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let environment = Environment::new(py, environ)?;
        let options = ProgramOptions {
            arguments: &arguments,
            variable: &|name| environment.variable(name),
            entropy,
            stdin_is_terminal,
        };
        Ok(Self(Mutex::new(command::Program::new(&options))))
    }

    /// What to do now, `now` being the local time in seconds since the epoch.
    #[pyo3(signature = (now, /))]
    fn poll(&self, py: Python<'_>, now: f64) -> PyResult<Py<PyAny>> {
        let now = time(now)?;
        Ok(match locked(py, &self.0, |program| program.poll(now)) {
            ProgramStep::Perform(effect) => perform(py, effect)?,
            ProgramStep::Authorize { credentials, refused } => {
                let refused = refused.map(|token| token.expose().to_owned());
                Py::new(
                    py,
                    AuthorizeWith {
                        choice: credentials,
                        refused,
                    },
                )?
                .into_any()
            }
            ProgramStep::Wait { until } => Py::new(
                py,
                Wait {
                    until: until.as_secs_f64(),
                    in_flight: false,
                },
            )?
            .into_any(),
            ProgramStep::Emulate(settings) => Py::new(py, Emulate(settings))?.into_any(),
            ProgramStep::Exit { code, output, errors } => {
                let output = PyBytes::new(py, output.expose()).unbind();
                Py::new(py, Exit { code, output, errors })?.into_any()
            }
            // What this version does not know.
            _ => py.None(),
        })
    }

    /// Takes what came of an effect: a `Response`, whatever its status; the content of a file, a variable or standard
    /// input; or how it failed and what the failure said, of which secrets are taken out. Raises as `Session.complete`
    /// does.
    #[pyo3(signature = (id, now, outcome, /))]
    fn complete(
        &self,
        py: Python<'_>,
        id: u64,
        now: f64,
        #[pyo3(from_py_with = outcome::read)] outcome: Outcome,
    ) -> PyResult<()> {
        let now = time(now)?;
        locked(py, &self.0, |program| program.complete(EffectId(id), now, outcome)).map_err(raise)
    }

    /// Takes the token that was asked for.
    #[pyo3(signature = (token, /))]
    fn authorize(&self, py: Python<'_>, token: &Token) {
        locked(py, &self.0, |program| program.authorize(&token.0));
    }

    /// Takes a `YcIamError`: why there is no token.
    #[pyo3(signature = (error, /))]
    fn fail(&self, py: Python<'_>, error: &Bound<'_, PyAny>) -> PyResult<()> {
        let code: String = error.getattr("code")?.extract()?;
        let message = error.str()?.to_string();
        let hint: String = error.getattr("hint")?.extract()?;
        let request_id: Option<String> = error.getattr("request_id")?.extract()?;
        let error = HostError {
            code: &code,
            message: &message,
            hint: &hint,
            status: error.getattr("status")?.extract()?,
            request_id: request_id.as_deref(),
        };
        locked(py, &self.0, |program| program.fail(error));
        Ok(())
    }

    /// Takes that the emulator was interrupted, or how it failed: `file` if the key could not be written.
    #[pyo3(signature = (kind=None, detail=String::new(), /))]
    fn emulated(
        &self,
        py: Python<'_>,
        kind: Option<&str>,
        #[pyo3(from_py_with = crate::given::text)] detail: String,
    ) -> PyResult<()> {
        let failure = kind.map(|kind| outcome::failure(kind, detail)).transpose()?;
        locked(py, &self.0, |program| program.emulated(failure));
        Ok(())
    }

    /// Takes why standard output could not be written; the next step ends the process with that.
    #[pyo3(signature = (detail, /))]
    fn unwritten(&self, py: Python<'_>, #[pyo3(from_py_with = crate::given::text)] detail: String) {
        locked(py, &self.0, |program| program.unwritten(&detail));
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_picklable("Program", "make one in each process"))
    }
}

/// Get a token of these credentials, the same each time, and give it to the program.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct AuthorizeWith {
    choice: CredentialsChoice,
    refused: Option<String>,
}

#[pymethods]
impl AuthorizeWith {
    /// A token that the service answered 401 to: drop it first.
    #[getter]
    fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }

    /// Where the services are.
    #[getter]
    fn endpoints(&self) -> Endpoints {
        Endpoints(self.choice.endpoints.clone())
    }

    /// Where the credentials come from. `environ`: `os.environ` by default. Raises `YcIamError`.
    #[pyo3(signature = (environ=None))]
    fn source<'py>(&self, py: Python<'py>, environ: Option<Bound<'py, PyAny>>) -> PyResult<Source> {
        let choice = self.choice.clone();
        Source::seeing(&Environment::new(py, environ)?, "yc-iam", move |variable| {
            choice.source(variable)
        })
    }
}

/// Run the emulator until it is interrupted.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct Emulate(command::EmulatorSettings);

#[pymethods]
impl Emulate {
    /// The port; 0 for a free one.
    #[getter]
    fn port(&self) -> u16 {
        self.0.port
    }

    /// Where to write the key file, which must not be there yet; `None`: a temporary one.
    #[getter]
    fn key_file(&self) -> Option<&str> {
        self.0.key_file.as_deref()
    }

    /// How many seconds a token lives; `None`: the emulator's default.
    #[getter]
    fn token_lifetime(&self) -> Option<u32> {
        self.0.token_lifetime
    }

    /// By how many seconds a JWT's times may be off; `None`: the emulator's default.
    #[getter]
    fn clock_tolerance(&self) -> Option<u32> {
        self.0.clock_tolerance
    }

    /// What to write to standard output once it runs at this URL and its key is in this file.
    #[pyo3(signature = (url, key_file, /))]
    fn announcement(&self, url: &str, key_file: &str) -> String {
        self.0.announcement(url, key_file)
    }
}

/// Write these to standard output and standard error, and end the process with the code.
#[pyclass(frozen, get_all, module = "yc_iam._core")]
pub(crate) struct Exit {
    /// The exit code.
    code: u8,
    /// For standard output.
    output: Py<PyBytes>,
    /// For standard error.
    errors: String,
}
