//! Times as Python gives them.

use pyo3::prelude::*;
use yc_iam::UnixTime;

use crate::errors::raise;

/// A time in seconds since the epoch, as Python counts them.
pub(crate) fn time(secs: f64) -> PyResult<UnixTime> {
    UnixTime::from_secs_f64(secs).map_err(raise)
}
