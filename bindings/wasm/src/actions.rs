//! What a host is to do, as plain objects. The TypeScript side declares the same shapes in `core.ts`.

use js_sys::Uint8Array;
use yc_iam::Action;

use crate::http;
use crate::plain::Plain;

/// `{type: "http" | "readFile" | "readVariable" | "readInput" | "supply" | "sign", timeout, …}`
pub(crate) fn action(action: &Action) -> Plain {
    let timeout = f64::from(action.timeout_millis()) / 1000.0;
    let kind = |kind: &str| Plain::new().with("type", kind).with("timeout", timeout);
    match action {
        Action::Http(request) => http::request(request),
        Action::ReadFile(path) => kind("readFile").with("path", path.as_str()),
        Action::ReadVariable(name) => kind("readVariable").with("name", name.as_str()),
        Action::ReadInput => kind("readInput"),
        Action::Supply => kind("supply"),
        Action::Sign(input) => kind("sign").with("input", Uint8Array::from(input.as_str().as_bytes())),
    }
}
