//! Steps as plain objects. The TypeScript side declares the same shapes in `core.ts`.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use yc_iam::{Action, Request, Step};

use crate::errors::object;
use crate::plain::Plain;

/// `{kind: "use" | "perform" | "wait" | "fail", …}`
pub(super) fn step(step: &Step) -> JsValue {
    match step {
        Step::Use { token, fresh_until } => Plain::new()
            .with("kind", "use")
            .with("value", token.value.expose())
            .with("authorization", token.authorization().expose())
            .with("expiresAt", token.expires_at.as_secs_f64())
            .with("issuedAt", token.issued_at.as_secs_f64())
            .with("freshUntil", fresh_until.as_secs_f64()),
        Step::Perform(effect) => Plain::new()
            .with("kind", "perform")
            .with("id", effect.id.0 as f64)
            .with("action", action(&effect.action)),
        Step::Wait { until, in_flight } => Plain::new()
            .with("kind", "wait")
            .with("until", until.as_secs_f64())
            .with("inFlight", *in_flight),
        Step::Fail(error) => Plain::new().with("kind", "fail").with("error", object(error)),
    }
    .into()
}

/// `{type: "http" | "readFile" | "readVariable" | "supply" | "sign", …}`
fn action(action: &Action) -> Plain {
    match action {
        Action::Http(request) => http(request),
        Action::ReadFile(path) => Plain::new().with("type", "readFile").with("path", path.as_str()),
        Action::ReadVariable(name) => Plain::new().with("type", "readVariable").with("name", name.as_str()),
        Action::Supply => Plain::new().with("type", "supply"),
        Action::Sign(input) => Plain::new()
            .with("type", "sign")
            .with("input", Uint8Array::from(input.as_str().as_bytes())),
    }
}

fn http(request: &Request) -> Plain {
    let headers: Array = request
        .headers
        .iter()
        .map(|(name, value)| Array::of2(&name.as_ref().into(), &value.expose().into()))
        .collect();
    Plain::new()
        .with("type", "http")
        .with("method", request.method)
        .with("url", request.url.as_str())
        .with("headers", headers)
        .with("body", request.body.as_ref().map(|body| body.expose()))
        .with("timeout", f64::from(request.timeout_millis) / 1000.0)
        .with("useProxy", request.use_proxy)
}
