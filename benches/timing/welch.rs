//! Welch's t-test over two sets of times.

use std::time::Duration;

/// Times in nanoseconds.
#[derive(Default)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    pub(crate) fn push(&mut self, took: Duration) {
        self.0.push(took.as_nanos() as f64);
    }

    pub(crate) fn median(&self) -> f64 {
        percentile(&sorted(self.0.iter().copied()), 0.5)
    }

    /// Count, mean and variance of the times that are not above a limit.
    fn moments(&self, limit: f64) -> (f64, f64, f64) {
        let kept: Vec<f64> = self.0.iter().copied().filter(|time| *time <= limit).collect();
        let count = kept.len() as f64;
        let mean = kept.iter().sum::<f64>() / count;
        let variance = kept.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (count, mean, variance)
    }
}

/// The largest |t| over all times and over those below several limits: interruptions only make times longer, and leaving out the
/// longest shows smaller differences.
pub(crate) fn largest_t(one: &Samples, other: &Samples) -> f64 {
    let all = sorted(one.0.iter().chain(&other.0).copied());
    let limits = [0.5, 0.75, 0.9, 0.99, 1.0].map(|part| percentile(&all, part));
    limits
        .iter()
        .map(|limit| t(one.moments(*limit), other.moments(*limit)).abs())
        .fold(0.0, f64::max)
}

fn t(one: (f64, f64, f64), other: (f64, f64, f64)) -> f64 {
    let ((count, mean, variance), (other_count, other_mean, other_variance)) = (one, other);
    (mean - other_mean) / (variance / count + other_variance / other_count).sqrt()
}

fn sorted(times: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut times: Vec<f64> = times.collect();
    times.sort_by(f64::total_cmp);
    times
}

fn percentile(sorted: &[f64], part: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * part) as usize]
}
