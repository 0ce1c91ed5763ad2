//! The Python face of `yc-iam`: names and conversions, nothing else. Clock, network and threads are Python's.

mod answer;
mod bearer;
mod call;
mod command;
mod emulated;
mod emulator;
mod endpoints;
mod environment;
mod errors;
mod explain;
mod fork;
mod given;
mod http;
mod http1;
mod issuer;
mod key;
mod kubernetes;
mod lock;
mod outcome;
mod pickling;
mod received;
mod session;
mod source;
mod steps;
mod task;
mod time;
mod token;

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// Bodies of answers, arguments and what a parser leaves behind hold keys and tokens as well.
#[global_allocator]
static ALLOCATOR: yc_iam_wiping::Wiping = yc_iam_wiping::Wiping;

// A free-threaded interpreter takes its GIL back for this module: nothing was ever seen to work there without one.
/// The credential core, compiled. Import its names from `yc_iam`.
#[pymodule(gil_used = true)]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::answer::LockboxPayload;
    #[pymodule_export]
    use super::bearer::is_grpc_refusal;
    #[pymodule_export]
    use super::call::{Authorize, Call, Done};
    #[pymodule_export]
    use super::command::{AuthorizeWith, Emulate, Exit, Program};
    #[pymodule_export]
    use super::emulated::{EmulatedCluster, EmulatedResources, cluster_tls};
    #[pymodule_export]
    use super::emulator::Emulator;
    #[pymodule_export]
    use super::endpoints::Endpoints;
    #[pymodule_export]
    use super::errors::{error_codes, redact};
    #[pymodule_export]
    use super::explain::explain;
    #[pymodule_export]
    use super::http::{Request, Response};
    #[pymodule_export]
    use super::http1::{Message, ResponseReader};
    #[pymodule_export]
    use super::issuer::{Issuer, TokenFile, generate_private_key};
    #[pymodule_export]
    use super::key::ServiceAccountKey;
    #[pymodule_export]
    use super::kubernetes::{Cluster, ExecPlugin, ServiceAccountSecret, exec_credential, kubeconfig};
    #[pymodule_export]
    use super::received::{Received, Reply};
    #[pymodule_export]
    use super::session::Session;
    #[pymodule_export]
    use super::source::{Source, SubjectToken};
    #[pymodule_export]
    use super::steps::{Fail, Perform, ReadFile, ReadInput, ReadVariable, Sign, Supply, Use, Wait};
    #[pymodule_export]
    use super::task::Task;
    #[pymodule_export]
    use super::token::Token;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::refuse_another_interpreter(module.py())?;
        super::fork::register(module.py())?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}

/// Types and exceptions are kept once in a process: in a second interpreter, `except YcIamError` would catch nothing.
/// CPython itself keeps interpreters with a GIL of their own out, since 3.12; the others share it and come here.
fn refuse_another_interpreter(py: Python<'_>) -> PyResult<()> {
    // Each interpreter has its own `sys`. That of the first is kept, so that no other is ever taken for it.
    static HOME: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let sys = py.import("sys")?;
    if HOME.get_or_init(py, || sys.clone().unbind()).is(&sys) {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "another interpreter of this process has loaded yc_iam._core, and subinterpreters cannot share it",
    ))
}
