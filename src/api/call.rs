//! One call of an API: asks for a token, sends, tries again where that can help, and ends in an answer or an error.

use super::answer::Answer;
use super::bearer::{AUTHORIZATION, is_refusal};
use super::budget::Budget;
use super::step::{CallOptions, CallStep};
use super::task::{Next, Task};
use crate::effect::{Action, Effect, EffectId, Outcome};
use crate::error::{Error, ErrorCode};
use crate::header;
use crate::http::{Request, Response};
use crate::retry;
use crate::secret::Secret;
use crate::timestamp::UnixTime;

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
    /// None before the first poll.
    budget: Option<Budget>,
}

#[derive(Debug)]
enum State {
    Unauthorized {
        refused: Option<Refused>,
    },
    Ready,
    InFlight(Effect),
    /// By local times. A clock that was set back before the beginning ends it too.
    Waiting {
        from: UnixTime,
        until: UnixTime,
    },
    Ended(Result<Answer, Error>),
}

/// A token that the service answered 401 to.
#[derive(Debug)]
struct Refused {
    token: Secret,
    /// What the call comes to if there is no other token.
    outcome: Result<Answer, Error>,
}

/// What [`CallOptions::default`] has in place of random bytes.
const NO_ENTROPY: [u8; 16] = [0; 16];

/// A clock that is set back by less than this, by NTP for instance, ends no wait.
const CLOCK_TOLERANCE_MILLIS: i64 = 1_000;

/// Timers of the platforms end at 2^31 milliseconds.
const MAX_REQUEST_MILLIS: u32 = 2_000_000_000;

impl Call {
    /// A call that has not begun; its time runs from the first poll.
    #[must_use]
    pub fn new(task: Task, options: CallOptions) -> Self {
        Self {
            task,
            options,
            state: State::Unauthorized { refused: None },
            token: None,
            renewed: false,
            attempt: 1,
            effects_issued: 0,
            budget: None,
        }
    }

    /// What is to be done now, `now` being the local time. Polling too often changes nothing.
    pub fn poll(&mut self, now: UnixTime) -> CallStep {
        let millis_left = self.millis_left(now);
        if let State::Waiting { from, until } = self.state
            && (now >= until || now.plus_millis(CLOCK_TOLERANCE_MILLIS) < from)
        {
            self.state = State::Ready;
        }
        if matches!(self.state, State::Ready) {
            self.send(millis_left);
        }
        if millis_left <= 0
            && let State::Unauthorized { refused } = &mut self.state
        {
            // An answer is an answer, also one that refuses.
            let answer = refused.take().and_then(|refused| refused.outcome.ok());
            self.state = State::Ended(answer.ok_or_else(|| self.tokenless()));
        }
        match &self.state {
            State::Unauthorized { refused } => CallStep::Authorize {
                refused: refused.as_ref().map(|refused| refused.token.clone()),
                until: now.plus_millis(millis_left).min(UnixTime::MAX),
            },
            State::InFlight(effect) => CallStep::Perform(effect.clone()),
            State::Waiting { until, .. } => CallStep::Wait { until: *until },
            State::Ended(Ok(answer)) => CallStep::Done(answer.clone()),
            State::Ended(Err(error)) => CallStep::Fail(error.clone()),
            // `send` leaves no other.
            State::Ready => CallStep::Wait { until: now },
        }
    }

    /// Takes the token that [`CallStep::Authorize`] asked for; at any other time it counts for later requests.
    pub fn authorize(&mut self, token: &Secret) {
        if let State::Unauthorized { refused } = &mut self.state {
            self.state = match refused.take() {
                // The same token again would get the same answer.
                Some(refused) if refused.token == *token => State::Ended(refused.outcome),
                _ => State::Ready,
            };
        }
        self.token = Some(token.clone());
    }

    /// Takes what came of an effect. A report on an effect that is not under way any more is dropped.
    ///
    /// # Errors
    /// [`ErrorCode::UnexpectedOutcome`] for an effect that was never issued, or an outcome of another kind.
    pub fn complete(&mut self, id: EffectId, now: UnixTime, outcome: Outcome) -> Result<(), Error> {
        id.check_issued(self.effects_issued)?;
        let State::InFlight(effect) = &self.state else {
            return Ok(());
        };
        if effect.id != id {
            return Ok(());
        }
        let sent = borne(&effect.action);
        self.state = match outcome {
            Outcome::Response(response) => self.answered(now, &response, &sent),
            Outcome::Failure(failure) => self.failed(now, Error::from(failure).hiding(sent.expose())),
            other => return Err(other.unexpected()),
        };
        Ok(())
    }

    /// Puts the next request in flight, if there is time for it.
    fn send(&mut self, millis_left: i64) {
        let Some(token) = &self.token else {
            self.state = State::Unauthorized { refused: None };
            return;
        };
        if !header::is_token68(token.expose()) {
            self.state = State::Ended(Err(unfit()));
            return;
        }
        if millis_left <= 0 {
            self.state = State::Ended(Err(self.impatience()));
            return;
        }
        let mut request = self.task.method().request(&self.options.endpoints);
        bear(&mut request, token);
        if self.task.method().is_change() && self.has_entropy() {
            let key = uuid::Builder::from_random_bytes(self.options.entropy).into_uuid();
            let key = Secret::new(key.hyphenated().to_string());
            request.headers.push(("idempotency-key".into(), key));
        }
        let limit = match self.options.timeout_millis {
            Some(_) if self.task.method().takes_all_time() => MAX_REQUEST_MILLIS,
            _ => request.timeout_millis,
        };
        request.timeout_millis = u32::try_from(millis_left).map_or(limit, |left| left.min(limit));
        self.effects_issued += 1;
        self.state = State::InFlight(Effect {
            id: EffectId(self.effects_issued),
            action: Action::Http(request),
        });
    }

    fn answered(&mut self, now: UnixTime, response: &Response, sent: &Secret) -> State {
        let read = self.task.method_mut().read(response, now);
        // Whatever answers may repeat what it was sent.
        let read = read.map_err(|error| error.hiding(sent.expose()));
        if is_refusal(response.status)
            && !self.renewed
            && let Some(token) = self.token.take()
        {
            self.renewed = true;
            let outcome = match read {
                Ok(Next::Done(answer)) => Ok(answer),
                Ok(Next::Request { .. }) => Err(self.impatience()),
                Err(error) => Err(self.explained(error)),
            };
            return State::Unauthorized {
                refused: Some(Refused { token, outcome }),
            };
        }
        match read {
            Ok(Next::Done(answer)) => State::Ended(Ok(answer)),
            Ok(Next::Request { after_millis }) => {
                self.attempt = 1;
                // A token can come to its end more than once while an operation is waited for.
                self.renewed = false;
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
            .filter(|_| self.may_repeat_after(&error));
        let Some(millis) = wait else {
            return State::Ended(Err(self.explained(error)));
        };
        match self.later(now, millis) {
            Some(state) => {
                self.attempt += 1;
                state
            }
            // A last look that was cut short by the call's end says nothing about the operation.
            None => State::Ended(Err(self
                .task
                .method()
                .impatience()
                .unwrap_or_else(|| self.explained(error)))),
        }
    }

    /// A change that the service cannot know again is sent again only where it was refused before anything was done.
    fn may_repeat_after(&self, error: &Error) -> bool {
        let method = self.task.method();
        let is_known_again = !method.is_change() || self.has_entropy();
        method.may_repeat()
            && error.code() != ErrorCode::Cancelled
            && (is_known_again || error.code() == ErrorCode::RateLimited)
    }

    fn has_entropy(&self) -> bool {
        self.options.entropy != NO_ENTROPY
    }

    /// Waits, unless the call's time is over before.
    fn later(&mut self, now: UnixTime, millis: i64) -> Option<State> {
        (millis < self.millis_left(now)).then(|| State::Waiting {
            from: now,
            until: now.plus_millis(millis),
        })
    }

    fn millis_left(&mut self, now: UnixTime) -> i64 {
        let in_all = || {
            self.options
                .timeout_millis
                .unwrap_or_else(|| self.task.method().patience_millis())
        };
        self.budget.get_or_insert_with(|| Budget::new(now, in_all())).look(now)
    }

    /// The error with what the task knows of it.
    fn explained(&self, error: Error) -> Error {
        let method = self.task.method();
        let error = match error.code() {
            ErrorCode::Unauthenticated => error.with_hint(
                "the token was not accepted: check that its account still exists and belongs to this installation",
            ),
            ErrorCode::RateLimited => error.with_hint("ask less often, or later"),
            ErrorCode::OperationFailed => return error,
            _ => error.with_hint_if_refused(method.hint()),
        };
        match method.operation_id() {
            Some(id) => error.about(&format!("the state of operation `{id}` is not known")),
            None => error,
        }
    }

    fn impatience(&self) -> Error {
        self.late("the call did not come to an end in its time", "the service")
    }

    /// The error for a call whose time ended before it had a token.
    fn tokenless(&self) -> Error {
        self.late("no token was there in the call's time", "the exchange")
    }

    fn late(&self, message: &str, slow: &str) -> Error {
        self.task.method().impatience().unwrap_or_else(|| {
            let hint = format!("give it more time, or look at what slows {slow} down");
            Error::new(ErrorCode::Timeout, message).with_hint(hint)
        })
    }
}

fn bear(request: &mut Request, token: &Secret) {
    let value = Secret::new(format!("Bearer {}", token.expose()));
    request.headers.push((AUTHORIZATION.into(), value));
}

/// What the request has in its `Authorization` header: a token may have come since that counts for the next one.
fn borne(action: &Action) -> Secret {
    let headers = match action {
        Action::Http(request) => request.headers.as_slice(),
        _ => &[],
    };
    let value = headers.iter().find(|(name, _)| name == AUTHORIZATION);
    value.map_or_else(|| Secret::new(String::new()), |(_, value)| value.clone())
}

fn unfit() -> Error {
    Error::new(
        ErrorCode::InvalidCredential,
        "what was given as a token holds characters that no token has",
    )
    .with_hint("pass the IAM token alone and whole, as it was issued")
}
