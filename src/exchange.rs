//! What is exchanged for an IAM token, as a request; and the answer, as a token or an error.

use serde_json::Value;

use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorCode};
use crate::header;
use crate::http::{Request, Response};
use crate::json;
use crate::secret::Secret;
use crate::service_error;
use crate::timestamp::{UnixTime, show_secs};
use crate::token::AccessToken;

/// No answer with a token is larger than this.
const MAX_ANSWER_LEN: usize = 64 * 1024;

/// A token lives for twelve hours at most: <https://yandex.cloud/en/docs/iam/concepts/authorization/iam-token>.
const MAX_LIFETIME_MILLIS: i64 = 12 * 3_600_000;

/// Nor for less than this: whoever waited for it could not use it.
const MIN_LIFETIME_MILLIS: i64 = 1_000;

/// Asks for an IAM token in exchange for a signed JWT.
#[must_use]
pub fn jwt_request(endpoints: &Endpoints, jwt: &Secret) -> Request {
    tokens_request(endpoints, "jwt", jwt)
}

/// Asks for an IAM token in exchange for the OAuth token of a Yandex account.
pub(crate) fn oauth_request(endpoints: &Endpoints, token: &Secret) -> Request {
    tokens_request(endpoints, "yandexPassportOauthToken", token)
}

/// Asks for a token of this service account, with a token that may act as it.
pub(crate) fn impersonation_request(endpoints: &Endpoints, token: &AccessToken, service_account_id: &str) -> Request {
    let body = json::object(&[("serviceAccountId", json::string(service_account_id))]);
    let url = format!("{}:createForServiceAccount", endpoints.tokens_url());
    let mut request = post(url, "application/json", body);
    request.headers.push(("authorization".into(), token.authorization()));
    request
}

/// Asks for an IAM token of this service account in exchange for an external token: RFC 8693, section 2.1.
pub(crate) fn token_exchange_request(endpoints: &Endpoints, service_account_id: &str, token: &Secret) -> Request {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
        .append_pair("requested_token_type", "urn:ietf:params:oauth:token-type:access_token")
        .append_pair("audience", service_account_id)
        .append_pair("subject_token", token.expose())
        .append_pair("subject_token_type", "urn:ietf:params:oauth:token-type:id_token")
        .finish();
    post(
        endpoints.token_exchange_url(),
        "application/x-www-form-urlencoded",
        body,
    )
}

fn tokens_request(endpoints: &Endpoints, field: &str, credential: &Secret) -> Request {
    let body = json::object(&[(field, json::string(credential.expose()))]);
    post(endpoints.tokens_url(), "application/json", body)
}

fn post(url: String, media_type: &str, body: String) -> Request {
    Request::to_service("POST", url, Some((media_type, body)))
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

/// Reads the answer `{"access_token", "token_type", "expires_in"}` of the token exchange (RFC 8693, section 2.2.1) and of
/// the metadata service.
///
/// `expires_in` counts from `answered_at`, the earliest time at which the answer can have been written.
///
/// # Errors
/// An [`Error`] for whatever is not such an answer.
pub(crate) fn read_access_token(
    response: &Response,
    answered_at: UnixTime,
    now: UnixTime,
) -> Result<AccessToken, Error> {
    let answer = read_object(response, now)?;
    access_token_in(&answer, "the answer", answered_at, now).map_err(|error| error.with_status(response.status))
}

/// The token in such an object; `what` names it in messages.
pub(crate) fn access_token_in(
    object: &Value,
    what: &str,
    answered_at: UnixTime,
    now: UnixTime,
) -> Result<AccessToken, Error> {
    let value = json::required_str_of(object, what, "access_token")?;
    let expires_in = match object.get("expires_in") {
        Some(Value::Number(secs)) => secs.as_f64().unwrap_or_default(),
        None | Some(Value::Null) => return Err(json::invalid_response(format!("{what} has no `expires_in`"))),
        Some(_) => {
            return Err(json::invalid_response(format!(
                "{what} has an `expires_in` that is not a number"
            )));
        }
    };
    if !header::is_token68(value) {
        return Err(unfit(what, "access_token"));
    }
    // The cast saturates: what is absurdly large is cut to twelve hours like everything else.
    let life = (expires_in * 1000.0) as i64;
    if life < MIN_LIFETIME_MILLIS {
        return Err(json::invalid_response(format!(
            "{what} has an `expires_in` of `{}`, and a token lives for a second at least",
            show_secs(expires_in)
        )));
    }
    make_token(value, answered_at.plus_millis(life), now)
}

fn token_in(answer: &Value, now: UnixTime) -> Result<AccessToken, Error> {
    let value = json::required_str(answer, "iamToken")?;
    if !header::is_token68(value) {
        return Err(unfit("the answer", "iamToken"));
    }
    let expires_at = json::required_str(answer, "expiresAt")?;
    let expires_at = UnixTime::parse_rfc3339(expires_at)
        .ok_or_else(|| json::invalid_response("the answer's `expiresAt` is not an RFC 3339 time".to_owned()))?;
    make_token(value, expires_at, now)
}

fn unfit(what: &str, field: &str) -> Error {
    let message = format!("{what} has a token in `{field}` with characters that no token has");
    Error::new(ErrorCode::InvalidToken, message).with_hint("something between here and the service changes its answers")
}

fn make_token(value: &str, expires_at: UnixTime, now: UnixTime) -> Result<AccessToken, Error> {
    check_life(expires_at, now)?;
    Ok(AccessToken {
        value: Secret::new(value.to_owned()),
        expires_at: expires_at.min(now.plus_millis(MAX_LIFETIME_MILLIS)),
        issued_at: now,
    })
}

/// Refuses a new token that nobody could use: or each caller would ask for another, as fast as the service answers.
pub(crate) fn check_life(expires_at: UnixTime, now: UnixTime) -> Result<(), Error> {
    let left = expires_at.millis_since(now);
    if left >= MIN_LIFETIME_MILLIS {
        return Ok(());
    }
    let message = if left > 0 {
        "the new token ends within a second".to_owned()
    } else {
        format!("the new token ended {} s ago", -left / 1000)
    };
    Err(Error::new(ErrorCode::TokenExpired, message).with_hint("set this machine's clock, best by NTP"))
}

/// The external token in an answer: in a field of its JSON, or the whole of it.
///
/// # Errors
/// An [`Error`] for whatever is not such an answer. What the token is worth is not judged here.
pub(crate) fn read_subject_token(response: &Response, field: Option<&str>, now: UnixTime) -> Result<Secret, Error> {
    let token = match field {
        Some(field) => json::required_str(&read_object(response, now)?, field)
            .map_err(|error| error.with_status(response.status))?
            .to_owned(),
        None => {
            check_body(response, MAX_ANSWER_LEN, now)?;
            String::from_utf8_lossy(&response.body).into_owned()
        }
    };
    Ok(Secret::new(token))
}

/// The JSON object of a successful answer with a token.
fn read_object(response: &Response, now: UnixTime) -> Result<Value, Error> {
    read_object_up_to(response, MAX_ANSWER_LEN, now)
}

/// The JSON object of a successful answer that has so many bytes at most.
pub(crate) fn read_object_up_to(response: &Response, max_len: usize, now: UnixTime) -> Result<Value, Error> {
    check_body(response, max_len, now)?;
    let fail =
        |code, message: &str, hint: &str| Err(Error::new(code, message).with_hint(hint).with_status(response.status));
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

/// Whether the answer is a success with a body that can be one.
fn check_body(response: &Response, max_len: usize, now: UnixTime) -> Result<(), Error> {
    if !(200..=299).contains(&response.status) {
        return Err(service_error::read(response, now));
    }
    let fail =
        |code, message: &str, hint: &str| Err(Error::new(code, message).with_hint(hint).with_status(response.status));
    if response.body.len() > max_len {
        let message = format!(
            "the answer has {} bytes, more than any answer of the service",
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
    Ok(())
}
