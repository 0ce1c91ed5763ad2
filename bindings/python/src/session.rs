//! The session, behind a lock: the core has none of its own.

use std::sync::Mutex;

use pyo3::prelude::*;
use yc_iam::{EffectId, Outcome, Secret, SessionOptions};

use crate::endpoints::Endpoints;
use crate::errors::raise;
use crate::lock::locked;
use crate::outcome;
use crate::pickling::not_picklable;
use crate::source::Source;
use crate::steps;
use crate::time::time;

/// Credentials at work: says what to do at each time, and takes what came of it. Any thread may call it.
///
/// `seed` is any number that differs from process to process.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct Session(Mutex<yc_iam::Session>);

#[pymethods]
impl Session {
    #[new]
    #[pyo3(signature = (source, endpoints, seed))]
    fn new(source: &Source, endpoints: &Endpoints, seed: u64) -> PyResult<Self> {
        let options = SessionOptions {
            endpoints: endpoints.0.clone(),
            seed,
        };
        Ok(Self(Mutex::new(yc_iam::Session::new(source.make()?, options))))
    }

    /// What to do now, `now` being the local time in seconds since the epoch. Polling too often changes nothing.
    #[pyo3(signature = (now, /))]
    fn poll(&self, py: Python<'_>, now: f64) -> PyResult<Py<PyAny>> {
        let now = time(now)?;
        steps::to_python(py, locked(py, &self.0, |session| session.poll(now)))
    }

    /// Takes what came of an effect: a `Response`, whatever its status; the content of a file or a variable, or what a
    /// supplier gave; or how it failed and what the failure said, of which secrets are taken out.
    ///
    /// Raises `UsageError` for an effect that was never issued or asked for something else. A report that comes after
    /// its effect was given up is dropped.
    #[pyo3(signature = (id, now, outcome, /))]
    fn complete(
        &self,
        py: Python<'_>,
        id: u64,
        now: f64,
        #[pyo3(from_py_with = outcome::read)] outcome: Outcome,
    ) -> PyResult<()> {
        let now = time(now)?;
        locked(py, &self.0, |session| session.complete(EffectId(id), now, outcome)).map_err(raise)
    }

    /// Takes a raw PS256 signature, as `complete` takes the rest.
    #[pyo3(signature = (id, now, signature, /))]
    fn complete_signature(
        &self,
        py: Python<'_>,
        id: u64,
        now: f64,
        #[pyo3(from_py_with = crate::given::bytes)] signature: Vec<u8>,
    ) -> PyResult<()> {
        self.complete(py, id, now, Outcome::Signature(signature))
    }

    /// Drops the token because a service answered 401 to it. Ignored unless this is still the current one.
    /// True if it was dropped.
    #[pyo3(signature = (token_value, /))]
    fn invalidate(&self, py: Python<'_>, #[pyo3(from_py_with = crate::given::text)] token_value: String) -> bool {
        let value = Secret::new(token_value);
        locked(py, &self.0, |session| session.invalidate(&value))
    }

    /// Goes on in a process that was forked off, with a seed of its own. The token, if there is one, serves both.
    #[pyo3(signature = (seed, /))]
    fn forked(&self, py: Python<'_>, seed: u64) {
        locked(py, &self.0, |session| session.forked(seed));
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_picklable("Session", "make one in each process"))
    }
}
