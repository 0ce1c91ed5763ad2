//! From an answer that is not a success to an [`Error`].
//!
//! The service answers with a flat `google.rpc.Status`, the token exchange of RFC 8693 with that of RFC 6749, section 5.2,
//! and what stands in between with anything.

use serde_json::Value;

use crate::error::{Error, ErrorCode};
use crate::header;
use crate::http::Response;
use crate::redact;
use crate::timestamp::UnixTime;

/// Bodies beyond this are not looked at.
const MAX_BODY_LEN: usize = 64 * 1024;
const MAX_MESSAGE_CHARS: usize = 300;
const MAX_REQUEST_ID_LEN: usize = 128;

pub(crate) fn read(response: &Response, now: UnixTime) -> Error {
    let status = response.status;
    let html = is_html(response);
    let body: Value = if html || response.body.len() > MAX_BODY_LEN {
        Value::Null
    } else {
        serde_json::from_slice(&response.body).unwrap_or(Value::Null)
    };
    let code = match status {
        300..=399 => ErrorCode::RedirectRefused,
        408 => ErrorCode::Timeout,
        429 => ErrorCode::RateLimited,
        500..=599 => ErrorCode::ServerError,
        _ if html => ErrorCode::HtmlResponse,
        400 => ErrorCode::BadRequest,
        401 => ErrorCode::Unauthenticated,
        403 => ErrorCode::PermissionDenied,
        404 => ErrorCode::NotFound,
        409 => ErrorCode::Conflict,
        _ => ErrorCode::UnexpectedStatus,
    };
    let message = match words(&body) {
        Some(words) => format!("the service answered {status}: `{words}`"),
        None if html => format!("a web page came with status {status} in place of the service's answer"),
        None => format!("the service answered {status} and did not say why"),
    };
    Error::new(code, message)
        .with_hint(hint(code))
        .with_status(status)
        .with_request_id(request_id(response, &body))
        .with_retry_after_millis(retry_after_millis(response, now))
}

/// Whether the service itself refused because of what a clock can have done: in its own words, and not in a proxy's.
pub(crate) fn may_be_the_clock(response: &Response) -> bool {
    if !matches!(response.status, 400 | 401 | 403) || response.body.len() > MAX_BODY_LEN {
        return false;
    }
    let body: Value = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
    let text = |name: &str| body.get(name).is_some_and(Value::is_string);
    let is_status = body.get("code").is_some_and(Value::is_number) && text("message");
    is_status || text("error")
}

fn hint(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::BadRequest | ErrorCode::Unauthenticated => {
            "check that the key still exists in the cloud, belongs to this service account and this installation, and that this machine's clock is right"
        }
        ErrorCode::PermissionDenied => "give the service account the role that it needs",
        ErrorCode::NotFound => "check the ID and the endpoint",
        ErrorCode::Conflict => "look whether it exists already; if somebody else is changing it, try again later",
        ErrorCode::RateLimited => "ask less often: keep one set of credentials for the whole process",
        ErrorCode::RedirectRefused => {
            "credentials do not follow redirects: set the endpoint to where the service really is"
        }
        ErrorCode::HtmlResponse => "a proxy or a login page stands in the way: let it pass the endpoint",
        ErrorCode::ServerError | ErrorCode::Timeout => {
            "try again later; if it stays, give the request ID to the service's support"
        }
        _ => "check that the endpoint is the service and not something else",
    }
}

pub(crate) fn is_html(response: &Response) -> bool {
    let declared = response
        .header("content-type")
        .is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"));
    declared || response.body.trim_ascii_start().starts_with(b"<")
}

/// The service's own words: `message` of a Status, or `error_description` or `error` of OAuth.
fn words(body: &Value) -> Option<String> {
    let text = ["message", "error_description", "error"]
        .iter()
        .find_map(|name| body.get(name)?.as_str())?;
    let words = redact::quote(text, MAX_MESSAGE_CHARS);
    (!words.is_empty()).then_some(words)
}

/// From the `google.rpc.RequestInfo` among the details, else from the header.
fn request_id(response: &Response, body: &Value) -> Option<String> {
    let from_details = body
        .get("details")
        .and_then(Value::as_array)
        .and_then(|details| details.iter().find_map(|detail| detail.get("requestId")?.as_str()));
    let from_header = response.header("x-request-id");
    let mut ids = from_details.into_iter().chain(from_header);
    ids.find(|id| is_request_id(id)).map(str::to_owned)
}

/// What is shown as it is must be no credential that somebody in between, or a service, repeats.
fn is_request_id(text: &str) -> bool {
    text.len() <= MAX_REQUEST_ID_LEN && header::is_token68(text) && redact::redact(text) == text
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date that is read against the answer's own `Date`.
fn retry_after_millis(response: &Response, now: UnixTime) -> Option<i64> {
    let value = response.header("retry-after")?.trim();
    if let Ok(secs) = value.parse::<u32>() {
        return Some(i64::from(secs) * 1000);
    }
    let date = response
        .header("date")
        .and_then(UnixTime::parse_http_date)
        .unwrap_or(now);
    Some(UnixTime::parse_http_date(value)?.millis_since(date).max(0))
}
