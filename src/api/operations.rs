//! Operations: what the cloud does after it has answered.
//!
//! <https://yandex.cloud/en/docs/api-design-guide/concepts/operation>

use serde_json::Value;

use super::answer::Answer;
use super::fields;
use super::task::{Method, Next, Task, read_object, without_body};
use crate::credential;
use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorCode};
use crate::http::{Request, Response};
use crate::json;
use crate::redact;
use crate::timestamp::UnixTime;

const HINT: &str = "check the operation's ID, and that the account may see what the operation is done to";

/// How long an operation is waited for, unless the caller says otherwise.
const PATIENCE_MILLIS: i64 = 600_000;

/// The first look at an operation comes after this, and each further one later, up to the second figure.
const FIRST_LOOK_MILLIS: i64 = 500;
const MAX_BETWEEN_LOOKS_MILLIS: i64 = 8_000;

/// Looks at an operation once: [`Answer::Operation`], whatever its state.
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible ID.
pub fn get(operation_id: &str) -> Result<Task, Error> {
    Ok(Task::new(Get(credential::identifier("operation_id", operation_id)?)))
}

/// Looks at an operation until it is done: [`Answer::Operation`]. If it fails, so does the call, with
/// [`ErrorCode::OperationFailed`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible ID.
pub fn wait(operation_id: &str) -> Result<Task, Error> {
    Ok(Task::new(Wait {
        looks: Looks::at(credential::identifier("operation_id", operation_id)?),
    }))
}

/// An operation as it was when it was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its ID.
    pub id: String,
    /// What it does, in the service's words; may be empty.
    pub description: String,
    /// When it began.
    pub created_at: Option<UnixTime>,
    /// Who began it: the ID of a user or a service account.
    pub created_by: String,
    /// When it changed last.
    pub modified_at: Option<UnixTime>,
    /// Whether it has ended.
    pub done: bool,
    /// What the service says about it, a JSON object's text; often the ID of what it is done to.
    pub metadata: String,
    /// Why it failed. Can be there before it is done: then the failure was noticed and is being cleaned up after.
    pub error: Option<OperationError>,
    /// What it made, a JSON object's text; where it succeeded.
    pub response: Option<String>,
}

/// Why an operation failed: a `google.rpc.Status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationError {
    /// A number of `google.rpc.Code`.
    pub code: i64,
    /// The service's words.
    pub message: String,
    /// What else the service says, a JSON list's text.
    pub details: String,
}

impl OperationError {
    /// What it says is for people: only that there is one must be certain.
    fn read(value: Option<&Value>) -> Result<Option<Self>, Error> {
        let Some(error) = value.filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        if !error.is_object() {
            return Err(json::invalid_response(
                "the operation has an `error` that is not an object".to_owned(),
            ));
        }
        let message = error.get("message").and_then(Value::as_str);
        Ok(Some(Self {
            code: error.get("code").and_then(Value::as_i64).unwrap_or_default(),
            message: message.unwrap_or_default().to_owned(),
            details: fields::json_text(error.get("details")).unwrap_or_else(|| "[]".to_owned()),
        }))
    }
}

impl Operation {
    pub(super) fn read(object: &Value) -> Result<Self, Error> {
        let text = |name: &str| fields::text(object, "the operation", name);
        Ok(Self {
            id: fields::id(object, "the operation", "id")?,
            description: text("description")?,
            created_at: fields::time(object, "the operation", "createdAt")?,
            created_by: text("createdBy")?,
            modified_at: fields::time(object, "the operation", "modifiedAt")?,
            done: fields::flag(object, "the operation", "done")?,
            metadata: fields::json_text(object.get("metadata")).unwrap_or_else(|| "{}".to_owned()),
            error: OperationError::read(object.get("error"))?,
            response: fields::json_text(object.get("response")),
        })
    }

    /// The error that a failed operation is.
    fn failure(&self) -> Option<Error> {
        let error = self.error.as_ref()?;
        let words = redact::quote(&error.message, 300);
        let mut message = match words.as_str() {
            "" => format!("operation `{}` failed and did not say why", self.id),
            words => format!("operation `{}` failed: `{words}`", self.id),
        };
        if error.details != "[]" {
            message.push_str(&format!(" with the details `{}`", redact::quote(&error.details, 1000)));
        }
        Some(Error::new(ErrorCode::OperationFailed, message).with_hint(hint_for(error.code)))
    }
}

/// What to do about a `google.rpc.Code`.
fn hint_for(code: i64) -> &'static str {
    match code {
        3 | 9 | 11 => "mend what the service names and begin again",
        5 => "check that what it refers to still exists",
        6 => "look whether it exists already",
        7 => "give the account the role that it needs",
        8 => "a quota may be used up: look at the quotas of the cloud",
        10 => "somebody else changed it at the same time: begin again",
        _ => "try again later; if it stays, give the operation's ID to the service's support",
    }
}

/// A look at an operation now and then.
#[derive(Debug)]
pub(super) struct Looks {
    id: String,
    so_far: u32,
}

impl Looks {
    pub(super) fn at(id: String) -> Self {
        Self { id, so_far: 0 }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn request(&self, endpoints: &Endpoints) -> Request {
        without_body("GET", format!("{}/operations/{}", endpoints.operation(), self.id))
    }

    /// The operation if it is done, else when to look again.
    ///
    /// # Errors
    /// [`ErrorCode::OperationFailed`] if it failed.
    pub(super) fn judge(&mut self, operation: Operation) -> Result<Result<Operation, Next>, Error> {
        if let Some(failure) = operation.failure() {
            return Err(failure);
        }
        if operation.done {
            return Ok(Ok(operation));
        }
        let after_millis = (FIRST_LOOK_MILLIS << self.so_far.min(8)).min(MAX_BETWEEN_LOOKS_MILLIS);
        self.so_far += 1;
        Ok(Err(Next::Request { after_millis }))
    }

    pub(super) fn impatience(&self) -> Error {
        Error::new(
            ErrorCode::OperationUnfinished,
            format!("operation `{}` was not done in the time that it was given", self.id),
        )
        .with_hint("it goes on: wait for it by its ID")
    }

    pub(super) const fn patience_millis() -> i64 {
        PATIENCE_MILLIS
    }
}

#[derive(Debug)]
struct Get(String);

impl Method for Get {
    fn request(&self, endpoints: &Endpoints) -> Request {
        Looks::at(self.0.clone()).request(endpoints)
    }

    fn read(&mut self, response: &Response, now: UnixTime) -> Result<Next, Error> {
        let operation = read_object(response, now, Operation::read)?;
        Ok(Next::Done(Answer::Operation(operation)))
    }

    fn hint(&self) -> &'static str {
        HINT
    }
}

#[derive(Debug)]
struct Wait {
    looks: Looks,
}

impl Method for Wait {
    fn request(&self, endpoints: &Endpoints) -> Request {
        self.looks.request(endpoints)
    }

    fn read(&mut self, response: &Response, now: UnixTime) -> Result<Next, Error> {
        let operation = read_object(response, now, Operation::read)?;
        let judged = self.looks.judge(operation)?;
        Ok(judged.map_or_else(|next| next, |operation| Next::Done(Answer::Operation(operation))))
    }

    fn hint(&self) -> &'static str {
        HINT
    }

    fn patience_millis(&self) -> i64 {
        Looks::patience_millis()
    }

    fn impatience(&self) -> Option<Error> {
        Some(self.looks.impatience())
    }
}
