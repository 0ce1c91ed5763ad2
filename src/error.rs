//! One error type: what went wrong, in words, and what to do.

mod code;

use std::fmt;

pub use self::code::{ErrorCode, Fault};
use crate::redact;

/// Why there is no token, or no key. Never holds a byte of either.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Details>);

#[derive(Clone, Debug, PartialEq)]
struct Details {
    code: ErrorCode,
    message: String,
    hint: String,
    status: Option<u16>,
    request_id: Option<String>,
    retry_after_millis: Option<i64>,
}

impl Error {
    /// An error in lower case, without a full stop, with user input between backticks and no secrets.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            code,
            message: message.into(),
            hint: String::new(),
            status: None,
            request_id: None,
            retry_after_millis: None,
        }))
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = hint.into();
        self
    }

    /// Replaces the hint where a service understood the request and refused it: the source knows better why.
    pub(crate) fn with_hint_if_refused(self, hint: &str) -> Self {
        match self.0.code {
            ErrorCode::BadRequest | ErrorCode::Unauthenticated | ErrorCode::PermissionDenied | ErrorCode::NotFound => {
                self.with_hint(hint)
            }
            _ => self,
        }
    }

    /// Says in front what it is about: a file, a variable.
    pub(crate) fn about(mut self, what: &str) -> Self {
        self.0.message = format!("{what}: {}", self.0.message);
        self
    }

    /// Takes a secret out that a service may repeat and that does not look like one.
    pub(crate) fn hiding(mut self, secret: &str) -> Self {
        for text in [&mut self.0.message, &mut self.0.hint] {
            *text = redact::hide(text, secret);
        }
        self.0.request_id = self.0.request_id.map(|id| redact::hide(&id, secret));
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_request_id(mut self, request_id: Option<String>) -> Self {
        self.0.request_id = request_id;
        self
    }

    pub(crate) fn with_retry_after_millis(mut self, millis: Option<i64>) -> Self {
        self.0.retry_after_millis = millis;
        self
    }

    /// The same so many milliseconds later: what is left of the time for which the service asked not to be called.
    pub(crate) fn after_millis(mut self, millis: i64) -> Self {
        let left = |asked: i64| asked.saturating_sub(millis.max(0)).max(0);
        self.0.retry_after_millis = self.0.retry_after_millis.map(left);
        self
    }

    /// What went wrong; stable.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// Who must act.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.0.code.fault()
    }

    /// Whether the same call can succeed later with nothing changed.
    #[must_use]
    pub fn transient(&self) -> bool {
        self.0.code.transient()
    }

    /// What was given and what was expected, without the hint.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do next; may be empty.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.0.hint
    }

    /// The HTTP status, where a service answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The ID under which the service's support finds the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// For how many seconds the service asked not to be called again.
    #[must_use]
    pub fn retry_after(&self) -> Option<f64> {
        self.0.retry_after_millis.map(|millis| millis as f64 / 1000.0)
    }

    pub(crate) fn retry_after_millis(&self) -> Option<i64> {
        self.0.retry_after_millis
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(request_id) = &self.0.request_id {
            write!(f, " (request ID `{request_id}`)")?;
        }
        if !self.0.hint.is_empty() {
            write!(f, "; {}", self.0.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
