//! What credentials say of themselves.

use pyo3::prelude::*;
use yc_iam::diagnose::{self, ExpectedIdentity, ExplainOptions};

use crate::endpoints::Endpoints;
use crate::errors::raise;
use crate::time::time;

/// Explains a key, a token or a JWT: as JSON, and as text. `federation` and `credential` are the API's JSON, which an
/// external token is compared with. Raises `UsageError` if they are not.
#[pyfunction]
#[pyo3(signature = (content, now, endpoints, federation=None, credential=None, /))]
pub(crate) fn explain(
    content: &[u8],
    now: f64,
    endpoints: &Endpoints,
    federation: Option<&[u8]>,
    credential: Option<&[u8]>,
) -> PyResult<(String, String)> {
    let expected = match (federation, credential) {
        (None, None) => None,
        _ => Some(ExpectedIdentity::from_json(federation, credential).map_err(raise)?),
    };
    let explanation = diagnose::explain(
        content,
        &ExplainOptions {
            now: time(now)?,
            endpoints: &endpoints.0,
            expected: expected.as_ref(),
        },
    );
    Ok((explanation.to_json(), explanation.to_text()))
}
