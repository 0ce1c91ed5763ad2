//! Locks that no thread holds while it waits for the interpreter.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;

/// What this thread waits for is never held by one that waits for the interpreter: nobody attaches under a lock.
pub(crate) fn locked<T: Send, R: Send>(py: Python<'_>, mutex: &Mutex<T>, work: impl FnOnce(&mut T) -> R + Send) -> R {
    py.detach(|| work(&mut mutex.lock().unwrap_or_else(PoisonError::into_inner)))
}
