//! What a request with a token needs to know, for libraries that send it in their own way.

use pyo3::prelude::*;

/// Whether a gRPC call that ended with this status says that the token was not accepted.
#[pyfunction]
#[pyo3(signature = (code, /))]
pub(crate) fn is_grpc_refusal(code: u32) -> bool {
    yc_iam::api::is_grpc_refusal(code)
}
