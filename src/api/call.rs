//! One call of an API: asks for a token, sends, tries again where that can help, and ends in an answer or an error.

use std::fmt;

use super::answer::Answer;
use super::bearer::{AUTHORIZATION, is_refusal};
use super::task::{Next, Task};
use crate::effect::{Action, Effect, EffectId, Outcome};
use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorCode};
use crate::header;
use crate::http::{Request, Response};
use crate::retry;
use crate::secret::Secret;
use crate::service_error;
use crate::timestamp::UnixTime;

/// Where a call goes, and how long it may take.
#[derive(Clone, Default)]
pub struct CallOptions {
    /// Where the services are.
    pub endpoints: Endpoints,
    /// After how many milliseconds to give up; by default a minute, and ten for tasks that wait for an operation.
    pub timeout_millis: Option<i64>,
    /// Random bytes, new ones for each call: the service knows a request that is sent again by them, and a fleet's
    /// new tries are spread by them.
    pub entropy: [u8; 16],
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("endpoints", &self.endpoints)
            .field("timeout_millis", &self.timeout_millis)
            .finish_non_exhaustive()
    }
}

/// What is to be done now.
#[derive(Clone, Debug, PartialEq)]
pub enum CallStep {
    /// Get a token from the credentials and give it to [`Call::authorize`].
    Authorize {
        /// A token that the service answered 401 to: the credentials must be told first.
        refused: Option<Secret>,
    },
    /// Do this, report it with [`Call::complete`], and poll again.
    Perform(Effect),
    /// Poll again at this time, by the local clock.
    Wait {
        /// When to poll again.
        until: UnixTime,
    },
    /// This came of it.
    Done(Answer),
    /// It failed.
    Fail(Error),
}

/// A task under way. It belongs to one caller: whoever gives up drops it.
#[derive(Debug)]
pub struct Call {
    task: Task,
    options: CallOptions,
    state: State,
    token: Option<Secret>,
    renewed: bool,
    attempt: u32,
    effects_issued: u64,
    ends_at: Option<UnixTime>,
}

#[derive(Debug)]
enum State {
    Unauthorized {
        refused: Option<Secret>,
        error: Option<Error>,
    },
    Ready,
    InFlight(Effect),
    Waiting(UnixTime),
    Ended(Result<Answer, Error>),
}

impl Call {
    /// A call that has not begun; its time runs from the first poll.
    #[must_use]
    pub fn new(task: Task, options: CallOptions) -> Self {
        Self {
            task,
            options,
            state: State::Unauthorized {
                refused: None,
                error: None,
            },
            token: None,
            renewed: false,
            attempt: 1,
            effects_issued: 0,
            ends_at: None,
        }
    }

    /// What is to be done now, `now` being the local time. Polling too often changes nothing.
    pub fn poll(&mut self, now: UnixTime) -> CallStep {
        let patience = self
            .options
            .timeout_millis
            .unwrap_or_else(|| self.task.method().patience_millis());
        let ends_at = *self.ends_at.get_or_insert_with(|| now.plus_millis(patience));
        if let State::Waiting(until) = self.state
            && now >= until
        {
            self.state = State::Ready;
        }
        if matches!(self.state, State::Ready) {
            self.send(ends_at.millis_since(now));
        }
        match &self.state {
            State::Unauthorized { refused, .. } => CallStep::Authorize {
                refused: refused.clone(),
            },
            State::InFlight(effect) => CallStep::Perform(effect.clone()),
            State::Waiting(until) => CallStep::Wait { until: *until },
            State::Ended(Ok(answer)) => CallStep::Done(answer.clone()),
            State::Ended(Err(error)) => CallStep::Fail(error.clone()),
            // `send` leaves no other.
            State::Ready => CallStep::Wait { until: now },
        }
    }

    /// Takes the token that [`CallStep::Authorize`] asked for; at any other time it counts for later requests.
    pub fn authorize(&mut self, token: &Secret) {
        let State::Unauthorized { refused, error } = &mut self.state else {
            self.token = Some(token.clone());
            return;
        };
        // The same token again would get the same answer.
        let is_refused = refused.as_ref() == Some(token);
        self.state = match error.take() {
            Some(error) if is_refused => State::Ended(Err(error)),
            _ if !header::is_token68(token.expose()) => State::Ended(Err(unfit())),
            _ => State::Ready,
        };
        self.token = Some(token.clone());
    }

    /// Takes what came of an effect. A report on an effect that is not under way any more is dropped.
    ///
    /// # Errors
    /// [`ErrorCode::UnexpectedOutcome`] for an effect that was never issued, or an outcome of another kind.
    pub fn complete(&mut self, id: EffectId, now: UnixTime, outcome: Outcome) -> Result<(), Error> {
        if id.0 == 0 || id.0 > self.effects_issued {
            return Err(Error::new(
                ErrorCode::UnexpectedOutcome,
                format!("no effect `{}` was ever asked for", id.0),
            )
            .with_hint("report each outcome once, under the ID of its own effect"));
        }
        let State::InFlight(effect) = &self.state else {
            return Ok(());
        };
        if effect.id != id {
            return Ok(());
        }
        if !outcome.fits(&effect.action) {
            return Err(outcome.unexpected());
        }
        self.state = match outcome {
            Outcome::Response(response) => self.answered(now, &response),
            Outcome::Failure(failure) => self.failed(now, failure.into()),
            other => return Err(other.unexpected()),
        };
        Ok(())
    }

    /// Puts the next request in flight, if there is time for it.
    fn send(&mut self, millis_left: i64) {
        let Some(token) = &self.token else {
            self.state = State::Unauthorized {
                refused: None,
                error: None,
            };
            return;
        };
        if millis_left <= 0 {
            self.state = State::Ended(Err(self.impatience()));
            return;
        }
        let mut request = self.task.method().request(&self.options.endpoints);
        bear(&mut request, token);
        if self.task.method().is_change() {
            let key = uuid::Builder::from_random_bytes(self.options.entropy).into_uuid();
            let key = Secret::new(key.hyphenated().to_string());
            request.headers.push(("idempotency-key".into(), key));
        }
        let millis_left = u32::try_from(millis_left).unwrap_or(u32::MAX);
        request.timeout_millis = request.timeout_millis.min(millis_left);
        self.effects_issued += 1;
        self.state = State::InFlight(Effect {
            id: EffectId(self.effects_issued),
            action: Action::Http(request),
        });
    }

    fn answered(&mut self, now: UnixTime, response: &Response) -> State {
        if is_refusal(response.status) && !self.renewed {
            self.renewed = true;
            let error = service_error::read(response, now).with_hint_if_refused(self.task.method().hint());
            return State::Unauthorized {
                refused: self.token.take(),
                error: Some(error),
            };
        }
        match self.task.method_mut().read(response, now) {
            Ok(Next::Done(answer)) => State::Ended(Ok(answer)),
            Ok(Next::Request { after_millis }) => {
                self.attempt = 1;
                self.later(now, after_millis)
                    .unwrap_or_else(|| State::Ended(Err(self.impatience())))
            }
            Err(error) => self.failed(now, error),
        }
    }

    /// Tries again where that can help and there is time for it.
    fn failed(&mut self, now: UnixTime, error: Error) -> State {
        let seed = self
            .options
            .entropy
            .iter()
            .fold(0, |seed: u64, byte| seed << 8 ^ seed >> 56 ^ u64::from(*byte));
        let wait = retry::back_off_millis(&error, self.attempt, seed, self.effects_issued)
            .filter(|_| self.task.method().may_repeat() && error.code() != ErrorCode::Cancelled)
            .and_then(|millis| self.later(now, millis));
        match wait {
            Some(state) => {
                self.attempt += 1;
                state
            }
            None => State::Ended(Err(error.with_hint_if_refused(self.task.method().hint()))),
        }
    }

    /// Waits, unless the call's time is over before.
    fn later(&self, now: UnixTime, millis: i64) -> Option<State> {
        let until = now.plus_millis(millis);
        self.ends_at
            .is_none_or(|ends_at| until < ends_at)
            .then_some(State::Waiting(until))
    }

    fn impatience(&self) -> Error {
        self.task.method().impatience().unwrap_or_else(|| {
            Error::new(ErrorCode::Timeout, "the call did not come to an end in its time")
                .with_hint("give it more time, or look at what slows the service down")
        })
    }
}

fn bear(request: &mut Request, token: &Secret) {
    let value = Secret::new(format!("Bearer {}", token.expose()));
    request.headers.push((AUTHORIZATION.into(), value));
}

fn unfit() -> Error {
    Error::new(
        ErrorCode::InvalidCredential,
        "what was given as a token holds characters that no token has",
    )
    .with_hint("pass the IAM token alone and whole, as it was issued")
}
