//! The bytes of a body, as many as the host takes.

use super::Error;

pub(super) struct Body {
    bytes: Vec<u8>,
    most: usize,
}

impl Body {
    pub(super) const fn new(most: usize) -> Self {
        Self {
            bytes: Vec::new(),
            most,
        }
    }

    /// Grows by doubling, but never beyond the limit; where the process may not have so much, that is an error and not its end.
    pub(super) fn append(&mut self, piece: &[u8]) -> Result<(), Error> {
        let length = self.bytes.len().saturating_add(piece.len());
        if length > self.most {
            return Err(Error::TooLarge(self.most));
        }
        if length > self.bytes.capacity() {
            let room = self.bytes.capacity().saturating_mul(2).min(self.most).max(length);
            let more = room - self.bytes.len();
            self.bytes.try_reserve_exact(more).map_err(|_| Error::NoMemory)?;
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
