//! The token that Cloud Functions hands to a handler: `context.token`.
//!
//! <https://yandex.cloud/en/docs/functions/operations/function-sa>

use serde_json::Value;

use super::{Context, Progress, Source};
use crate::effect::Outcome;
use crate::error::{Error, ErrorCode};
use crate::exchange;
use crate::timestamp::UnixTime;
use crate::token::AccessToken;

/// Serves the token of one invocation. The next invocation brings its own, and gets a session of its own.
#[derive(Clone)]
#[cfg_attr(not(target_family = "wasm"), derive(Debug))]
pub struct FunctionSource {
    token: AccessToken,
    refused: bool,
}

impl FunctionSource {
    /// A source with the JSON of `context.token`, received `now`: an object, or a string that holds one.
    ///
    /// # Errors
    /// [`ErrorCode::NoServiceAccount`] for `null`; [`ErrorCode::InvalidCredential`] for anything else that is no token.
    pub fn new(context_token: &str, now: UnixTime) -> Result<Self, Error> {
        let mut value = parse(context_token).ok_or_else(|| invalid("is not JSON"))?;
        if let Value::String(text) = &value {
            value = parse(text).ok_or_else(|| invalid("is a string, but not of JSON"))?;
        }
        match value {
            Value::Null => Err(
                Error::new(ErrorCode::NoServiceAccount, "the function has no service account")
                    .with_hint("set a service account in the function's version, and call it again"),
            ),
            Value::Object(_) => {
                let token = exchange::access_token_in(&value, "`context.token`", now, now)
                    .map_err(|error| Error::new(ErrorCode::InvalidCredential, error.message()).with_hint(HINT))?;
                Ok(Self { token, refused: false })
            }
            _ => Err(invalid("is not an object")),
        }
    }
}

const HINT: &str = "pass `context.token` of the handler's second argument as it is, in this very invocation";

fn parse(text: &str) -> Option<Value> {
    serde_json::from_slice(text.as_bytes()).ok()
}

fn invalid(problem: &str) -> Error {
    Error::new(ErrorCode::InvalidCredential, format!("`context.token` {problem}")).with_hint(HINT)
}

impl Source for FunctionSource {
    fn start(&mut self, context: Context<'_>) -> Result<Progress, Error> {
        let problem = if self.refused {
            "was refused by a service"
        } else if self.token.expires_at <= context.now {
            "has ended"
        } else {
            return Ok(Progress::Done(self.token.clone()));
        };
        let message = format!("the token of this invocation {problem}");
        Err(Error::new(ErrorCode::InvalidCredential, message)
            .with_hint("make the credentials inside the handler, from this invocation's context"))
    }

    fn resume(&mut self, _context: Context<'_>, outcome: Outcome) -> Result<Progress, Error> {
        Err(outcome.unexpected())
    }

    fn refused(&mut self) {
        self.refused = true;
    }
}
