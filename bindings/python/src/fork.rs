//! No process is copied while a key signs: AWS-LC aborts in a child that inherits a key half used.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread::sleep;
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use yc_iam::{DefaultSigner, Error, Ps256Signer};

/// How many signatures are being made. Not behind a mutex: that could be copied while it is locked.
static SIGNING: AtomicUsize = AtomicUsize::new(0);
/// How many threads are about to fork.
static FORKING: AtomicUsize = AtomicUsize::new(0);

/// A signature takes milliseconds and waits for nothing; these ten seconds are for a machine that is starved.
const NAP: Duration = Duration::from_micros(200);
const NAPS: usize = 50_000;

/// A signer that waits while the process forks.
pub(crate) struct Signer(pub(crate) DefaultSigner);

impl Ps256Signer for Signer {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let _turn = Turn::wait_for();
        self.0.sign(message)
    }
}

struct Turn;

impl Turn {
    fn wait_for() -> Self {
        // Counted before the look: a fork that is not seen here sees this.
        for _ in 0..NAPS {
            SIGNING.fetch_add(1, SeqCst);
            if FORKING.load(SeqCst) == 0 {
                return Self;
            }
            SIGNING.fetch_sub(1, SeqCst);
            sleep(NAP);
        }
        SIGNING.fetch_add(1, SeqCst);
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        SIGNING.fetch_sub(1, SeqCst);
    }
}

#[pyfunction]
fn before(py: Python<'_>) {
    FORKING.fetch_add(1, SeqCst);
    py.detach(|| {
        let signs = |_: &usize| SIGNING.load(SeqCst) > 0;
        (0..NAPS).take_while(signs).for_each(|_| sleep(NAP));
    });
}

#[pyfunction]
fn after_in_parent() {
    FORKING.fetch_sub(1, SeqCst);
}

/// Whoever else signed or forked is not here.
#[pyfunction]
fn after_in_child() {
    SIGNING.store(0, SeqCst);
    FORKING.store(0, SeqCst);
}

/// Has Python call these whenever it forks. What is registered later is called earlier before a fork: the locks of
/// credentials are taken, and their signatures made, while keys still sign.
pub(crate) fn register(py: Python<'_>) -> PyResult<()> {
    let os = py.import("os")?;
    // Windows has no fork.
    if !os.hasattr("register_at_fork")? {
        return Ok(());
    }
    let hooks = PyDict::new(py);
    hooks.set_item("before", wrap_pyfunction!(before, py)?)?;
    hooks.set_item("after_in_parent", wrap_pyfunction!(after_in_parent, py)?)?;
    hooks.set_item("after_in_child", wrap_pyfunction!(after_in_child, py)?)?;
    os.call_method("register_at_fork", (), Some(&hooks)).map(drop)
}
