//! Answers: `google.rpc.Status` for what is refused, JSON for what is not, a web page for what a proxy did.

use serde_json::json;

use super::clock;
use crate::http::Response;
use crate::redact;
use crate::timestamp::UnixTime;

/// How a refusal begins whose wording is ours and not the service's.
const OWN_WORDS: &str = "emulator: ";

/// So much of an ID that is not known is shown: as much as an ID may have.
const MAX_SHOWN: usize = 50;

/// Codes of `google.rpc.Code` that are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    InvalidArgument,
    NotFound,
    AlreadyExists,
    PermissionDenied,
    FailedPrecondition,
    Unimplemented,
    Unauthenticated,
}

impl Code {
    fn number_and_http_status(self) -> (u8, u16) {
        match self {
            Self::InvalidArgument => (3, 400),
            Self::NotFound => (5, 404),
            Self::AlreadyExists => (6, 409),
            Self::PermissionDenied => (7, 403),
            Self::FailedPrecondition => (9, 400),
            Self::Unimplemented => (12, 501),
            Self::Unauthenticated => (16, 401),
        }
    }
}

/// Why a request is refused: what the answer says, and what the record says where it knows better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    code: Code,
    message: String,
    reason: Option<String>,
    /// The code of RFC 6749, section 5.2, where the answer has that shape and not a Status.
    oauth: Option<&'static str>,
}

impl Refusal {
    /// In the service's own words, as they are publicly known.
    pub(super) fn in_the_services_words(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            reason: None,
            oauth: None,
        }
    }

    /// In words that say whose they are.
    pub(super) fn in_own_words(code: Code, message: impl AsRef<str>) -> Self {
        Self {
            code,
            message: format!("{OWN_WORDS}{}", message.as_ref()),
            reason: None,
            oauth: None,
        }
    }

    /// In the shape of the token exchange, in our own words.
    pub(super) fn oauth(code: &'static str, message: impl AsRef<str>) -> Self {
        Self {
            oauth: Some(code),
            ..Self::invalid(message)
        }
    }

    pub(super) fn unauthenticated(message: impl AsRef<str>) -> Self {
        Self::in_own_words(Code::Unauthenticated, message)
    }

    pub(super) fn invalid(message: impl AsRef<str>) -> Self {
        Self::in_own_words(Code::InvalidArgument, message)
    }

    pub(super) fn not_found(what: &str, id: &str) -> Self {
        let id = redact::quote(id, MAX_SHOWN);
        Self::in_own_words(Code::NotFound, format!("there is no {what} `{id}`"))
    }

    /// Adds what only the record tells.
    pub(super) fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// For the record.
    pub(super) fn reason(&self) -> String {
        match &self.reason {
            Some(reason) => format!("{} ({reason})", self.message),
            None => self.message.clone(),
        }
    }
}

/// What every answer carries.
pub(super) struct Head {
    pub(super) request_id: String,
    /// By the emulator's clock.
    pub(super) now: UnixTime,
}

impl Head {
    pub(super) fn json(&self, status: u16, body: &serde_json::Value) -> Response {
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("date", clock::http_date(self.now)),
            ("x-request-id", self.request_id.clone()),
        ];
        Response {
            status,
            headers: headers.map(|(name, value)| (name.to_owned(), value)).into(),
            body: body.to_string().into_bytes(),
        }
    }

    pub(super) fn refusal(&self, refusal: &Refusal) -> Response {
        let (code, status) = refusal.code.number_and_http_status();
        if let Some(error) = refusal.oauth {
            return self.json(status, &json!({ "error": error, "error_description": refusal.message }));
        }
        self.status(code, status, &refusal.message)
    }

    /// A fault on order: some status, and perhaps when to come back.
    pub(super) fn ordered_status(&self, status: u16, retry_after: Option<&str>) -> Response {
        let message = format!("{OWN_WORDS}a fault was ordered: status {status}");
        let mut response = self.status(code_of_http_status(status), status, &message);
        if let Some(value) = retry_after {
            response.headers.push(("retry-after".to_owned(), value.to_owned()));
        }
        response
    }

    /// A fault on order: a web page in place of an answer, without the service's request ID.
    pub(super) fn ordered_page(&self, status: u16) -> Response {
        let body = format!(
            "<!DOCTYPE html>\n<html><head><title>{status}</title></head>\n\
             <body><h1>{status}</h1><p>{OWN_WORDS}a page was ordered, as a proxy would send it</p></body></html>\n"
        );
        let headers = [
            ("content-type", "text/html; charset=utf-8".to_owned()),
            ("date", clock::http_date(self.now)),
        ];
        Response {
            status,
            headers: headers.map(|(name, value)| (name.to_owned(), value)).into(),
            body: body.into_bytes(),
        }
    }

    fn status(&self, code: u8, status: u16, message: &str) -> Response {
        let details = [json!({
            "@type": "type.googleapis.com/google.rpc.RequestInfo",
            "requestId": self.request_id,
        })];
        self.json(status, &json!({ "code": code, "message": message, "details": details }))
    }
}

/// The code that the service's gateway would have made this status from.
fn code_of_http_status(status: u16) -> u8 {
    match status {
        400 => 3,
        401 => 16,
        403 => 7,
        404 => 5,
        409 => 6,
        429 => 8,
        499 => 1,
        500 => 13,
        501 => 12,
        503 => 14,
        504 => 4,
        _ => 2,
    }
}
