//! What a session makes of an effect's outcome.

use super::state::{Flight, Span, State};
use super::{Held, Session, context};
use crate::effect::{Action, EffectId, Outcome};
use crate::error::{Error, ErrorCode};
use crate::exchange;
use crate::refresh::{Freshness, Schedule};
use crate::retry;
use crate::service_error;
use crate::source::{Context, Progress};
use crate::timestamp::UnixTime;

impl Session {
    /// Takes what came of an effect. A report that comes after its effect was given up is dropped, unless it is what the
    /// next caller was asked for as well: a signature or a token that a function of the program gave late is as good.
    ///
    /// # Errors
    /// [`ErrorCode::UnexpectedOutcome`] for an effect that was never issued, or an outcome of another kind than it asked for.
    pub fn complete(&mut self, id: EffectId, now: UnixTime, outcome: Outcome) -> Result<(), Error> {
        id.check_issued(self.effects_issued)?;
        let State::InFlight {
            flight,
            effect,
            span,
            stage,
        } = &self.state
        else {
            return Ok(());
        };
        let came_late = (stage.first..effect.id).contains(&id) && !matches!(outcome, Outcome::Failure(_));
        if effect.id != id && !came_late {
            return Ok(());
        }
        if !outcome.fits(&effect.action) {
            return Err(outcome.unexpected());
        }
        let (flight, span) = (*flight, *span);
        let learnt = match (&effect.action, &outcome) {
            (Action::Http(request), Outcome::Response(response))
                if self.options.endpoints.gives_tokens(&request.url) =>
            {
                self.clock.by_date_of(response, span.from, now)
            }
            _ => self.clock,
        };
        let refused = matches!(&outcome, Outcome::Response(response) if service_error::may_be_the_clock(response));
        let was_frozen = !span.covers(now);
        let answered_at = if was_frozen { now.min(span.from) } else { now };
        let result = match outcome {
            Outcome::Failure(failure) => {
                let error = failure.into_error_of(&effect.action);
                Err(self.source.failed(error))
            }
            outcome => {
                let context = Context {
                    answered_at: learnt.correct(answered_at),
                    ..context(&self.options, learnt, now)
                };
                self.source
                    .resume(context, outcome)
                    .and_then(|progress| usable(progress, context.now))
            }
        };
        // Anything on the way can answer, with any `Date`; a token and the service's own words come from the service.
        let clocks_disagree = refused && learnt.disagrees_with(self.clock);
        if refused || result.is_ok() {
            self.clock = learnt;
        }
        self.look(now);
        match result {
            Ok(progress) => {
                self.state = State::Idle;
                self.progress(now, flight, progress);
            }
            Err(_) if clocks_disagree && !flight.clock_corrected => {
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

    pub(super) fn progress(&mut self, now: UnixTime, flight: Flight, progress: Progress) {
        match progress {
            Progress::Perform(action) => self.state = State::Ready(flight, action, Span::of_use(now)),
            Progress::Done(token) => {
                let interval = self.source.renewal_interval_millis();
                let schedule = Schedule::with_renewal_interval(&token, self.options.seed, interval);
                self.held = Some(Held::new(token, schedule, self.clock, now));
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

/// Whatever a source takes for one: a new token is of some use.
fn usable(progress: Progress, now: UnixTime) -> Result<Progress, Error> {
    if let Progress::Done(token) = &progress {
        exchange::check_life(token.expires_at, now)?;
    }
    Ok(progress)
}
