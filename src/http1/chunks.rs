//! The chunked transfer coding (RFC 9112, section 7.1).

use super::Error;
use super::body::Body;

/// A line with a size and its extensions, or all trailers together, have no more bytes.
const MOST_BYTES: usize = 16 * 1024;

/// Where in the coding the next byte stands.
#[derive(Default)]
pub(super) enum Chunks {
    #[default]
    Size,
    /// So many bytes of a chunk are still to come.
    Data(u64),
    AfterData,
    Trailers,
}

/// What became of some bytes.
pub(super) enum Decoded {
    /// More are needed; so many of these are done with.
    More(usize),
    /// The coding ended.
    End,
}

impl Chunks {
    /// Takes what it can from the bytes, and appends what was coded.
    pub(super) fn decode(&mut self, bytes: &[u8], body: &mut Body) -> Result<Decoded, Error> {
        let mut at = 0;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            match self {
                Self::Size => match httparse::parse_chunk_size(rest) {
                    Ok(httparse::Status::Complete((length, size))) => {
                        at += length;
                        *self = if size == 0 { Self::Trailers } else { Self::Data(size) };
                    }
                    Ok(httparse::Status::Partial) if rest.len() < MOST_BYTES => return Ok(Decoded::More(at)),
                    _ => return Err(Error::Answer("a chunk has no size")),
                },
                Self::Data(left) => {
                    let here = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    body.append(rest.get(..here).unwrap_or_default())?;
                    at += here;
                    *left -= here as u64;
                    if *left > 0 {
                        return Ok(Decoded::More(at));
                    }
                    *self = Self::AfterData;
                }
                Self::AfterData => match rest {
                    [b'\r', b'\n', ..] => {
                        at += 2;
                        *self = Self::Size;
                    }
                    [] | [b'\r'] => return Ok(Decoded::More(at)),
                    _ => return Err(Error::Answer("a chunk is longer than it says")),
                },
                Self::Trailers => {
                    // They are headers that came late, and none matters here.
                    let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
                        return match rest.len() < MOST_BYTES {
                            true => Ok(Decoded::More(at)),
                            false => Err(Error::Answer("a trailer has no end")),
                        };
                    };
                    at += end + 1;
                    if matches!(rest.get(..end), Some([] | [b'\r'])) {
                        return Ok(Decoded::End);
                    }
                }
            }
        }
    }

    /// Whether nothing is missing but trailers: some servers close instead of sending none.
    pub(super) fn has_all_data(&self) -> bool {
        matches!(self, Self::Trailers)
    }
}
