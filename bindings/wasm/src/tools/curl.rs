//! The exchange as a command line.

use wasm_bindgen::prelude::*;
use yc_iam::{Endpoints, Secret, jwt_curl};

use crate::errors::thrown;
use crate::overrides::read_overrides;

/// A command for a POSIX shell; the endpoints are those that `Endpoints.describe` of the main module gives.
#[wasm_bindgen(js_name = jwtCurl)]
pub fn jwt_curl_of(endpoints: JsValue, jwt: String) -> Result<String, JsValue> {
    let endpoints = Endpoints::custom(read_overrides(&endpoints)?).map_err(thrown)?;
    Ok(jwt_curl(&endpoints, &Secret::new(jwt)).expose().to_owned())
}
