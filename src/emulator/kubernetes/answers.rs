//! Answers of an API server: JSON, and `Status` for what is refused.
//!
//! <https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.32/#status-v1-meta>

use serde_json::{Value, json};

use crate::emulator::status::Head;
use crate::http::Response;

/// Why a request fails: what the answer says, and what the record says where it knows better.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Failure {
    status: u16,
    reason: &'static str,
    message: String,
    details: Option<Value>,
    known: Option<String>,
}

impl Failure {
    fn new(status: u16, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            reason,
            message: message.into(),
            details: None,
            known: None,
        }
    }

    /// The answer tells nobody why; the record does.
    pub(super) fn unauthorized(known: impl Into<String>) -> Self {
        Self {
            known: Some(known.into()),
            ..Self::new(401, "Unauthorized", "Unauthorized")
        }
    }

    /// `subject` is what is forbidden: `pods`, or `pods "name"`.
    pub(super) fn forbidden(subject: &str, problem: &str, details: Value) -> Self {
        Self {
            details: Some(details),
            ..Self::new(403, "Forbidden", format!("{subject} is forbidden: {problem}"))
        }
    }

    pub(super) fn not_found(resource: &str, name: &str) -> Self {
        Self {
            details: Some(json!({ "name": name, "kind": resource })),
            ..Self::new(404, "NotFound", format!("{resource} \"{name}\" not found"))
        }
    }

    pub(super) fn no_such_path() -> Self {
        Self {
            details: Some(json!({})),
            ..Self::new(404, "NotFound", "the server could not find the requested resource")
        }
    }

    pub(super) fn method_not_allowed() -> Self {
        let message = "the server does not allow this method on the requested resource";
        Self {
            details: Some(json!({})),
            ..Self::new(405, "MethodNotAllowed", message)
        }
    }

    /// As an API server says it that takes JSON only.
    pub(super) fn unsupported_media_type() -> Self {
        let message =
            "the body of the request was in an unknown format - accepted media types include: application/json";
        Self {
            details: Some(json!({})),
            ..Self::new(415, "UnsupportedMediaType", message)
        }
    }

    /// In words that say whose they are.
    pub(super) fn not_emulated(what: &str) -> Self {
        Self::new(400, "BadRequest", format!("emulator: {what}"))
    }

    pub(super) fn reason_for_record(&self) -> String {
        match &self.known {
            Some(known) => format!("{} ({known})", self.message),
            None => self.message.clone(),
        }
    }

    pub(super) fn response(&self, head: &Head) -> Response {
        let mut body = json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "code": self.status,
        });
        if let (Some(details), Some(fields)) = (&self.details, body.as_object_mut()) {
            fields.insert("details".to_owned(), details.clone());
        }
        json(head, self.status, &body)
    }
}

/// An answer with the request's ID where an API server puts it.
pub(super) fn json(head: &Head, status: u16, body: &Value) -> Response {
    let mut response = head.json(status, body);
    for (name, _) in &mut response.headers {
        if name == "x-request-id" {
            "audit-id".clone_into(name);
        }
    }
    response
}

/// A fault on order: some status, and perhaps when to come back.
pub(super) fn ordered_status(head: &Head, status: u16, retry_after: Option<&str>) -> Response {
    let reason = match status {
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "",
    };
    let message = format!("emulator: a fault was ordered: status {status}");
    let mut response = Failure::new(status, reason, message).response(head);
    if let Some(value) = retry_after {
        response.headers.push(("retry-after".to_owned(), value.to_owned()));
    }
    response
}
