//! Seeded chance: the same seed, the same world.

use crate::queue::Millis;

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to, but not including, 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: Millis, high: Millis) -> Millis {
        low + (self.unit() * (high - low + 1) as f64) as Millis
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[(self.next() % of.len() as u64) as usize]
    }

    /// Exponentially distributed: the time to the next event of a Poisson process.
    pub fn exponential(&mut self, mean: Millis) -> Millis {
        (-(1.0 - self.unit()).ln() * mean as f64) as Millis + 1
    }

    /// Each order of magnitude between the two as likely as the next.
    pub fn log_between(&mut self, low: Millis, high: Millis) -> Millis {
        let (low, high) = ((low as f64).ln(), (high as f64).ln());
        (low + self.unit() * (high - low)).exp() as Millis
    }

    /// One way through a network: mostly a few tens of milliseconds, now and then seconds.
    pub fn latency(&mut self) -> Millis {
        let usual = 5 + self.exponential(30);
        if self.chance(0.01) {
            usual + self.exponential(1_500)
        } else {
            usual
        }
    }
}
