//! What a scenario is made of.

use yc_iam::FailureKind;

use crate::instance::SourceKind;
use crate::network::Outage;
use crate::queue::{HOUR, MINUTE, Millis};
use crate::report::Report;

/// When callers come.
#[derive(Clone, Copy, Debug)]
pub enum Calls {
    /// At random, this far apart in the mean.
    Poisson(Millis),
    /// An invocation, a freeze of a minute to thirteen hours, the next; one in ten starts cold.
    Serverless,
    /// So many at the same instant, each time after so long.
    Herd(usize, Millis),
}

/// One kind of world. The numbers that are zero are what does not happen in it.
#[derive(Clone)]
pub struct Scenario {
    pub name: &'static str,
    pub instances: usize,
    /// How long one run lasts, in virtual time.
    pub lasts: Millis,
    /// How many runs the usual number of hours is split into, each with a seed of its own.
    pub runs: u64,
    /// Whether more hours mean longer runs rather than more of them.
    pub grows_longer: bool,
    pub sources: &'static [SourceKind],
    /// Over how long a time the first callers of the instances come.
    pub starts_over: Millis,
    pub calls: Calls,
    pub lifetime: Millis,
    /// The share of requests that something happens to.
    pub fault_rate: f64,
    /// The share of answers without a `Date`.
    pub undated_rate: f64,
    /// Whether an answer that is not the service's own has any `Date`.
    pub front_doors_misdate: bool,
    pub outages: Vec<Outage>,
    /// After so long the outages come again; 0: never.
    pub outages_again: Millis,
    /// Whether it is noted when each request came, which takes memory as time passes.
    pub counts_times: bool,
    /// Clocks are off by up to this much, either way.
    pub skew: Millis,
    /// Time between steps of a clock, in the mean; 0: never.
    pub clock_steps: Millis,
    /// Time between revocations of all tokens, in the mean; 0: never.
    pub revocations: Millis,
    /// Whether callers use their tokens, and say so when a service refuses one.
    pub calls_apis: bool,
    /// Pods of a node share a token file here, which spares signatures.
    pub pods_per_file: usize,
    /// Whether files come late, or are broken for a while.
    pub troubled_files: bool,
    /// Time between changes of the issuer's key; 0: never.
    pub issuer_key_rotations: Millis,
    /// Time between freezes and between deaths of an instance, in the mean; 0: never.
    pub freezes: Millis,
    pub deaths: Millis,
    /// The share of callers that give up after half a second to half a minute.
    pub impatient: f64,
    /// The share of flights whose caller vanishes without a word.
    pub abandoned: f64,
    /// What must hold for a whole run.
    pub judge: fn(&Scenario, &Report) -> Result<(), String>,
}

impl Scenario {
    /// Nothing goes wrong.
    pub fn quiet(name: &'static str) -> Self {
        Self {
            name,
            instances: 1,
            lasts: HOUR,
            runs: 1,
            grows_longer: false,
            sources: &[SourceKind::Oauth, SourceKind::Metadata, SourceKind::Workload],
            starts_over: HOUR,
            calls: Calls::Poisson(10 * MINUTE),
            lifetime: 12 * HOUR,
            fault_rate: 0.0,
            undated_rate: 0.0,
            front_doors_misdate: false,
            outages: Vec::new(),
            outages_again: 0,
            counts_times: true,
            skew: 0,
            clock_steps: 0,
            revocations: 0,
            calls_apis: false,
            pods_per_file: 1_000,
            troubled_files: false,
            issuer_key_rotations: 0,
            freezes: 0,
            deaths: 0,
            impatient: 0.0,
            abandoned: 0.0,
            judge: |_, _| Ok(()),
        }
    }

    pub fn session_hours(&self) -> f64 {
        self.instances as f64 * self.lasts as f64 / HOUR as f64
    }

    /// How a thaw treats what came in while an instance was frozen: the socket broke, or the time-out fires first.
    pub const AFTER_A_FREEZE: [Option<FailureKind>; 3] =
        [None, Some(FailureKind::Connection), Some(FailureKind::Timeout)];
}
