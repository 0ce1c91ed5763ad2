//! Whether memory is flat.

use std::fmt;

use crate::soak::Spell;

/// The mean of the first and of the second half of the spells, the first fifth being the warm-up.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    pub bytes: [f64; 2],
    pub pieces: [f64; 2],
    pub resident: [f64; 2],
}

impl Growth {
    pub fn of(spells: &[Spell]) -> Self {
        let warm = &spells[spells.len().div_ceil(5)..];
        let (first, second) = warm.split_at(warm.len() / 2);
        let mean = |part: &[Spell], of: fn(&Spell) -> i64| {
            part.iter().map(|spell| of(spell) as f64).sum::<f64>() / part.len() as f64
        };
        let halves = |of| [mean(first, of), mean(second, of)];
        Self {
            bytes: halves(|spell| spell.held.bytes),
            pieces: halves(|spell| spell.held.pieces),
            resident: halves(|spell| spell.resident),
        }
    }

    /// What is held at the end of a spell is chance in part: the tokens that the emulator has not forgotten yet, callers
    /// and requests under way, some hundred pieces in all. An exchange that kept a single piece would add a thousand a
    /// week. The system's pages are those of the allocator, which keeps some back.
    pub fn judge(&self) -> Result<(), String> {
        let grown = |[first, second]: [f64; 2], by: f64, and: f64| second > first * by + and;
        let wrong = grown(self.bytes, 1.1, 32_768.0)
            || grown(self.pieces, 1.1, 128.0)
            || grown(self.resident, 1.1, 2_097_152.0);
        if wrong {
            Err(format!("memory grows: {self}"))
        } else {
            Ok(())
        }
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            bytes,
            pieces,
            resident,
        } = *self;
        write!(
            f,
            "held {:.0} B in {:.0} pieces, then {:.0} B in {:.0}; resident {:.0} kB, then {:.0} kB",
            bytes[0],
            pieces[0],
            bytes[1],
            pieces[1],
            resident[0] / 1000.0,
            resident[1] / 1000.0
        )
    }
}
