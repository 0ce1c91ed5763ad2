//! What goes in and what comes out: plain data, which a server in front turns from and into HTTP.

use crate::effect::{Failure, FailureKind, Outcome};
use crate::http::{Request, Response};

/// A request as a server received it.
#[derive(Clone, PartialEq, Eq)]
pub struct IncomingRequest {
    /// The method, in upper case.
    pub method: String,
    /// Path and query, as in the request line.
    pub target: String,
    /// Header names in any case.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl IncomingRequest {
    /// The target without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The target's query, without its question mark; empty where there is none.
    #[must_use]
    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The first header of this name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Debug for IncomingRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IncomingRequest")
            .field("method", &self.method)
            .field("path", &self.path())
            .field(
                "headers",
                &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            )
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .finish()
    }
}

impl From<&Request> for IncomingRequest {
    /// What a server would receive if a host sent this.
    fn from(request: &Request) -> Self {
        let rest = request
            .url
            .split_once("://")
            .map_or(request.url.as_str(), |(_, rest)| rest);
        let (authority, target) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
        let mut headers = vec![("host".to_owned(), authority.to_owned())];
        headers.extend(
            request
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), value.expose().to_owned())),
        );
        Self {
            method: request.method.to_owned(),
            target: target.to_owned(),
            headers,
            body: request
                .body
                .as_ref()
                .map(|body| body.expose().as_bytes().to_vec())
                .unwrap_or_default(),
        }
    }
}

/// An answer, and how it is to reach the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The whole answer.
    pub response: Response,
    /// How many milliseconds to wait before anything is sent.
    pub delay_millis: u64,
    /// How much of the answer arrives.
    pub delivery: Delivery,
}

/// How much of an answer arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// All of it.
    Whole,
    /// The status and the headers, which announce the whole length, and so many bytes of the body; then the connection
    /// closes.
    Truncated(usize),
    /// Nothing: the connection closes.
    Dropped,
}

impl Reply {
    /// What a host reports to a session that was wired to the emulator without a network. The delay is the caller's.
    ///
    /// A truncated body arrives as it is, as from a transport that does not count bytes.
    #[must_use]
    pub fn into_outcome(self) -> Outcome {
        match self.delivery {
            Delivery::Whole => Outcome::Response(self.response),
            Delivery::Truncated(len) => {
                let mut response = self.response;
                response.body.truncate(len);
                Outcome::Response(response)
            }
            Delivery::Dropped => Outcome::Failure(Failure {
                kind: FailureKind::Connection,
                detail: "the emulator dropped the connection, as ordered".to_owned(),
            }),
        }
    }
}
