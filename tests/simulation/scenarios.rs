//! The scenarios, and what must hold for each as a whole.

use crate::instance::SourceKind::{self, Key, Metadata, Oauth, Workload};
use crate::network::{Outage, OutageKind};
use crate::queue::{HOUR, MINUTE, Millis, SECOND};
use crate::report::Report;
use crate::scenario::{Calls, Scenario};

type Judged = Result<(), String>;

/// All of them. Together they make the usual number of session-hours.
pub fn all() -> Vec<Scenario> {
    vec![
        steady(),
        deployment(),
        serverless(),
        short_outage(),
        long_outage(),
        herd(),
        skewed_clocks(),
        rotations(),
        revocations(),
        short_lived(),
        chaos(),
    ]
}

impl Scenario {
    /// Until when a run does not count for rates and spikes.
    ///
    /// Sessions of the same age renew at the same time, and a jitter of ten per cent of an hour widens that by twelve
    /// minutes with each renewal. Ten thousand sessions that begin within five seconds, with a caller every three
    /// minutes each, have come to these busiest minutes, in times of the mean: 4.9 in the second hour, 3.2 in the
    /// fourth, 2.8 in the fifth, 1.9 in the tenth. (A caller every minute: 5.4, 3.8, 3.3 and 2.2; rare callers blur it
    /// sooner.) A fleet below three for good needs six hours then; nine leave room for chance in a smaller fleet.
    /// Where the first callers come over an hour, the ages are spread from the beginning: that hour, and the longest time
    /// to a first renewal with ten per cent of tolerance.
    pub fn warm_up(&self) -> Millis {
        if self.starts_over < MINUTE * 30 && self.lasts > 10 * HOUR {
            9 * HOUR
        } else {
            (self.starts_over + 72 * MINUTE).min(self.lasts / 2)
        }
    }
}

fn require(holds: bool, what: impl FnOnce() -> String) -> Judged {
    if holds { Ok(()) } else { Err(what()) }
}

fn no_errors(_: &Scenario, report: &Report) -> Judged {
    require(report.errors.is_empty(), || {
        format!("callers got errors: {:?}", report.errors)
    })
}

fn even_rate(scenario: &Scenario, report: &Report) -> Judged {
    no_errors(scenario, report)?;
    let rate = report.rate;
    require(rate.of_ideal <= 1.2, || {
        format!("{:.2} times the ideal number of exchanges", rate.of_ideal)
    })?;
    no_spike(scenario, report)
}

pub fn no_spike(_: &Scenario, report: &Report) -> Judged {
    let spike = report.rate.spike;
    require(spike <= 3.0, || {
        format!("a minute with {spike:.2} times the mean of exchanges")
    })
}

/// Few external tokens: the emulator verifies a signature for each exchange.
const FLEET: [SourceKind; 10] = [
    Oauth, Metadata, Oauth, Metadata, Oauth, Metadata, Oauth, Metadata, Oauth, Workload,
];

/// A fleet that was started over an hour, as by rolling updates.
fn steady() -> Scenario {
    Scenario {
        instances: 10_000,
        sources: &FLEET,
        lasts: 6 * HOUR + 30 * MINUTE,
        grows_longer: true,
        judge: even_rate,
        ..Scenario::quiet("steady")
    }
}

/// The same, all started within five seconds: see [`Scenario::warm_up`].
fn deployment() -> Scenario {
    Scenario {
        instances: 1_500,
        sources: &FLEET,
        calls: Calls::Poisson(3 * MINUTE),
        lasts: 12 * HOUR,
        starts_over: 5 * SECOND,
        judge: even_rate,
        ..Scenario::quiet("deployment")
    }
}

fn serverless() -> Scenario {
    Scenario {
        instances: 60,
        lasts: 100 * HOUR,
        calls: Calls::Serverless,
        calls_apis: true,
        fault_rate: 0.02,
        ..Scenario::quiet("serverless")
    }
}

const OUTAGE: (Millis, Millis) = (3 * HOUR, 6 * HOUR + 30 * MINUTE);

/// Shorter than a token's life: nobody sees it, and nobody storms the service when it is back.
fn short_outage() -> Scenario {
    let (from, until) = OUTAGE;
    Scenario {
        instances: 200,
        lasts: 9 * HOUR,
        sources: &[Oauth, Workload],
        calls: Calls::Poisson(2 * MINUTE),
        outages: vec![
            outage(from, from + HOUR, OutageKind::Refused),
            outage(from + HOUR, from + 2 * HOUR, OutageKind::Silent),
            outage(from + 2 * HOUR, until, OutageKind::Unavailable),
        ],
        judge: judge_short_outage,
        ..Scenario::quiet("short-outage")
    }
}

fn outage(from: Millis, until: Millis, kind: OutageKind) -> Outage {
    Outage { from, until, kind }
}

/// No session asks more often than each thirty seconds, so those that have waited come back spread over as long.
fn judge_short_outage(scenario: &Scenario, report: &Report) -> Judged {
    no_errors(scenario, report)?;
    let (from, until) = OUTAGE;
    let tries = ((until - from) / (30 * SECOND)) as u64;
    let usual = (scenario.lasts / HOUR) as u64 + 2;
    require(report.most_exchanges <= tries + usual, || {
        format!(
            "a session tried {} times in an outage with room for {tries}",
            report.most_exchanges
        )
    })?;
    let back = until / SECOND;
    let busiest = (back..back + 600)
        .filter_map(|second| report.per_second.get(&second))
        .max();
    let even = scenario.instances as f64 / 30.0;
    require(busiest.is_some_and(|most| (*most as f64) < 3.0 * even), || {
        format!("{busiest:?} exchanges in a second after the outage; {even:.0} would be even")
    })?;
    let asked: u64 = (back..back + 600)
        .filter_map(|second| report.per_second.get(&second))
        .sum();
    require(asked as f64 <= 1.3 * scenario.instances as f64, || {
        format!("{asked} exchanges in the ten minutes after the outage")
    })
}

/// Longer than a token's life: errors in time, and tokens as soon as there can be.
fn long_outage() -> Scenario {
    Scenario {
        instances: 40,
        lasts: 18 * HOUR,
        sources: &[Oauth, Workload],
        outages: vec![
            outage(2 * HOUR, 8 * HOUR, OutageKind::Silent),
            outage(8 * HOUR, 14 * HOUR, OutageKind::Refused),
            outage(14 * HOUR, 16 * HOUR, OutageKind::Unavailable),
        ],
        judge: |_, report| {
            let expected = ["connection_failed", "server_error", "timeout"];
            let known = report.errors.keys().all(|code| expected.contains(code));
            require(known && !report.errors.is_empty(), || {
                format!("not the expected errors: {:?}", report.errors)
            })?;
            // The last flight under way has a minute to fail.
            require(report.last_error_at < 16 * HOUR + MINUTE, || {
                format!(
                    "errors until {} s after the outage",
                    (report.last_error_at - 16 * HOUR) / SECOND
                )
            })
        },
        ..Scenario::quiet("long-outage")
    }
}

/// Ten thousand callers at the same instant, each time that the token has ended.
fn herd() -> Scenario {
    Scenario {
        lasts: 50 * HOUR,
        sources: &[Oauth],
        starts_over: 0,
        calls: Calls::Herd(10_000, 12 * HOUR + 30 * MINUTE),
        judge: |scenario, report| {
            no_errors(scenario, report)?;
            require(
                report.tokens == report.callers && report.exchanges * 10_000 == report.callers,
                || format!("{} exchanges for {} callers", report.exchanges, report.callers),
            )
        },
        ..Scenario::quiet("herd")
    }
}

fn skewed_clocks() -> Scenario {
    Scenario {
        instances: 32,
        lasts: 48 * HOUR,
        sources: &[Key, Oauth, Metadata, Workload],
        skew: 6 * HOUR,
        clock_steps: 10 * HOUR,
        undated_rate: 0.05,
        fault_rate: 0.1,
        front_doors_misdate: true,
        calls_apis: true,
        ..Scenario::quiet("skewed-clocks")
    }
}

/// Files that are late or broken for up to three hours: the token at hand lives longer.
fn rotations() -> Scenario {
    Scenario {
        instances: 64,
        lasts: 48 * HOUR,
        sources: &[Workload],
        starts_over: 10 * MINUTE,
        pods_per_file: 8,
        troubled_files: true,
        issuer_key_rotations: 7 * HOUR,
        judge: no_errors,
        ..Scenario::quiet("rotations")
    }
}

fn revocations() -> Scenario {
    Scenario {
        instances: 48,
        lasts: 48 * HOUR,
        sources: &[Oauth, Workload],
        calls: Calls::Poisson(2 * MINUTE),
        calls_apis: true,
        revocations: 2 * HOUR,
        judge: no_errors,
        ..Scenario::quiet("revocations")
    }
}

/// The metadata service's tokens may have but a quarter of an hour left.
fn short_lived() -> Scenario {
    Scenario {
        instances: 24,
        lasts: 24 * HOUR,
        runs: 2,
        lifetime: 15 * MINUTE,
        calls: Calls::Poisson(20 * SECOND),
        fault_rate: 0.1,
        freezes: 3 * HOUR,
        ..Scenario::quiet("short-lived")
    }
}

/// Everything at once.
fn chaos() -> Scenario {
    Scenario {
        instances: 12,
        lasts: 36 * HOUR,
        runs: 10,
        calls: Calls::Poisson(5 * MINUTE),
        outages: vec![
            outage(5 * HOUR, 6 * HOUR, OutageKind::Silent),
            outage(10 * HOUR, 23 * HOUR, OutageKind::Refused),
            outage(26 * HOUR, 27 * HOUR, OutageKind::Unavailable),
        ],
        fault_rate: 0.2,
        undated_rate: 0.02,
        front_doors_misdate: true,
        skew: 3 * HOUR,
        clock_steps: 8 * HOUR,
        revocations: 4 * HOUR,
        calls_apis: true,
        pods_per_file: 4,
        troubled_files: true,
        issuer_key_rotations: 9 * HOUR,
        freezes: 3 * HOUR,
        deaths: 8 * HOUR,
        impatient: 0.2,
        abandoned: 0.05,
        ..Scenario::quiet("chaos")
    }
}
