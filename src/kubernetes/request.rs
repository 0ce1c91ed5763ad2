//! Requests to an API server.

use crate::api::AUTHORIZATION;
use crate::error::{Error, ErrorCode};
use crate::header;
use crate::http::{Request, user_agent};
use crate::redact;
use crate::secret::Secret;
use crate::token::AccessToken;

/// What `kubectl` and the API server allow a short request by default is a minute; a pod is nearer.
const TIMEOUT_MILLIS: u32 = 30_000;

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The request without its bearer.
pub(super) fn new(
    server: &str,
    ca_certificate: &str,
    method: &str,
    path: &str,
    body: Option<(&str, Secret)>,
) -> Result<Request, Error> {
    let method = *METHODS.iter().find(|known| **known == method).ok_or_else(|| {
        let problem = format!("is `{}`, which is no method here", redact::quote(method, 20));
        invalid("method", &problem, "pass `GET`, `POST`, `PUT`, `PATCH` or `DELETE`")
    })?;
    check_path(path)?;
    let mut headers = Vec::new();
    let body = match body {
        None => None,
        Some(_) if method == "GET" => {
            return Err(invalid(
                "body",
                "was given to a `GET`",
                "leave it out, or use another method",
            ));
        }
        Some((content_type, body)) => {
            header::check("content-type", content_type)?;
            if content_type.trim().is_empty() {
                return Err(invalid(
                    "content_type",
                    "is empty",
                    "pass one such as `application/json`",
                ));
            }
            headers.push(("content-type".into(), Secret::new(content_type.to_owned())));
            Some(body)
        }
    };
    headers.push(("accept".into(), Secret::new("application/json".to_owned())));
    headers.push(user_agent());
    Ok(Request {
        method,
        url: format!("{server}{path}"),
        headers,
        body,
        timeout_millis: TIMEOUT_MILLIS,
        use_proxy: false,
        ca_certificate: Some(ca_certificate.to_owned()),
    })
}

/// The request with its bearer.
pub(super) fn bearing(mut request: Request, token: &AccessToken) -> Result<Request, Error> {
    if !header::is_token68(token.value.expose()) {
        let problem = "holds characters that no token has";
        return Err(invalid("token", problem, "pass the token that the session gave"));
    }
    request.headers.push((AUTHORIZATION.into(), token.authorization()));
    Ok(request)
}

/// Nothing that an HTTP client or a server in between would read as another origin, another path or a header.
fn check_path(path: &str) -> Result<(), Error> {
    let route = path.split('?').next().unwrap_or_default();
    let is_dots = |segment: &str| {
        let plain = segment.replace("%2e", ".").replace("%2E", ".");
        matches!(plain.as_str(), "." | "..")
    };
    let problem = if !path.starts_with('/') {
        "does not begin with `/`"
    } else if path.starts_with("//") {
        "begins with `//`, which names another host"
    } else if !path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'#') {
        "holds characters that are to be percent-encoded"
    } else if route.split('/').any(is_dots) {
        "has a `.` or `..` part"
    } else {
        return Ok(());
    };
    let hint = "pass a path of the API, such as `/api/v1/namespaces/default/pods?limit=10`";
    Err(invalid("path", problem, hint))
}

fn invalid(argument: &str, problem: &str, hint: &str) -> Error {
    Error::new(
        ErrorCode::InvalidArgument,
        format!("the `{argument}` of a request {problem}"),
    )
    .with_hint(hint)
}
