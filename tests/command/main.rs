//! Runs the command's vectors; the format is in `tests/README.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod command_lines;
#[path = "../common/mod.rs"]
mod common;
mod host;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use yc_iam::Request;

use common::{Checked, bytes, each, same, text};
use host::{Ended, Host, list};

fn check_jwt(output: &str, expected: &Value) -> Checked {
    let parts: Vec<&str> = output.trim_end().split('.').collect();
    let decoded = |part: &str| String::from_utf8(Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap();
    same("parts", parts.len(), 3)?;
    same("header", decoded(parts[0]).as_str(), text(expected, "header"))?;
    same("claims", decoded(parts[1]).as_str(), text(expected, "claims"))?;
    same("signature", Base64UrlUnpadded::decode_vec(parts[2]).unwrap().len(), 256)
}

fn check_request(request: &Request, expected: &Value) -> Checked {
    same("method", request.method, text(expected, "method"))?;
    same("url", request.url.as_str(), text(expected, "url"))?;
    let header = request.headers.iter().find(|(name, _)| name == "authorization");
    let bearer = header.map(|(_, value)| value.expose());
    same("authorization", bearer, expected["authorization"].as_str())?;
    match expected["body"].as_str() {
        Some(body) => same("body", request.body.as_ref().map(|body| body.expose()), Some(body)),
        None => Ok(()),
    }
}

fn check(case: &Value, ended: &Ended, requests: &[Request]) -> Checked {
    let output = String::from_utf8_lossy(&ended.output);
    same("code", Some(u64::from(ended.code)), case["code"].as_u64())
        .map_err(|problem| format!("{problem}: {} {output}", ended.errors))?;
    let (expected, errors) = (&case["output"], &ended.errors);
    if expected.is_object() {
        same("output", ended.output.clone(), bytes(expected)).map_err(|problem| format!("{problem}: {output}"))?;
    }
    if let Some(value) = case.get("output_json") {
        let found: Value = serde_json::from_slice(&ended.output).map_err(|error| format!("{error}: {output}"))?;
        same("output_json", &found, value)?;
        same("line break", output.ends_with('\n'), true)?;
    }
    if case["output_jwt"].is_object() {
        check_jwt(&output, &case["output_jwt"])?;
    }
    if let Some(expected) = case["errors"].as_str() {
        same("errors", errors.as_str(), expected)?;
    }
    if let Some(expected) = case.get("errors_json") {
        let found: Value = serde_json::from_str(errors).map_err(|error| format!("{error}: {errors}"))?;
        for (name, value) in expected.as_object().unwrap() {
            same(name, &found["error"][name], value)?;
        }
    }
    for (what, shown) in [("output_says", &*output), ("errors_say", errors)] {
        for said in list(&case[what]) {
            let said = said.as_str().unwrap();
            same(&format!("{what} {said:?} in {shown}"), shown.contains(said), true)?;
        }
    }
    for hidden in list(&case["hides"]).chain(list(&case["errors_hide"])) {
        let hidden = hidden.as_str().unwrap();
        same(&format!("{hidden:?} in {errors}"), errors.contains(hidden), false)?;
    }
    for hidden in list(&case["hides"]) {
        let hidden = hidden.as_str().unwrap();
        same(&format!("{hidden:?} in {output}"), output.contains(hidden), false)?;
    }
    same("nothing on standard error", ended.code > 1, !errors.is_empty())?;
    same(
        "nothing on standard output",
        ended.code > 1 && !output.is_empty(),
        false,
    )?;
    let expected: Vec<&Value> = list(&case["requests"]).collect();
    same("number of requests", requests.len(), expected.len())?;
    requests
        .iter()
        .zip(expected)
        .try_for_each(|(request, expected)| check_request(request, expected))
}

#[test]
fn commands() {
    each("commands", |case| {
        let mut host = Host::new(case);
        let ended = host.run()?;
        check(case, &ended, &host.requests)
    });
}
