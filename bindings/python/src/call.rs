//! A task under way, behind a lock: the core has none of its own.

use std::sync::Mutex;

use pyo3::prelude::*;
use yc_iam::api::{CallOptions, CallStep};
use yc_iam::{EffectId, Outcome, Secret};

use crate::answer;
use crate::endpoints::Endpoints;
use crate::errors::{self, raise};
use crate::lock::locked;
use crate::outcome;
use crate::pickling::not_picklable;
use crate::steps::{Fail, Wait, perform};
use crate::task::Task;
use crate::time::time;

/// One use of a token: says what to do at each time, and takes what came of it.
///
/// `timeout`: after how many seconds to give up. `entropy`: 16 random bytes, new ones for each call.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct Call {
    call: Mutex<yc_iam::api::Call>,
    whole_list: bool,
}

#[pymethods]
impl Call {
    #[new]
    #[pyo3(signature = (task, endpoints, timeout, entropy))]
    fn new(task: &Task, endpoints: &Endpoints, timeout: Option<f64>, entropy: [u8; 16]) -> PyResult<Self> {
        let options = CallOptions {
            endpoints: endpoints.0.clone(),
            timeout_millis: timeout.map(|secs| (secs * 1000.0) as i64),
            entropy,
        };
        Ok(Self {
            call: Mutex::new(yc_iam::api::Call::new(task.take()?, options)),
            whole_list: task.whole_list,
        })
    }

    /// What to do now, `now` being the local time in seconds since the epoch. Polling too often changes nothing.
    #[pyo3(signature = (now, /))]
    fn poll(&self, py: Python<'_>, now: f64) -> PyResult<Py<PyAny>> {
        let now = time(now)?;
        Ok(match locked(py, &self.call, |call| call.poll(now)) {
            CallStep::Authorize { refused, until } => {
                let refused = refused.map(|token| token.expose().to_owned());
                let until = until.as_secs_f64();
                Py::new(py, Authorize { refused, until })?.into_any()
            }
            CallStep::Perform(effect) => perform(py, effect)?,
            CallStep::Wait { until } => Py::new(
                py,
                Wait {
                    until: until.as_secs_f64(),
                    in_flight: false,
                },
            )?
            .into_any(),
            CallStep::Done(answer) => {
                let answer = answer::to_python(py, answer, self.whole_list)?;
                Py::new(py, Done { answer })?.into_any()
            }
            CallStep::Fail(error) => {
                let error = errors::exception(py, &error)?.unbind();
                Py::new(py, Fail { error })?.into_any()
            }
        })
    }

    /// Takes the token that was asked for.
    #[pyo3(signature = (token_value, /))]
    fn authorize(&self, py: Python<'_>, #[pyo3(from_py_with = crate::given::text)] token_value: String) {
        let token = Secret::new(token_value);
        locked(py, &self.call, |call| call.authorize(&token));
    }

    /// Takes what came of an effect: a `Response`, whatever its status, or how it failed and what the failure said, of
    /// which secrets are taken out. Raises as `Session.complete` does.
    #[pyo3(signature = (id, now, outcome, /))]
    fn complete(
        &self,
        py: Python<'_>,
        id: u64,
        now: f64,
        #[pyo3(from_py_with = outcome::read)] outcome: Outcome,
    ) -> PyResult<()> {
        let now = time(now)?;
        locked(py, &self.call, |call| call.complete(EffectId(id), now, outcome)).map_err(raise)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_picklable("Call", "make one in each process"))
    }
}

/// Get a token, and give it to the call.
#[pyclass(frozen, get_all, module = "yc_iam._core")]
pub(crate) struct Authorize {
    /// A token that the service answered 401 to: drop it first.
    refused: Option<String>,
    /// When the call's time is over, by the local clock: poll again without a token then.
    until: f64,
}

/// This came of it.
#[pyclass(frozen, get_all, module = "yc_iam._core")]
pub(crate) struct Done {
    /// What the task says.
    answer: Py<PyAny>,
}
