//! What a session makes of an effect's outcome.

use super::state::{Flight, Span, State};
use super::{Held, Session, context};
use crate::effect::{EffectId, Outcome};
use crate::error::{Error, ErrorCode};
use crate::refresh::{Freshness, Schedule};
use crate::retry;
use crate::source::{Context, Progress};
use crate::timestamp::UnixTime;

impl Session {
    /// Takes what came of an effect. A report that comes after its effect was given up is dropped.
    ///
    /// # Errors
    /// [`ErrorCode::UnexpectedOutcome`] for an effect that was never issued, or an outcome of another kind than it asked for.
    pub fn complete(&mut self, id: EffectId, now: UnixTime, outcome: Outcome) -> Result<(), Error> {
        id.check_issued(self.effects_issued)?;
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

    pub(super) fn progress(&mut self, flight: Flight, progress: Progress) {
        match progress {
            Progress::Perform(action) => self.state = State::Ready(flight, action),
            Progress::Done(token) => {
                let interval = self.source.renewal_interval_millis();
                let schedule = Schedule::with_renewal_interval(&token, self.options.seed, interval);
                self.held = Some(Held { token, schedule });
            }
        }
    }

    /// Decides what a failure means for those who wait.
    pub(super) fn fail(&mut self, now: UnixTime, flight: Flight, error: Error) {
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
            None => State::Failed {
                flight,
                error,
                span: Span::new(now, asked_for.unwrap_or(0).max(retry::HOLD_MILLIS)),
                heard: false,
            },
        };
    }
}

/// Whether a service may refuse so because the JWT's times do not suit its clock.
fn may_be_the_clock(error: &Error) -> bool {
    matches!(
        error.code(),
        ErrorCode::BadRequest | ErrorCode::Unauthenticated | ErrorCode::PermissionDenied | ErrorCode::TokenExpired
    )
}
