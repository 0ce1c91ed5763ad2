//! An IAM token that somebody else got.

use super::{Context, Progress, Source};
use crate::credential::{self, Kind};
use crate::effect::Outcome;
use crate::error::{Error, ErrorCode};
use crate::secret::Secret;
use crate::timestamp::UnixTime;
use crate::token::AccessToken;

/// The service's limit for `iamToken`.
const MAX_LEN: usize = 4096;

/// Serves one IAM token until its end, or until a service refuses it; it cannot renew it.
#[derive(Clone)]
#[cfg_attr(not(target_family = "wasm"), derive(Debug))]
pub struct FixedSource {
    value: Secret,
    expires_at: Option<UnixTime>,
    first_served_at: Option<UnixTime>,
    refused: bool,
}

impl FixedSource {
    /// A source with this IAM token; white space around it does not matter.
    ///
    /// Where its end is not known, its [`AccessToken`] says [`UnixTime::MAX`], and it is served until
    /// [`Session::invalidate`](crate::Session::invalidate) says that a service refused it.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidCredential`] if it cannot be an IAM token.
    pub fn new(token: &str, expires_at: Option<UnixTime>) -> Result<Self, Error> {
        let value = credential::check(Kind::Iam, token, MAX_LEN)?;
        Ok(Self {
            value,
            expires_at,
            first_served_at: None,
            refused: false,
        })
    }
}

impl Source for FixedSource {
    fn start(&mut self, context: Context<'_>) -> Result<Progress, Error> {
        let problem = match self.expires_at {
            _ if self.refused => "was refused by a service".to_owned(),
            Some(end) if end <= context.now => format!("ended {} s ago", context.now.millis_since(end) / 1000),
            end => {
                // With a known end, its life began when it was first seen; without, it is as good as new each time.
                let first = *self.first_served_at.get_or_insert(context.now);
                return Ok(Progress::Done(AccessToken {
                    value: self.value.clone(),
                    expires_at: end.unwrap_or(UnixTime::MAX),
                    issued_at: if end.is_some() { first } else { context.now },
                }));
            }
        };
        let message = format!("the IAM token that was passed in {problem}");
        Err(Error::new(ErrorCode::InvalidCredential, message)
            .with_hint("pass a new one, or credentials that renew themselves: a key, a workload identity, metadata"))
    }

    fn resume(&mut self, _context: Context<'_>, outcome: Outcome) -> Result<Progress, Error> {
        Err(outcome.unexpected())
    }

    fn refused(&mut self) {
        self.refused = true;
    }
}
