//! Operations that fail on order.

use serde_json::{Value, json};

use super::Emulator;
use crate::error::{Error, ErrorCode};

/// How an operation is to fail.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OrderedFailure {
    /// A `google.rpc.Status`.
    pub(super) status: Value,
    /// Whether a poll finds the failure before the operation is done.
    pub(super) detected_early: bool,
}

impl Emulator {
    /// Makes the next operation that starts fail, instead of having an effect; further orders strike those after it.
    ///
    /// `code` is a `google.rpc.Code` from 1 to 16, `details` a JSON list of objects, or empty. Detected early means that
    /// the first poll finds `error` set while `done` is still false, once; such an operation takes two polls at least.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for another code or other details.
    pub fn order_operation_failure(
        &mut self,
        code: i32,
        message: &str,
        details: &str,
        detected_early: bool,
    ) -> Result<(), Error> {
        if !(1..=16).contains(&code) {
            return Err(Error::new(
                ErrorCode::InvalidArgument,
                format!("`{code}` is not the code of a failure"),
            )
            .with_hint("pass a `google.rpc.Code` from 1 to 16"));
        }
        let details: Value = serde_json::from_str(if details.is_empty() { "[]" } else { details }).unwrap_or_default();
        if !details.as_array().is_some_and(|list| list.iter().all(Value::is_object)) {
            return Err(
                Error::new(ErrorCode::InvalidArgument, "the details are not a JSON list of objects")
                    .with_hint("pass objects with an `@type` each, or nothing"),
            );
        }
        self.operations.order(OrderedFailure {
            status: json!({ "code": code, "message": message, "details": details }),
            detected_early,
        });
        Ok(())
    }
}
