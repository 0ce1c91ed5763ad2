//! What a call is to do: which requests to send, and how to read the answers.

use std::fmt;

use serde_json::Value;

use super::answer::Answer;
use crate::endpoints::Endpoints;
use crate::error::Error;
use crate::exchange;
use crate::http::{Request, Response};
use crate::timestamp::UnixTime;

/// Something to be done with an IAM token. The functions of [`api`](super) make these.
#[derive(Debug)]
pub struct Task(Box<dyn Method>);

impl Task {
    pub(super) fn new(method: impl Method + 'static) -> Self {
        Self(Box::new(method))
    }

    pub(super) fn method(&self) -> &dyn Method {
        &*self.0
    }

    pub(super) fn method_mut(&mut self) -> &mut dyn Method {
        &mut *self.0
    }
}

/// One or more requests of the same kind, and their answers.
pub(super) trait Method: fmt::Debug + Send + Sync {
    /// The request that is next, without the bearer.
    fn request(&self, endpoints: &Endpoints) -> Request;

    /// Reads the answer to it.
    fn read(&mut self, response: &Response, now: UnixTime) -> Result<Next, Error>;

    /// What to do for someone whom the service refused.
    fn hint(&self) -> &'static str;

    /// Whether it may be sent again without harm.
    fn may_repeat(&self) -> bool {
        true
    }

    /// Whether the next request changes something: the service is to know it again when it comes twice, by an
    /// idempotency key.
    ///
    /// <https://yandex.cloud/en/docs/api-design-guide/concepts/idempotency>
    fn is_change(&self) -> bool {
        false
    }

    /// Whether one request may take all the time that the caller gave; otherwise some is left for new tries.
    fn takes_all_time(&self) -> bool {
        false
    }

    /// How many milliseconds a call may take in all, unless the caller says otherwise.
    fn patience_millis(&self) -> i64 {
        60_000
    }

    /// The error for a call that took too long, where it waits for something that goes on without it.
    fn impatience(&self) -> Option<Error> {
        None
    }

    /// The operation that the service made of a change: whoever is told of an error needs it to go on.
    fn operation_id(&self) -> Option<&str> {
        None
    }
}

/// What follows from an answer.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "it lives for one statement; on 32 bits it is small enough"
)]
pub(super) enum Next {
    /// This is it.
    Done(Answer),
    /// There is another request to send, so many milliseconds from now.
    Request { after_millis: i64 },
}

/// A request without a body.
pub(super) fn without_body(method: &'static str, url: String) -> Request {
    Request::to_service(method, url, None)
}

/// A request with a JSON body.
pub(super) fn with_json(method: &'static str, url: String, body: String) -> Request {
    Request::to_service(method, url, Some(("application/json", body)))
}

/// An answer with more bytes than this is not one of these services': a page holds a thousand items at most.
const MAX_ANSWER_LEN: usize = 8 << 20;

/// What the JSON object of a successful answer says.
pub(super) fn read_object<T>(
    response: &Response,
    now: UnixTime,
    read: impl FnOnce(&Value) -> Result<T, Error>,
) -> Result<T, Error> {
    let answer = exchange::read_object_up_to(response, MAX_ANSWER_LEN, now)?;
    read(&answer).map_err(|error| error.with_status(response.status))
}

/// The URL with these parameters in its query; those without a value are left out.
pub(super) fn with_query(url: String, parameters: &[(&str, Option<&str>)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    if query.is_empty() {
        url
    } else {
        format!("{url}?{query}")
    }
}
