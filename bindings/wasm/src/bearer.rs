//! What a request with a token needs to know, for hosts that send it in their own way.

use wasm_bindgen::prelude::*;

/// The name of the header that a token goes into.
#[wasm_bindgen(js_name = authorizationHeader)]
pub fn authorization_header() -> String {
    yc_iam::api::AUTHORIZATION.to_owned()
}

/// Whether an answer with this status says that the token was not accepted.
#[wasm_bindgen(js_name = isRefusal)]
pub fn is_refusal(status: u16) -> bool {
    yc_iam::api::is_refusal(status)
}

/// Whether a gRPC call that ended with this status says the same.
#[wasm_bindgen(js_name = isGrpcRefusal)]
pub fn is_grpc_refusal(code: u32) -> bool {
    yc_iam::api::is_grpc_refusal(code)
}
