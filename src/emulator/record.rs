//! What was received and what was decided, without a secret, for those who ask why.

use std::collections::VecDeque;
use std::fmt;

use crate::redact::redact;
use crate::timestamp::UnixTime;

/// One request as it was received, with every credential taken out, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// When, by the emulator's clock.
    pub at: UnixTime,
    /// The method.
    pub method: String,
    /// Path and query, redacted.
    pub target: String,
    /// Headers, their values redacted.
    pub headers: Vec<(String, String)>,
    /// The body, redacted; what is not UTF-8 is replaced.
    pub body: String,
    /// The JWT's header as JSON text, where the body held a JWT that can be decoded.
    pub jwt_header: Option<String>,
    /// The JWT's claims as JSON text, where the body held a JWT that can be decoded.
    pub jwt_claims: Option<String>,
    /// What was decided, whether or not the answer arrived.
    pub verdict: Verdict,
    /// The answer's status.
    pub status: u16,
    /// The answer's request ID; empty where it has none.
    pub request_id: String,
    /// The ordered faults that struck it, in words.
    pub faults: Vec<String>,
}

/// A line for people to read: when (UTC), what, the answer's status, what was decided and why. Below it, unless it was
/// accepted, the JWT's header and claims.
impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = self.verdict.to_string();
        let Self {
            method, target, status, ..
        } = self;
        write!(
            f,
            "{} {method} {target} -> {status} {verdict}",
            self.at.to_rfc3339_millis()
        )?;
        let unsaid: Vec<&str> = self
            .faults
            .iter()
            .map(String::as_str)
            .filter(|fault| !verdict.contains(fault))
            .collect();
        if !unsaid.is_empty() {
            write!(f, " [{}]", unsaid.join(", "))?;
        }
        if self.verdict.is_accepted() {
            return Ok(());
        }
        [&self.jwt_header, &self.jwt_claims]
            .into_iter()
            .flatten()
            .try_for_each(|part| write!(f, "\n    {part}"))
    }
}

/// What was decided about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Accepted: the ID of the service account that it speaks for.
    Accepted(String),
    /// Refused: why, in the words of the answer or more exactly.
    Refused(String),
    /// Not looked at, because an ordered fault came first: which.
    NotJudged(String),
}

impl Verdict {
    /// Whether it was accepted.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted(_))
    }

    /// Reasons repeat words of the request.
    pub(super) fn redacted(self) -> Self {
        match self {
            Self::Accepted(subject) => Self::Accepted(redact(&subject)),
            Self::Refused(reason) => Self::Refused(redact(&reason)),
            Self::NotJudged(reason) => Self::NotJudged(redact(&reason)),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted(subject) => write!(f, "accepted for {subject}"),
            Self::Refused(reason) => write!(f, "refused: {reason}"),
            Self::NotJudged(reason) => write!(f, "not judged: {reason}"),
        }
    }
}

/// The latest requests, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Record(VecDeque<Received>);

impl Record {
    /// Adds a request to at most `kept`; an emulator that runs for long forgets the older ones.
    pub(super) fn add(&mut self, received: Received, kept: usize) {
        while self.0.len() >= kept.max(1) {
            self.0.pop_front();
        }
        self.0.push_back(received);
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &Received> {
        self.0.iter()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
