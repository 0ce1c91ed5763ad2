//! What a host is asked to do, and what it reports back.

use std::fmt;

use crate::error::{Error, ErrorCode};
use crate::http::{Request, Response};
use crate::jwt::SigningInput;
use crate::redact;

/// The number of an effect, unique within its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EffectId(pub u64);

impl EffectId {
    /// Refuses an ID that is not among the first so many, which are those that were issued.
    pub(crate) fn check_issued(self, issued: u64) -> Result<(), Error> {
        if (1..=issued).contains(&self.0) {
            return Ok(());
        }
        let message = format!("no effect `{}` was ever asked for", self.0);
        Err(Error::new(ErrorCode::UnexpectedOutcome, message)
            .with_hint("report each outcome once, under the ID of its own effect"))
    }
}

/// One thing to do for the session. Whoever gets it owns the flight: do it, then report it with the ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// To be handed back to [`Session::complete`](crate::Session::complete).
    pub id: EffectId,
    /// What to do.
    pub action: Action,
}

/// What there is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Send this request; report the response or the failure.
    Http(Request),
    /// Read this file; report its bytes or the failure.
    ReadFile(String),
    /// Read this environment variable; report its bytes, or that it is not set.
    ReadVariable(String),
    /// Read standard input to its end; report its bytes or the failure. Only a
    /// [`Program`](crate::command::Program) asks for it.
    ReadInput,
    /// Call the program's own supplier of subject tokens; report what it gave, or the failure.
    Supply,
    /// Sign these bytes with PS256 and the source's key; report the raw signature or the failure.
    Sign(SigningInput),
}

/// What a file, a variable or standard input may take, in milliseconds.
const READ_TIMEOUT_MILLIS: u32 = 10_000;

/// What a function of the program may take, in milliseconds: a signer or a supplier asks services of its own.
const FUNCTION_TIMEOUT_MILLIS: u32 = 30_000;

impl Action {
    /// The time that the host may take, in milliseconds: what a request says, thirty seconds for the program's own
    /// functions ([`Action::Supply`] and [`Action::Sign`]), ten for the rest.
    ///
    /// A host that can stop waiting does so then, and reports [`FailureKind::Timeout`]. Five seconds later, the session
    /// takes the effect for lost, and has the next caller do it.
    #[must_use]
    pub const fn timeout_millis(&self) -> u32 {
        match self {
            Self::Http(request) => request.timeout_millis,
            Self::ReadFile(_) | Self::ReadVariable(_) | Self::ReadInput => READ_TIMEOUT_MILLIS,
            Self::Supply | Self::Sign(_) => FUNCTION_TIMEOUT_MILLIS,
        }
    }
}

/// What came of an effect. `Debug` shows no byte of a file or a signature.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome {
    /// An HTTP response, whatever its status.
    Response(Response),
    /// What a file, a variable, standard input or the supplier holds.
    File(Vec<u8>),
    /// A raw PS256 signature.
    Signature(Vec<u8>),
    /// It could not be done.
    Failure(Failure),
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Response(response) => f.debug_tuple("Response").field(response).finish(),
            Self::File(content) => write!(f, "File([{} bytes])", content.len()),
            Self::Signature(signature) => write!(f, "Signature([{} bytes])", signature.len()),
            Self::Failure(failure) => f.debug_tuple("Failure").field(failure).finish(),
        }
    }
}

impl Outcome {
    pub(crate) fn fits(&self, action: &Action) -> bool {
        matches!(
            (self, action),
            (Self::Response(_), Action::Http(_))
                | (
                    Self::File(_),
                    Action::ReadFile(_) | Action::ReadVariable(_) | Action::ReadInput | Action::Supply
                )
                | (Self::Signature(_), Action::Sign(_))
                | (Self::Failure(_), _)
        )
    }

    pub(crate) fn unexpected(&self) -> Error {
        let kind = match self {
            Self::Response(_) => "a response",
            Self::File(_) => "a file",
            Self::Signature(_) => "a signature",
            Self::Failure(_) => "a failure",
        };
        Error::new(
            ErrorCode::UnexpectedOutcome,
            format!("{kind} was reported, but something else was asked for"),
        )
        .with_hint("report each outcome once, under the ID of its own effect")
    }
}

/// How an effect can fail in a host's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No connection, or it broke before the whole answer was there.
    Connection,
    /// No whole answer in time, or nothing at all within [`Action::timeout_millis`].
    Timeout,
    /// The certificate, the host name or the handshake was bad.
    Tls,
    /// The one who waited for it gave up.
    Cancelled,
    /// The file is not there or cannot be read.
    File,
    /// The environment variable is not set.
    Variable,
    /// The program's own supplier failed.
    Supplier,
    /// The signer outside could not sign.
    Signing,
    /// Anything else.
    Other,
}

impl FailureKind {
    const ALL: &'static [(Self, &'static str, ErrorCode, &'static str, &'static str)] = &[
        (
            Self::Connection,
            "connection",
            ErrorCode::ConnectionFailed,
            "the service could not be reached",
            "check the network, the proxy settings and the endpoint",
        ),
        (
            Self::Timeout,
            "timeout",
            ErrorCode::Timeout,
            "the service did not answer in time",
            "check the network, the proxy settings and the endpoint",
        ),
        (
            Self::Tls,
            "tls",
            ErrorCode::TlsFailed,
            "TLS to the service failed",
            "check the endpoint's host name, this machine's certificate authorities and its clock",
        ),
        (
            Self::Cancelled,
            "cancelled",
            ErrorCode::Cancelled,
            "the request was cancelled",
            "ask again",
        ),
        (
            Self::File,
            "file",
            ErrorCode::UnreadableFile,
            "the file could not be read",
            "check the path and the permissions",
        ),
        (
            Self::Variable,
            "variable",
            ErrorCode::MissingVariable,
            "the environment variable is not set",
            "set it, or name another",
        ),
        (
            Self::Supplier,
            "supplier",
            ErrorCode::SupplierFailed,
            "the supplier of subject tokens failed",
            "check the function that was passed in",
        ),
        (
            Self::Signing,
            "signing",
            ErrorCode::SigningFailed,
            "the signer failed",
            "check the signer that was passed in",
        ),
        (
            Self::Other,
            "other",
            ErrorCode::TransportFailed,
            "the transport failed",
            "check the transport that was passed in",
        ),
    ];

    /// The kind of this name, as hosts write it.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for any other name.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        Self::ALL
            .iter()
            .find(|row| row.1 == name)
            .map(|row| row.0)
            .ok_or_else(|| {
                Error::new(
                    ErrorCode::InvalidArgument,
                    format!("there is no kind of failure called `{}`", redact::quote(name, 40)),
                )
                .with_hint("pass `connection`, `timeout`, `tls`, `cancelled`, `file`, `variable`, `supplier`, `signing` or `other`")
            })
    }
}

/// That an effect failed, and what the host's own error said.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure {
    /// How it failed.
    pub kind: FailureKind,
    /// The host's words; secrets are taken out before they are shown.
    pub detail: String,
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure")
            .field("kind", &self.kind)
            .field("detail", &redact::redact(&self.detail))
            .finish()
    }
}

impl Failure {
    /// The error that it is for whoever asked for this action.
    pub(crate) fn into_error_of(self, action: &Action) -> Error {
        let late = self.kind == FailureKind::Timeout;
        let (who, hint) = match action {
            Action::Supply => ("the supplier of subject tokens", HINT_AT_A_FUNCTION),
            Action::Sign(_) => ("the signer", HINT_AT_A_FUNCTION),
            Action::ReadFile(_) => ("reading the file", "check the file system that it is on"),
            Action::Http(_) | Action::ReadVariable(_) | Action::ReadInput => return self.into(),
        };
        if !late {
            return self.into();
        }
        let secs = action.timeout_millis() / 1000;
        Error::new(ErrorCode::Timeout, format!("{who} took longer than {secs} s")).with_hint(hint)
    }
}

const HINT_AT_A_FUNCTION: &str = "check the function that was passed in, and what it waits for";

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let row = FailureKind::ALL.iter().find(|row| row.0 == failure.kind);
        let (code, message, hint) = row.map_or((ErrorCode::TransportFailed, "", ""), |row| (row.2, row.3, row.4));
        let detail = redact::quote(&failure.detail, 200);
        let message = if detail.is_empty() {
            message.to_owned()
        } else {
            format!("{message}: `{detail}`")
        };
        Self::new(code, message).with_hint(hint)
    }
}
