//! What one run, or several of a scenario, came to.

use std::collections::{BTreeMap, HashMap};

use yc_iam::ErrorCode;

use crate::queue::{BEGIN, HOUR, MINUTE, Millis};
use crate::scenario::Scenario;
use crate::service::Service;

#[derive(Default)]
pub struct Report {
    pub session_hours: f64,
    pub runs: u64,
    pub callers: u64,
    pub tokens: u64,
    pub new_tokens: u64,
    pub gave_up: u64,
    pub errors: BTreeMap<&'static str, u64>,
    pub last_error_at: Millis,
    pub exchanges: u64,
    /// Tokens handed out past their end by sessions that could not know better.
    pub blind: u64,
    /// Exchanges after the warm-up: in all against the ideal, and the busiest minute against the mean of all minutes.
    pub rate: Rate,
    pub per_minute: Vec<u64>,
    pub per_second: HashMap<Millis, u64>,
    /// The most exchanges of one instance.
    pub most_exchanges: u64,
}

/// How the exchanges of a run are spread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rate {
    pub of_ideal: f64,
    pub spike: f64,
}

impl Report {
    pub fn error(&mut self, at: Millis, code: ErrorCode) {
        *self.errors.entry(code.as_str()).or_default() += 1;
        self.last_error_at = at - BEGIN;
    }

    pub fn finish(&mut self, scenario: &Scenario, service: &mut Service) {
        self.runs = 1;
        self.session_hours = scenario.session_hours();
        self.exchanges = service.exchanges;
        self.per_minute = std::mem::take(&mut service.per_minute);
        self.per_minute.resize((scenario.lasts / MINUTE) as usize, 0);
        self.per_second = std::mem::take(&mut service.per_second);
        self.rate = self.rate_after(scenario, scenario.warm_up());
    }

    /// The ideal is what the policy's documentation says: a token is renewed an hour after its issue, or after nine
    /// tenths of its life if that is less, the jitter being as often early as late. So: sessions × time ÷ that period.
    /// The mean is what was counted, by minute.
    pub fn rate_after(&self, scenario: &Scenario, warm_up: Millis) -> Rate {
        let minutes = self.per_minute.get((warm_up / MINUTE) as usize..).unwrap_or_default();
        let period = HOUR.min(scenario.lifetime * 9 / 10) as f64;
        let ideal = scenario.instances as f64 * (minutes.len() as f64 * MINUTE as f64) / period;
        let counted: u64 = minutes.iter().sum();
        let mean = counted as f64 / minutes.len().max(1) as f64;
        let most = minutes.iter().max().copied().unwrap_or_default();
        Rate {
            of_ideal: counted as f64 / ideal.max(1e-9),
            spike: most as f64 / mean.max(1e-9),
        }
    }

    /// Adds another run of the same scenario; of rates, the highest stay.
    pub fn add(&mut self, other: Self) {
        self.session_hours += other.session_hours;
        self.runs += other.runs;
        self.callers += other.callers;
        self.tokens += other.tokens;
        self.new_tokens += other.new_tokens;
        self.gave_up += other.gave_up;
        self.exchanges += other.exchanges;
        self.blind += other.blind;
        self.rate.of_ideal = self.rate.of_ideal.max(other.rate.of_ideal);
        self.rate.spike = self.rate.spike.max(other.rate.spike);
        for (code, count) in other.errors {
            *self.errors.entry(code).or_default() += count;
        }
    }

    pub fn heading() -> String {
        format!(
            "{:<14} {:>5} {:>13} {:>10} {:>10} {:>8} {:>9} {:>10} {:>8} {:>6} {:>7}",
            "scenario",
            "runs",
            "session-hours",
            "callers",
            "exchanges",
            "÷ ideal",
            "max÷mean",
            "tokens",
            "errors",
            "blind",
            "wall s"
        )
    }

    pub fn row(&self, name: &str, wall: f64) -> String {
        format!(
            "{name:<14} {:>5} {:>13.0} {:>10} {:>10} {:>8.2} {:>9.2} {:>10} {:>8} {:>6} {wall:>7.1}",
            self.runs,
            self.session_hours,
            self.callers,
            self.exchanges,
            self.rate.of_ideal,
            self.rate.spike,
            self.tokens,
            self.errors.values().sum::<u64>(),
            self.blind,
        )
    }
}
