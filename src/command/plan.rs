//! What a command comes to: what is read first, and what is done with it.

use std::fmt;

use zeroize::Zeroizing;

use super::choice::CredentialsChoice;
use super::emulator_settings::EmulatorSettings;
use super::output::Done;
use crate::api::{Answer, Call};
use crate::effect::{Action, Outcome};
use crate::error::{Error, ErrorCode};
use crate::key::path;
use crate::secret::Secret;
use crate::timestamp::UnixTime;
use crate::token::AccessToken;

/// What a command knows of the world when it is called.
#[derive(Clone, Copy)]
pub(super) struct World<'a> {
    pub(super) variable: &'a dyn Fn(&str) -> Option<String>,
    pub(super) entropy: [u8; 16],
    pub(super) stdin_is_terminal: bool,
}

impl World<'_> {
    /// A variable that is set and not empty.
    pub(super) fn given(&self, name: &str) -> Option<String> {
        (self.variable)(name).filter(|value| !value.trim().is_empty())
    }
}

/// Something to read before anything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    File(String),
    /// A file whose absence means something to the command.
    FileIfThere(String),
    Standard,
}

impl Input {
    /// A path, or `-` for standard input.
    pub(super) fn new(path: &str) -> Self {
        if path == "-" {
            Self::Standard
        } else {
            Self::File(path.to_owned())
        }
    }

    pub(super) fn action(&self) -> Action {
        match self {
            Self::File(path) | Self::FileIfThere(path) => Action::ReadFile(path.clone()),
            Self::Standard => Action::ReadInput,
        }
    }

    /// Whether the command goes on without it.
    pub(super) fn may_fail(&self) -> bool {
        matches!(self, Self::FileIfThere(_))
    }

    /// As messages name it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) | Self::FileIfThere(path) => path::name(path),
            Self::Standard => "standard input".to_owned(),
        }
    }

    /// The error with the input's name in front.
    pub(super) fn about(&self, error: Error) -> Error {
        match self {
            Self::File(path) | Self::FileIfThere(path) => path::about(error, path),
            Self::Standard => error.about(&self.name()),
        }
    }
}

/// What came of an input.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) input: Input,
    pub(super) outcome: Outcome,
}

impl Reading {
    /// What was read.
    pub(super) fn content(self) -> Result<Zeroizing<Vec<u8>>, Error> {
        match self.outcome {
            Outcome::File(content) => Ok(Zeroizing::new(content)),
            Outcome::Failure(failure) => Err(self.input.about(failure.into())),
            other => Err(other.unexpected()),
        }
    }

    /// What was read, as text without white space around it.
    pub(super) fn text(self) -> Result<Secret, Error> {
        let name = self.input.name();
        let content = self.content()?;
        let text = std::str::from_utf8(&content).map_err(|_| {
            Error::new(ErrorCode::InvalidCredential, format!("{name} is not text"))
                .with_hint("check that it is the right file")
        })?;
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        Ok(Secret::new(text.to_owned()))
    }
}

type Step<T> = Box<dyn FnOnce(T) -> Result<Next, Error> + Send + Sync>;

/// Read these, then go on.
pub(super) struct Plan {
    pub(super) inputs: Vec<Input>,
    pub(super) then: Step<(Readings, UnixTime)>,
}

/// What came of a plan's inputs, in their order.
pub(super) struct Readings(std::vec::IntoIter<Reading>);

impl Readings {
    pub(super) fn new(readings: Vec<Reading>) -> Self {
        Self(readings.into_iter())
    }

    /// The next one; each is there once.
    pub(super) fn next(&mut self) -> Result<Reading, Error> {
        self.0.next().ok_or_else(|| {
            Error::new(ErrorCode::UnexpectedOutcome, "an input is missing").with_hint("report this as a bug")
        })
    }
}

impl Plan {
    /// A plan; standard input can be read once only.
    pub(super) fn new(
        inputs: Vec<Input>,
        then: impl FnOnce(Readings, UnixTime) -> Result<Next, Error> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        if inputs.iter().filter(|input| **input == Input::Standard).count() > 1 {
            let message = "standard input was asked for twice";
            return Err(
                Error::new(ErrorCode::InvalidArgument, message).with_hint("write `-` once, and name files otherwise")
            );
        }
        Ok(Self {
            inputs,
            then: Box::new(move |(readings, now)| then(readings, now)),
        })
    }
}

/// What follows.
pub(super) enum Next {
    Done(Done),
    /// Get a token by these credentials.
    Token(CredentialsChoice, TokenThen),
    /// Make this call, with tokens by these credentials.
    Call(CredentialsChoice, Box<Call>, AnswerThen),
    /// Sign with this key.
    #[cfg(not(any(feature = "aws-lc", feature = "rust-crypto")))]
    Sign(crate::key::ServiceAccountKey, crate::jwt::SigningInput, JwtThen),
    Emulate(EmulatorSettings),
}

pub(super) type TokenThen = Box<dyn FnOnce(&AccessToken) -> Result<Done, Error> + Send + Sync>;
pub(super) type AnswerThen = Box<dyn FnOnce(Answer) -> Result<Done, Error> + Send + Sync>;
#[cfg(not(any(feature = "aws-lc", feature = "rust-crypto")))]
pub(super) type JwtThen = Box<dyn FnOnce(&Secret) -> Done + Send + Sync>;

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("inputs", &self.inputs)
            .finish_non_exhaustive()
    }
}
