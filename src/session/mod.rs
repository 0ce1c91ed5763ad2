//! The one stateful room: holds a token, and decides at each call what must happen for there to be one.

mod clock;

mod state;
mod step;

pub use self::step::Step;

use self::clock::Clock;
use self::state::{FIRST_TRY, Flight, Span, State};
use crate::effect::{Action, Effect, EffectId, Outcome};
use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorCode};
use crate::key::ServiceAccountKey;
use crate::refresh::{Freshness, Schedule};
use crate::retry;
use crate::secret::Secret;
use crate::source::{Context, Progress, Source};
use crate::timestamp::UnixTime;
use crate::token::AccessToken;

/// A host that was frozen or died may never report: this long after its time is over, the effect counts as lost.
const LOST_AFTER_MILLIS: i64 = 5_000;

/// Whoever has a good token in the hand is not kept longer than this for a better one.
const RENEWAL_TIMEOUT_MILLIS: u32 = 3_000;

/// Options of a session.
#[derive(Clone, Debug, Default)]
pub struct SessionOptions {
    /// Where the services are.
    pub endpoints: Endpoints,
    /// Any number that differs from process to process: it spreads the renewals and retries of a fleet.
    pub seed: u64,
}

/// Credentials at work: no clock, no I/O, no locks; see the crate's documentation for the loop.
#[derive(Debug)]
pub struct Session {
    source: Box<dyn Source>,
    options: SessionOptions,
    clock: Clock,
    held: Option<Held>,
    state: State,
    effects_issued: u64,
}

#[derive(Debug)]
struct Held {
    token: AccessToken,
    schedule: Schedule,
}

impl Session {
    /// A session that has no token yet. Nothing happens before the first poll.
    #[must_use]
    pub fn new(source: impl Source + 'static, options: SessionOptions) -> Self {
        Self {
            source: Box::new(source),
            options,
            clock: Clock::default(),
            held: None,
            state: State::Idle,
            effects_issued: 0,
        }
    }

    /// What to do now, `now` being the local time. Polling too often changes nothing.
    pub fn poll(&mut self, now: UnixTime) -> Step {
        let freshness = self.freshness(now);
        if freshness == Freshness::Fresh {
            return self.serve();
        }
        let alive = freshness == Freshness::Stale;
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Idle => self.start(now, FIRST_TRY, alive),
            State::Ready(flight, action) => self.hand_out(now, flight, action, alive),
            State::InFlight { flight, effect, span } => {
                if span.covers(now) {
                    let wait = Step::Wait {
                        until: span.until,
                        in_flight: true,
                    };
                    self.state = State::InFlight { flight, effect, span };
                    self.serve_or(alive, wait)
                } else {
                    self.start(now, flight, alive)
                }
            }
            State::BackOff(flight, span) => {
                if span.covers(now) {
                    self.state = State::BackOff(flight, span);
                    self.serve_or(
                        alive,
                        Step::Wait {
                            until: span.until,
                            in_flight: false,
                        },
                    )
                } else {
                    self.start(now, flight, alive)
                }
            }
            State::Quiet {
                error,
                tried,
                asked_for,
            } => {
                let span = if alive { tried } else { asked_for };
                if span.covers(now) {
                    let step = if span.is_bearable() {
                        Step::Wait {
                            until: span.until,
                            in_flight: false,
                        }
                    } else {
                        Step::Fail(error.clone())
                    };
                    self.state = State::Quiet {
                        error,
                        tried,
                        asked_for,
                    };
                    self.serve_or(alive, step)
                } else {
                    self.start(now, FIRST_TRY, alive)
                }
            }
            State::Failed(error, span) => {
                if span.covers(now) {
                    self.state = State::Failed(error.clone(), span);
                    self.serve_or(alive, Step::Fail(error))
                } else {
                    self.start(now, FIRST_TRY, alive)
                }
            }
        }
    }

    /// Takes what came of an effect. A report that comes after its effect was given up is dropped.
    ///
    /// # Errors
    /// [`ErrorCode::UnexpectedOutcome`] for an effect that was never issued, or an outcome of another kind than it asked for.
    pub fn complete(&mut self, id: EffectId, now: UnixTime, outcome: Outcome) -> Result<(), Error> {
        if id.0 == 0 || id.0 > self.effects_issued {
            return Err(Error::new(
                ErrorCode::UnexpectedOutcome,
                format!("no effect `{}` was ever asked for", id.0),
            )
            .with_hint("report each outcome once, under the ID of its own effect"));
        }
        let (flight, span) = match &self.state {
            State::InFlight { flight, effect, span } if effect.id == id => {
                if !outcome.fits(&effect.action) {
                    return Err(outcome.unexpected());
                }
                (*flight, *span)
            }
            _ => return Ok(()),
        };
        let mut clocks_disagree = false;
        if let Outcome::Response(response) = &outcome {
            clocks_disagree = self.clock.observe(response, span.from, now);
        }
        let was_frozen = !span.covers(now);
        let answered_at = if was_frozen { now.min(span.from) } else { now };
        let result = match outcome {
            Outcome::Failure(failure) => Err(self.source.failed(failure.into())),
            outcome => {
                let context = Context {
                    answered_at: self.clock.correct(answered_at),
                    ..context(&self.options, self.clock, now)
                };
                self.source.resume(context, outcome)
            }
        };
        match result {
            Ok(progress) => {
                self.state = State::Idle;
                self.progress(flight, progress);
            }
            Err(error) if clocks_disagree && !flight.clock_corrected && may_be_the_clock(&error) => {
                let flight = Flight {
                    clock_corrected: true,
                    ..flight
                };
                self.state = State::BackOff(flight, Span::new(now, 0));
            }
            // The token ended while the process was frozen, which says nothing about anybody's clock.
            Err(error) if was_frozen && error.code() == ErrorCode::TokenExpired => {
                self.state = State::BackOff(flight, Span::new(now, 0));
            }
            // Whoever performed it gave up, which says nothing about the service: the next caller takes over at once.
            Err(error) if error.code() == ErrorCode::Cancelled => {
                self.state = State::BackOff(flight, Span::new(now, 0))
            }
            Err(error) => self.fail(now, flight, error),
        }
        Ok(())
    }

    /// Drops the token because a service answered 401 to it. Ignored unless this is still the current one.
    /// True if it was dropped.
    pub fn invalidate(&mut self, token: &Secret) -> bool {
        let current = self.held.as_ref().is_some_and(|held| held.token.value == *token);
        if current {
            self.held = None;
            self.source.refused();
        }
        current
    }

    /// Goes on in a process that was forked off: what was under way there is not awaited here, and the seed is the new
    /// process's own. The token, if there is one, serves both.
    pub fn forked(&mut self, seed: u64) {
        self.options.seed = seed;
        if matches!(self.state, State::Ready(..) | State::InFlight { .. }) {
            self.state = State::Idle;
        }
        if let Some(held) = &mut self.held {
            let interval = self.source.renewal_interval_millis();
            held.schedule = Schedule::with_renewal_interval(&held.token, seed, interval);
        }
    }

    /// The key that an [`Action::Sign`] under way is to be done with, for a host that signs with its platform's means.
    #[must_use]
    pub fn signing_key(&self) -> Option<&ServiceAccountKey> {
        self.source.signing_key()
    }

    fn freshness(&self, now: UnixTime) -> Freshness {
        let now = self.clock.correct(now);
        self.held
            .as_ref()
            .map_or(Freshness::Expired, |held| held.schedule.freshness(now))
    }

    /// The held token; an expired one never comes here.
    fn serve(&self) -> Step {
        match &self.held {
            Some(held) => Step::Use {
                token: held.token.clone(),
                fresh_until: self.clock.to_local(held.schedule.stale_at),
            },
            None => Step::Fail(Error::new(ErrorCode::UnexpectedOutcome, "there is no token to serve")),
        }
    }

    fn serve_or(&self, alive: bool, step: Step) -> Step {
        if alive { self.serve() } else { step }
    }

    fn start(&mut self, now: UnixTime, flight: Flight, alive: bool) -> Step {
        match self.source.start(context(&self.options, self.clock, now)) {
            Ok(progress) => {
                self.progress(flight, progress);
                match std::mem::replace(&mut self.state, State::Idle) {
                    State::Ready(flight, action) => self.hand_out(now, flight, action, alive),
                    _ => self.serve_at_once(now, flight),
                }
            }
            Err(error) => {
                self.fail(now, flight, error.clone());
                self.serve_or(alive, Step::Fail(error))
            }
        }
    }

    fn progress(&mut self, flight: Flight, progress: Progress) {
        match progress {
            Progress::Perform(action) => self.state = State::Ready(flight, action),
            Progress::Done(token) => {
                let interval = self.source.renewal_interval_millis();
                let schedule = Schedule::with_renewal_interval(&token, self.options.seed, interval);
                self.held = Some(Held { token, schedule });
            }
        }
    }

    /// A token that needed no effect is not new, and may be too near to its end.
    fn serve_at_once(&mut self, now: UnixTime, flight: Flight) -> Step {
        if self.freshness(now) != Freshness::Expired {
            return self.serve();
        }
        let error = Error::new(
            ErrorCode::InvalidCredential,
            "the token that was passed in ends within a minute",
        )
        .with_hint("pass a new one, or credentials that renew themselves");
        self.fail(now, flight, error.clone());
        Step::Fail(error)
    }

    fn hand_out(&mut self, now: UnixTime, flight: Flight, mut action: Action, alive: bool) -> Step {
        if let Action::Http(request) = &mut action
            && alive
        {
            request.timeout_millis = request.timeout_millis.min(RENEWAL_TIMEOUT_MILLIS);
        }
        self.effects_issued += 1;
        let effect = Effect {
            id: EffectId(self.effects_issued),
            action,
        };
        let span = Span::new(now, effect.action.timeout_millis() + LOST_AFTER_MILLIS);
        self.state = State::InFlight {
            flight,
            effect: effect.clone(),
            span,
        };
        Step::Perform(effect)
    }

    /// Decides what a failure means for those who wait.
    fn fail(&mut self, now: UnixTime, flight: Flight, error: Error) {
        let asked_for = retry::asked_for_millis(&error);
        if self.freshness(now) == Freshness::Stale {
            self.state = State::Quiet {
                error,
                tried: Span::new(now, retry::QUIET_MILLIS.max(asked_for.unwrap_or(0))),
                asked_for: Span::new(now, asked_for.unwrap_or(0)),
            };
            return;
        }
        self.state = match retry::back_off_millis(&error, flight.attempt, self.options.seed, self.effects_issued) {
            Some(millis) => State::BackOff(
                Flight {
                    attempt: flight.attempt + 1,
                    ..flight
                },
                Span::new(now, millis),
            ),
            None => State::Failed(error, Span::new(now, asked_for.unwrap_or(0).max(retry::HOLD_MILLIS))),
        };
    }
}

fn context(options: &SessionOptions, clock: Clock, now: UnixTime) -> Context<'_> {
    Context {
        now: clock.correct(now),
        answered_at: clock.correct(now),
        endpoints: &options.endpoints,
    }
}

/// Whether a service may refuse so because the JWT's times do not suit its clock.
fn may_be_the_clock(error: &Error) -> bool {
    matches!(
        error.code(),
        ErrorCode::BadRequest | ErrorCode::Unauthenticated | ErrorCode::PermissionDenied | ErrorCode::TokenExpired
    )
}
