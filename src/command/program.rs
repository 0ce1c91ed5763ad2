//! The program: reads what its command needs, asks for a token, calls, and ends.

use std::fmt;

use super::choice::CredentialsChoice;
use super::command_line::{self, Request};
use super::emulator_settings::EmulatorSettings;
use super::face::{HostError, ProgramOptions, ProgramStep};
use super::output::{self, Done, Format};
use super::plan::{AnswerThen, Next, Plan, Reading, Readings, TokenThen, World};
use crate::api::{Call, CallStep};
use crate::effect::{Action, Effect, EffectId, Failure, Outcome};
use crate::error::Error;
use crate::key::ServiceAccountKey;
use crate::timestamp::UnixTime;
use crate::token::AccessToken;

/// One run of the command `yc-iam`.
pub struct Program {
    stage: Stage,
    format: Format,
    flight: Option<Flight>,
    effects_issued: u64,
}

/// An effect under way, and its number within the call that asked for it.
struct Flight {
    effect: Effect,
    inner: Option<EffectId>,
}

enum Stage {
    Reading(Plan, Vec<Reading>),
    Token(CredentialsChoice, TokenThen),
    Call(CredentialsChoice, Box<Call>, AnswerThen),
    #[cfg(not(any(feature = "aws-lc", feature = "rust-crypto")))]
    Signing(ServiceAccountKey, crate::jwt::SigningInput, super::plan::JwtThen),
    Emulator(EmulatorSettings),
    Over(Done),
}

impl Program {
    /// Reads the command line. What is wrong with it is said by the first [`Program::poll`].
    #[must_use]
    pub fn new(options: &ProgramOptions<'_>) -> Self {
        let world = World {
            variable: options.variable,
            entropy: options.entropy,
            stdin_is_terminal: options.stdin_is_terminal,
        };
        let format = Format::guess(options.arguments);
        let stage = match command_line::read(options.arguments) {
            Ok(Request::Show(text)) => Stage::Over(Done::text(&text)),
            Ok(Request::Run(spec, arguments)) => match (spec.plan)(&arguments, &world) {
                Ok(plan) => Stage::Reading(plan, Vec::new()),
                Err(error) => Stage::Over(Done::failure(&error, format)),
            },
            Err(error) => Stage::Over(Done::failure(&error, format)),
        };
        Self {
            stage,
            format,
            flight: None,
            effects_issued: 0,
        }
    }

    /// What to do now, `now` being the local time. Polling too often changes nothing.
    pub fn poll(&mut self, now: UnixTime) -> ProgramStep {
        if let Some(flight) = &self.flight {
            return ProgramStep::Perform(flight.effect.clone());
        }
        self.go_on(now);
        let step = match &mut self.stage {
            Stage::Reading(plan, read) => match plan.inputs.get(read.len()) {
                Some(input) => Ok((input.action(), None)),
                // `go_on` leaves no such plan.
                None => Err(ProgramStep::Wait { until: now }),
            },
            #[cfg(not(any(feature = "aws-lc", feature = "rust-crypto")))]
            Stage::Signing(_, input, _) => Ok((Action::Sign(input.clone()), None)),
            Stage::Token(choice, _) => Err(ProgramStep::Authorize {
                credentials: choice.clone(),
                refused: None,
            }),
            Stage::Call(choice, call, _) => match call.poll(now) {
                CallStep::Perform(effect) => Ok((effect.action, Some(effect.id))),
                CallStep::Authorize { refused, .. } => Err(ProgramStep::Authorize {
                    credentials: choice.clone(),
                    refused,
                }),
                CallStep::Wait { until } => Err(ProgramStep::Wait { until }),
                // `go_on` leaves no such call.
                CallStep::Done(_) | CallStep::Fail(_) => Err(ProgramStep::Wait { until: now }),
            },
            Stage::Emulator(settings) => Err(ProgramStep::Emulate(settings.clone())),
            Stage::Over(done) => Err(ProgramStep::Exit {
                code: done.code,
                output: done.output.clone(),
                errors: done.errors.clone(),
            }),
        };
        match step {
            Ok((action, inner)) => ProgramStep::Perform(self.issue(action, inner)),
            Err(step) => step,
        }
    }

    /// Takes what came of an effect. A report on an effect that is not under way any more is dropped.
    ///
    /// # Errors
    /// [`ErrorCode::UnexpectedOutcome`](crate::ErrorCode::UnexpectedOutcome) for an effect that was never issued, or an outcome of another kind.
    pub fn complete(&mut self, id: EffectId, now: UnixTime, outcome: Outcome) -> Result<(), Error> {
        id.check_issued(self.effects_issued)?;
        let Some(flight) = self.flight.take_if(|flight| flight.effect.id == id) else {
            return Ok(());
        };
        if !outcome.fits(&flight.effect.action) {
            self.flight = Some(flight);
            return Err(outcome.unexpected());
        }
        match (
            std::mem::replace(&mut self.stage, Stage::Over(Done::default())),
            outcome,
        ) {
            (Stage::Reading(plan, mut read), outcome) => self.stage = self.read(plan, &mut read, outcome),
            (Stage::Call(choice, mut call, then), outcome) => {
                let inner = flight.inner.unwrap_or(EffectId(0));
                let result = call.complete(inner, now, outcome);
                self.stage = Stage::Call(choice, call, then);
                result?;
            }
            #[cfg(not(any(feature = "aws-lc", feature = "rust-crypto")))]
            (Stage::Signing(_, input, then), Outcome::Signature(signature)) => match input.assemble(&signature) {
                Ok(jwt) => self.stage = Stage::Over(then(&jwt)),
                Err(error) => self.end(&error),
            },
            (_, Outcome::Failure(failure)) => self.end(&failure.into()),
            (stage, _) => self.stage = stage,
        }
        Ok(())
    }

    /// Takes the token that [`ProgramStep::Authorize`] asked for; at any other time it changes nothing.
    pub fn authorize(&mut self, token: &AccessToken) {
        match std::mem::replace(&mut self.stage, Stage::Over(Done::default())) {
            Stage::Token(_, then) => match then(token) {
                Ok(done) => self.stage = Stage::Over(done),
                Err(error) => self.end(&error),
            },
            Stage::Call(choice, mut call, then) => {
                call.authorize(&token.value);
                self.stage = Stage::Call(choice, call, then);
            }
            stage => self.stage = stage,
        }
    }

    /// Ends the program with an error of the host's: the credentials could not be made, or gave no token.
    pub fn fail(&mut self, error: HostError<'_>) {
        if matches!(self.stage, Stage::Over(_)) {
            return;
        }
        self.flight = None;
        self.end(&error.into());
    }

    /// Says that the emulator was interrupted, or why it could not be run: [`FailureKind::File`](crate::FailureKind)
    /// if the key could not be written, else the port.
    pub fn emulated(&mut self, failure: Option<Failure>) {
        if let Stage::Emulator(settings) = &self.stage {
            self.stage = Stage::Over(settings.end(failure));
        }
    }

    /// Says that standard output could not be written, and why. The next step ends the process with that, or says what it
    /// said before, where there was nothing to write.
    ///
    /// Whoever reads may go away, and that is no failure: end as if all had been written.
    pub fn unwritten(&mut self, detail: &str) {
        let had_output = match &self.stage {
            Stage::Over(done) => !done.output.expose().is_empty(),
            // Its announcement.
            Stage::Emulator(_) => true,
            _ => false,
        };
        if had_output {
            self.end(&output::unwritten(detail));
        }
    }

    /// The key that [`Action::Sign`] is to be done with.
    #[must_use]
    pub fn signing_key(&self) -> Option<&ServiceAccountKey> {
        match &self.stage {
            #[cfg(not(any(feature = "aws-lc", feature = "rust-crypto")))]
            Stage::Signing(key, ..) => Some(key),
            _ => None,
        }
    }

    /// Does what can be done without the host.
    fn go_on(&mut self, now: UnixTime) {
        let next = match std::mem::replace(&mut self.stage, Stage::Over(Done::default())) {
            Stage::Reading(plan, read) if read.len() >= plan.inputs.len() => (plan.then)((Readings::new(read), now)),
            Stage::Call(choice, mut call, then) => match call.poll(now) {
                CallStep::Done(answer) => then(answer).map(Next::Done),
                CallStep::Fail(error) => Err(error),
                _ => Ok(Next::Call(choice, call, then)),
            },
            stage => {
                self.stage = stage;
                return;
            }
        };
        match next {
            Ok(next) => self.stage = Stage::from(next),
            Err(error) => self.end(&error),
        }
    }

    fn read(&self, plan: Plan, read: &mut Vec<Reading>, outcome: Outcome) -> Stage {
        let Some(input) = plan.inputs.get(read.len()) else {
            return Stage::Reading(plan, std::mem::take(read));
        };
        let input = input.clone();
        if !input.may_fail()
            && let Outcome::Failure(failure) = outcome
        {
            let error = input.about(failure.into());
            return Stage::Over(Done::failure(&error, self.format));
        }
        read.push(Reading { input, outcome });
        Stage::Reading(plan, std::mem::take(read))
    }

    fn issue(&mut self, action: Action, inner: Option<EffectId>) -> Effect {
        self.effects_issued += 1;
        let effect = Effect {
            id: EffectId(self.effects_issued),
            action,
        };
        self.flight = Some(Flight {
            effect: effect.clone(),
            inner,
        });
        effect
    }

    fn end(&mut self, error: &Error) {
        self.stage = Stage::Over(Done::failure(error, self.format));
    }
}

impl From<Next> for Stage {
    fn from(next: Next) -> Self {
        match next {
            Next::Done(done) => Self::Over(done),
            Next::Token(choice, then) => Self::Token(choice, then),
            Next::Call(choice, call, then) => Self::Call(choice, call, then),
            #[cfg(not(any(feature = "aws-lc", feature = "rust-crypto")))]
            Next::Sign(key, input, then) => Self::Signing(key, input, then),
            Next::Emulate(settings) => Self::Emulator(settings),
        }
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match &self.stage {
            Stage::Reading(..) => "Reading",
            Stage::Token(..) => "Token",
            Stage::Call(..) => "Call",
            #[cfg(not(any(feature = "aws-lc", feature = "rust-crypto")))]
            Stage::Signing(..) => "Signing",
            Stage::Emulator(_) => "Emulator",
            Stage::Over(_) => "Over",
        };
        f.debug_struct("Program").field("stage", &stage).finish_non_exhaustive()
    }
}
