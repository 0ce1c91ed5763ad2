//! Status line and headers, and what they say of the body.

use super::Error;

/// More than servers send: a head of so many bytes, with so many headers, is refused.
pub(super) const MOST_BYTES: usize = 64 * 1024;
const MOST_HEADERS: usize = 128;

pub(super) struct Head {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
}

/// How the end of a body is found (RFC 9112, section 6.3).
#[derive(Debug, PartialEq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
    UntilClose,
}

impl Head {
    /// A head and how many bytes it took, once it is whole.
    pub(super) fn read(bytes: &[u8]) -> Result<Option<(Self, usize)>, Error> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut answer = httparse::Response::new(&mut headers);
        let mut parser = httparse::ParserConfig::default();
        // No longer allowed (RFC 9112, section 5.2), and still to be read as one space.
        parser.allow_obsolete_multiline_headers_in_responses(true);
        let parsed = parser.parse_response(&mut answer, bytes).map_err(|error| {
            Error::Answer(match error {
                httparse::Error::TooManyHeaders => "it has too many headers",
                httparse::Error::Version | httparse::Error::Status => "its first line is no status line",
                _ => "its head cannot be read",
            })
        })?;
        let (httparse::Status::Complete(length), Some(status)) = (parsed, answer.code) else {
            return if bytes.len() < MOST_BYTES {
                Ok(None)
            } else {
                Err(Error::Answer("its head has no end"))
            };
        };
        if status < 100 {
            return Err(Error::Answer("its status is below 100"));
        }
        if length > MOST_BYTES {
            return Err(Error::Answer("its head is too large"));
        }
        let headers = answer.headers.iter();
        let headers = headers.map(|header| (header.name.to_owned(), text(header.value)));
        let headers = headers.collect();
        Ok(Some((Self { status, headers }, length)))
    }

    /// 1xx but 101: information, and the answer is still to come (RFC 9110, section 15.2).
    pub(super) fn is_informational(&self) -> bool {
        matches!(self.status, 100 | 102..=199)
    }

    pub(super) fn framing(&self, method: &str) -> Result<Framing, Error> {
        let opened = method == "CONNECT" && (200..300).contains(&self.status);
        if method == "HEAD" || opened || matches!(self.status, 100..=199 | 204 | 304) {
            return Ok(Framing::Length(0));
        }
        if let Some(coding) = self.values("transfer-encoding").last() {
            let last = coding.rsplit(',').next().unwrap_or_default().trim();
            return Ok(if last.eq_ignore_ascii_case("chunked") {
                Framing::Chunked
            } else {
                Framing::UntilClose
            });
        }
        // The same length may be said more than once.
        let mut length = None;
        for value in self.values("content-length").flat_map(|value| value.split(',')) {
            let value = value.trim();
            let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
            let said = if digits { value.parse::<u64>().ok() } else { None };
            match (said, length) {
                (None, _) => return Err(Error::Answer("its length is no number")),
                (Some(said), Some(before)) if said != before => return Err(Error::Answer("it has two lengths")),
                (said, _) => length = said,
            }
        }
        Ok(length.map_or(Framing::UntilClose, Framing::Length))
    }

    fn values(&self, name: &'static str) -> impl Iterator<Item = &str> {
        let headers = self.headers.iter();
        headers
            .filter(move |(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Bytes that are not ASCII may mean anything: each becomes the character of its number, so that none is lost. Where a line
/// was folded, there is a space.
fn text(value: &[u8]) -> String {
    let lines = value.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let lines: Vec<String> = lines
        .map(|line| line.iter().copied().map(char::from).collect())
        .collect();
    lines.join(" ")
}
