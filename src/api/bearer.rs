//! Any request to any service of the cloud, with a token.

use super::answer::Answer;
use super::task::{Method, Next, Task};
use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorCode};
use crate::header;
use crate::http::{self, Request, Response, method};
use crate::redact;
use crate::secret::Secret;
use crate::timestamp::UnixTime;
use crate::url_rules;

const TIMEOUT_MILLIS: u32 = 60_000;

/// The name of the header that a token goes into; [`AccessToken::authorization`](crate::AccessToken::authorization) is
/// its value.
pub const AUTHORIZATION: &str = "authorization";

/// Whether an answer with this status says that the token was not accepted: renewing it, once, may help.
#[must_use]
pub fn is_refusal(status: u16) -> bool {
    status == 401
}

/// Whether a gRPC call that ended with this status says the same: `UNAUTHENTICATED`.
///
/// <https://grpc.io/docs/guides/status-codes>
#[must_use]
pub fn is_grpc_refusal(code: u32) -> bool {
    code == 16
}

/// Sends this request with the token in its `Authorization` header: [`Answer::Response`], whatever its status. If the
/// service answers 401, the token is renewed and the request sent once more; nothing else is tried again.
///
/// # Errors
/// [`ErrorCode::InsecureEndpoint`] unless the URL is https, or http on a loopback address, and without a user name;
/// [`ErrorCode::InvalidArgument`] for a URL, a method or a header that cannot be one.
pub fn request(method: &str, url: &str, headers: Vec<(String, Secret)>, body: Option<Secret>) -> Result<Task, Error> {
    url_rules::check_bearer_url(url)?;
    if !url_rules::is_plain(url) {
        let message = format!("`url` is `{}`, which is no URL", redact::quote(url, 100));
        return Err(Error::new(ErrorCode::InvalidArgument, message)
            .with_hint("pass an absolute URL, percent-encoded where it has to be"));
    }
    for (name, value) in &headers {
        header::check(name, value.expose())?;
    }
    let mut all: Vec<(std::borrow::Cow<'static, str>, Secret)> = headers
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase().into(), value))
        .filter(|(name, _)| name != AUTHORIZATION)
        .collect();
    if !all.iter().any(|(name, _)| name == "user-agent") {
        all.push(http::user_agent());
    }
    Ok(Task::bearer(Request {
        method: method::known(method)?,
        ca_certificate: None,
        use_proxy: url.starts_with("https://"),
        url: url.to_owned(),
        headers: all,
        body,
        timeout_millis: TIMEOUT_MILLIS,
    }))
}

impl Task {
    /// Any request that lacks nothing but its bearer: [`Answer::Response`].
    pub(crate) fn bearer(request: Request) -> Self {
        Self::new(Bearer(request))
    }
}

#[derive(Debug)]
struct Bearer(Request);

impl Method for Bearer {
    fn request(&self, _: &Endpoints) -> Request {
        self.0.clone()
    }

    fn read(&mut self, response: &Response, _: UnixTime) -> Result<Next, Error> {
        Ok(Next::Done(Answer::Response(response.clone())))
    }

    fn hint(&self) -> &'static str {
        "check the request"
    }

    fn may_repeat(&self) -> bool {
        false
    }

    fn takes_all_time(&self) -> bool {
        true
    }
}
