use std::fmt;

/// Why there is no request to send, or no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// This cannot be sent as a request: which part, and what is wrong with it.
    Request(&'static str),
    /// What came is not HTTP/1.1: which part, and what is wrong with it.
    Answer(&'static str),
    /// The connection ended before the whole answer was there.
    BrokenOff,
    /// The body has more bytes than the host takes.
    TooLarge(usize),
    /// The process cannot have the memory for the body.
    NoMemory,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(problem) => write!(f, "the request cannot be sent: {problem}"),
            Self::Answer(problem) => write!(f, "the answer is not HTTP/1.1: {problem}"),
            Self::BrokenOff => f.write_str("the connection closed before the whole answer was there"),
            Self::TooLarge(most) => write!(f, "the answer has more than {most} bytes"),
            Self::NoMemory => f.write_str("there is no memory for the answer"),
        }
    }
}

impl std::error::Error for Error {}
