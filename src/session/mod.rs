//! The one stateful room: holds a token, and decides at each call what must happen for there to be one.

mod clock;
mod held;
mod report;
mod state;
mod step;

pub use self::step::Step;

use self::clock::Clock;
use self::held::Held;
use self::state::{FIRST_TRY, Flight, Span, Stage, State};
use crate::effect::{Action, Effect, EffectId};
use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorCode};
use crate::key::ServiceAccountKey;
use crate::refresh::{Freshness, Schedule};
use crate::retry;
use crate::secret::Secret;
use crate::source::{Context, Source};
use crate::timestamp::UnixTime;

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
        let freshness = self.look(now);
        if freshness == Freshness::Fresh {
            return self.serve(now);
        }
        let alive = freshness == Freshness::Stale;
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Idle => self.start(now, FIRST_TRY, alive),
            State::Ready(flight, action, span) if span.covers(now) => self.hand_out(now, flight, action, alive, None),
            State::Ready(flight, ..) => self.start(now, flight, alive),
            State::InFlight {
                flight,
                effect,
                span,
                stage,
            } => {
                if span.covers(now) {
                    let wait = Step::Wait {
                        until: span.until,
                        in_flight: true,
                    };
                    self.state = State::InFlight {
                        flight,
                        effect,
                        span,
                        stage,
                    };
                    self.serve_or(now, alive, wait)
                } else if stage.span.covers(now) && !matches!(effect.action, Action::Http(_)) {
                    // Whoever is slow to do it may still come first, and what comes of it is as good.
                    self.hand_out(now, flight, effect.action, alive, Some(stage))
                } else {
                    self.start(now, flight, alive)
                }
            }
            State::BackOff(flight, span) => {
                if span.covers(now) {
                    self.state = State::BackOff(flight, span);
                    let wait = Step::Wait {
                        until: span.until,
                        in_flight: false,
                    };
                    self.serve_or(now, alive, wait)
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
                        Step::Fail(error.clone().after_millis(now.millis_since(span.from)))
                    };
                    self.state = State::Quiet {
                        error,
                        tried,
                        asked_for,
                    };
                    self.serve_or(now, alive, step)
                } else {
                    self.start(now, FIRST_TRY, alive)
                }
            }
            State::Failed {
                flight,
                error,
                span,
                heard,
            } => {
                // Whoever always comes too late for the error would otherwise begin anew for ever.
                let overdue = flight.after_unheard && !heard && !alive && !span.covers(now);
                let span = if overdue {
                    Span::new(now, retry::HOLD_MILLIS)
                } else {
                    span
                };
                if span.covers(now) {
                    self.state = State::Failed {
                        flight,
                        error: error.clone(),
                        span,
                        heard: heard || !alive,
                    };
                    self.serve_or(now, alive, Step::Fail(error.after_millis(now.millis_since(span.from))))
                } else {
                    let flight = Flight {
                        after_unheard: !heard,
                        ..FIRST_TRY
                    };
                    self.start(now, flight, alive)
                }
            }
        }
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
            held.reschedule(Schedule::with_renewal_interval(&held.token, seed, interval));
        }
    }

    /// The key that an [`Action::Sign`] under way is to be done with, for a host that signs with its platform's means.
    #[must_use]
    pub fn signing_key(&self) -> Option<&ServiceAccountKey> {
        self.source.signing_key()
    }

    /// Notices how time goes on, which a clock may deny.
    fn look(&mut self, now: UnixTime) -> Freshness {
        self.held.as_mut().map_or(Freshness::Expired, |held| held.look(now))
    }

    fn freshness(&self, now: UnixTime) -> Freshness {
        self.held
            .as_ref()
            .map_or(Freshness::Expired, |held| held.freshness(now))
    }

    /// The held token; an expired one never comes here.
    fn serve(&self, now: UnixTime) -> Step {
        match &self.held {
            Some(held) => Step::Use {
                token: held.token.clone(),
                fresh_until: held.fresh_until(now),
            },
            None => Step::Fail(Error::new(ErrorCode::UnexpectedOutcome, "there is no token to serve")),
        }
    }

    fn serve_or(&self, now: UnixTime, alive: bool, step: Step) -> Step {
        if alive { self.serve(now) } else { step }
    }

    fn start(&mut self, now: UnixTime, flight: Flight, alive: bool) -> Step {
        match self.source.start(context(&self.options, self.clock, now)) {
            Ok(progress) => {
                self.progress(now, flight, progress);
                match std::mem::replace(&mut self.state, State::Idle) {
                    State::Ready(flight, action, _) => self.hand_out(now, flight, action, alive, None),
                    _ => self.serve_at_once(now, flight),
                }
            }
            Err(error) => self.fail_at_once(now, flight, error, alive),
        }
    }

    /// A token that needed no effect is not new, and may be too near to its end.
    fn serve_at_once(&mut self, now: UnixTime, flight: Flight) -> Step {
        if self.freshness(now) != Freshness::Expired {
            return self.serve(now);
        }
        let error = Error::new(
            ErrorCode::InvalidCredential,
            "the token that was passed in ends within a minute",
        )
        .with_hint("pass a new one, or credentials that renew themselves");
        self.fail_at_once(now, flight, error, false)
    }

    /// Whoever asked hears of it.
    fn fail_at_once(&mut self, now: UnixTime, flight: Flight, error: Error, alive: bool) -> Step {
        self.fail(now, flight, error.clone());
        if let State::Failed { heard, .. } = &mut self.state {
            *heard = true;
        }
        self.serve_or(now, alive, Step::Fail(error))
    }

    /// Makes an effect of it, of a new stage unless it belongs to one.
    fn hand_out(
        &mut self,
        now: UnixTime,
        flight: Flight,
        mut action: Action,
        alive: bool,
        stage: Option<Stage>,
    ) -> Step {
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
        let span = Span::new(now, i64::from(effect.action.timeout_millis()) + LOST_AFTER_MILLIS);
        self.state = State::InFlight {
            flight,
            effect: effect.clone(),
            span,
            stage: stage.unwrap_or_else(|| Stage::new(effect.id, now)),
        };
        Step::Perform(effect)
    }
}

fn context(options: &SessionOptions, clock: Clock, now: UnixTime) -> Context<'_> {
    Context {
        now: clock.correct(now),
        answered_at: clock.correct(now),
        endpoints: &options.endpoints,
    }
}
