use std::fmt;

use super::Error;
use super::body::Body;
use super::chunks::{Chunks, Decoded};
use super::head::{Framing, Head, MOST_BYTES};
use crate::http::Response;

/// Reads one answer from the bytes of a connection.
pub struct ResponseReader {
    method: &'static str,
    most: usize,
    /// What came and was not understood yet: of the head, or between chunks.
    pending: Vec<u8>,
    stage: Stage,
}

enum Stage {
    Head,
    Body { head: Head, body: Body, rest: Rest },
    Over,
}

/// What is still to come of a body.
enum Rest {
    Bytes(u64),
    Chunks(Chunks),
    UntilClose,
}

impl ResponseReader {
    /// For the answer to a request with this method; a body of more than `most` bytes is refused.
    #[must_use]
    pub fn new(method: &str, most: usize) -> Self {
        // These two have answers without the body that their headers announce (RFC 9112, section 6.3).
        let method = match method {
            "HEAD" => "HEAD",
            "CONNECT" => "CONNECT",
            _ => "",
        };
        Self {
            method,
            most,
            pending: Vec::new(),
            stage: Stage::Head,
        }
    }

    /// Takes the next bytes of the connection, none meaning that it ended, and gives the answer once it is whole.
    ///
    /// Answers that are only information are passed over. What follows an answer is dropped.
    ///
    /// # Errors
    /// [`Error::Answer`], [`Error::BrokenOff`] or [`Error::TooLarge`]; also for every call after the answer.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Option<Response>, Error> {
        let fed = self.take(bytes);
        if !matches!(fed, Ok(None)) {
            self.stage = Stage::Over;
            self.pending = Vec::new();
        }
        fed
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Option<Response>, Error> {
        if bytes.is_empty() {
            return self.end().map(Some);
        }
        match &mut self.stage {
            Stage::Over => return Err(Error::BrokenOff),
            Stage::Body { .. } if self.pending.is_empty() => return self.take_body(bytes),
            _ => {}
        }
        self.pending.extend_from_slice(bytes);
        if matches!(self.stage, Stage::Head) {
            // Within a line there is nothing new to understand.
            let is_worth_a_look = bytes.contains(&b'\n') || self.pending.len() >= MOST_BYTES;
            if !is_worth_a_look || !self.read_heads()? {
                return Ok(None);
            }
        }
        let bytes = core::mem::take(&mut self.pending);
        self.take_body(&bytes)
    }

    /// Whether the head of the answer itself was read; what follows it is pending.
    fn read_heads(&mut self) -> Result<bool, Error> {
        while let Some((head, length)) = Head::read(&self.pending)? {
            self.pending.drain(..length);
            if head.is_informational() {
                continue;
            }
            let rest = match head.framing(self.method)? {
                Framing::Length(length) if length > self.most as u64 => return Err(Error::TooLarge(self.most)),
                Framing::Length(length) => Rest::Bytes(length),
                Framing::Chunked => Rest::Chunks(Chunks::default()),
                Framing::UntilClose => Rest::UntilClose,
            };
            let body = Body::new(self.most);
            self.stage = Stage::Body { head, body, rest };
            return Ok(true);
        }
        Ok(false)
    }

    fn take_body(&mut self, bytes: &[u8]) -> Result<Option<Response>, Error> {
        let Stage::Body { body, rest, .. } = &mut self.stage else {
            return Ok(None);
        };
        let is_whole = match rest {
            Rest::Bytes(left) => {
                let here = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                body.append(bytes.get(..here).unwrap_or_default())?;
                *left -= here as u64;
                *left == 0
            }
            Rest::UntilClose => {
                body.append(bytes)?;
                false
            }
            Rest::Chunks(chunks) => match chunks.decode(bytes, body)? {
                Decoded::End => true,
                Decoded::More(done) => {
                    self.pending = bytes.get(done..).unwrap_or_default().to_vec();
                    false
                }
            },
        };
        Ok(if is_whole { self.answer() } else { None })
    }

    fn end(&mut self) -> Result<Response, Error> {
        let is_whole = match &self.stage {
            Stage::Body { rest, .. } => match rest {
                Rest::Bytes(left) => *left == 0,
                Rest::Chunks(chunks) => chunks.has_all_data(),
                Rest::UntilClose => true,
            },
            Stage::Head | Stage::Over => false,
        };
        let answer = if is_whole { self.answer() } else { None };
        answer.ok_or(Error::BrokenOff)
    }

    fn answer(&mut self) -> Option<Response> {
        match core::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Body { head, body, .. } => Some(Response {
                status: head.status,
                headers: head.headers,
                body: body.into_bytes(),
            }),
            Stage::Head | Stage::Over => None,
        }
    }
}

impl fmt::Debug for ResponseReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseReader").finish_non_exhaustive()
    }
}
