//! Where the walks get their chances from: a seed, or a fuzzer's bytes.

/// More of a tape is not read: many short walks reach more than a few long ones, which seeds take.
const LONGEST_TAPE: usize = 512;

/// Dice that fall the same way each time.
pub(crate) struct Dice(Fall);

enum Fall {
    /// SplitMix64.
    Seed(u64),
    /// What each throw shows is written down beforehand; behind the end, every throw shows nothing.
    Tape { bytes: Vec<u8>, at: usize },
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Fall::Seed(seed))
    }

    /// Dice that a fuzzer moves: as many bytes a throw as its number of sides takes.
    pub(crate) fn tape(bytes: &[u8]) -> Self {
        Self(Fall::Tape {
            bytes: bytes[..bytes.len().min(LONGEST_TAPE)].to_vec(),
            at: 0,
        })
    }

    /// Whether the tape is at its end. A seed has none.
    pub(crate) fn is_over(&self) -> bool {
        matches!(&self.0, Fall::Tape { bytes, at } if *at >= bytes.len())
    }

    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        match &mut self.0 {
            Fall::Seed(state) => {
                *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
                let mut z = *state;
                z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                (z ^ (z >> 31)) % sides
            }
            Fall::Tape { bytes, at } => {
                let width = (u64::BITS - (sides - 1).leading_zeros()).div_ceil(8) as usize;
                let shown = bytes.iter().skip(*at).take(width);
                *at = at.saturating_add(width);
                shown.fold(0, |number, byte| number << 8 | u64::from(*byte)) % sides
            }
        }
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len() as u64) as usize]
    }
}
