//! What is exchanged for an IAM token, as a request; and the answer, as a token or an error.

use serde_json::Value;

use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorCode};
use crate::header;
use crate::http::{Request, Response};
use crate::json;
use crate::secret::Secret;
use crate::service_error;
use crate::timestamp::UnixTime;
use crate::token::AccessToken;

const TIMEOUT_MILLIS: u32 = 10_000;

/// No answer with a token is larger than this.
const MAX_ANSWER_LEN: usize = 64 * 1024;

/// A token lives for twelve hours at most: <https://yandex.cloud/en/docs/iam/concepts/authorization/iam-token>.
const MAX_LIFETIME_MILLIS: i64 = 12 * 3_600_000;

/// Asks for an IAM token in exchange for a signed JWT.
#[must_use]
pub fn jwt_request(endpoints: &Endpoints, jwt: &Secret) -> Request {
    tokens_request(endpoints, "jwt", jwt)
}

fn tokens_request(endpoints: &Endpoints, field: &str, credential: &Secret) -> Request {
    let body = json::object(&[(field, json::string(credential.expose()))]);
    let url = endpoints.tokens_url();
    Request {
        method: "POST",
        // Plain http is for loopback addresses, which are another machine's behind a proxy.
        use_proxy: url.starts_with("https://"),
        url,
        headers: vec![
            ("content-type", Secret::new("application/json".to_owned())),
            ("accept", Secret::new("application/json".to_owned())),
            (
                "user-agent",
                Secret::new(concat!("yc-iam/", env!("CARGO_PKG_VERSION")).to_owned()),
            ),
        ],
        body: Some(Secret::new(body)),
        timeout_millis: TIMEOUT_MILLIS,
    }
}

/// Reads the answer `{"iamToken", "expiresAt"}`. `now` is the time by the service's clock, as far as it is known.
///
/// A token that claims to live for more than twelve hours is taken, but not trusted for longer than that.
///
/// # Errors
/// An [`Error`] for whatever is not such an answer.
pub fn read_token(response: &Response, now: UnixTime) -> Result<AccessToken, Error> {
    let answer = read_object(response, now)?;
    token_in(&answer, now).map_err(|error| error.with_status(response.status))
}

fn token_in(answer: &Value, now: UnixTime) -> Result<AccessToken, Error> {
    let value = json::required_str(answer, "iamToken")?;
    if !header::is_token68(value) {
        return Err(Error::new(
            ErrorCode::InvalidToken,
            "the answer's `iamToken` holds characters that no token has",
        )
        .with_hint("something between here and the service changes its answers"));
    }
    let expires_at = json::required_str(answer, "expiresAt")?;
    let expires_at = UnixTime::parse_rfc3339(expires_at)
        .ok_or_else(|| json::invalid_response("the answer's `expiresAt` is not an RFC 3339 time".to_owned()))?;
    if expires_at <= now {
        let late = now.millis_since(expires_at) / 1000;
        return Err(Error::new(
            ErrorCode::TokenExpired,
            format!("the new token ended {late} s ago by this machine's clock"),
        )
        .with_hint("set this machine's clock, best by NTP"));
    }
    Ok(AccessToken {
        value: Secret::new(value.to_owned()),
        expires_at: expires_at.min(now.plus_millis(MAX_LIFETIME_MILLIS)),
        issued_at: now,
    })
}

/// The JSON object of a successful answer.
fn read_object(response: &Response, now: UnixTime) -> Result<Value, Error> {
    if !(200..=299).contains(&response.status) {
        return Err(service_error::read(response, now));
    }
    let fail =
        |code, message: &str, hint: &str| Err(Error::new(code, message).with_hint(hint).with_status(response.status));
    if response.body.len() > MAX_ANSWER_LEN {
        let message = format!(
            "the answer has {} bytes, more than any answer with a token",
            response.body.len()
        );
        return fail(
            ErrorCode::OversizeResponse,
            &message,
            "check that the endpoint is the service and not something else",
        );
    }
    if response.body.trim_ascii().is_empty() {
        return fail(
            ErrorCode::EmptyResponse,
            "the answer has no body",
            "try again; if it stays, look at the proxy in between",
        );
    }
    if service_error::is_html(response) {
        let message = "a web page came in place of the service's answer";
        return fail(
            ErrorCode::HtmlResponse,
            message,
            "a proxy or a login page stands in the way: let it pass the endpoint",
        );
    }
    match serde_json::from_slice(&response.body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => fail(
            ErrorCode::InvalidResponse,
            "the answer's JSON is not an object",
            "check the endpoint",
        ),
        Err(error) if error.is_eof() => fail(
            ErrorCode::TruncatedResponse,
            "the answer ends in the middle",
            "try again",
        ),
        Err(_) => fail(
            ErrorCode::InvalidResponse,
            "the answer is not JSON",
            "check the endpoint",
        ),
    }
}
