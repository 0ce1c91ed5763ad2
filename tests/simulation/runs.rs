//! Many runs on all cores, and the table of what they came to.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::invariants::Violation;
use crate::machine::{Wrap, unbroken};
use crate::queue::HOUR;
use crate::report::Report;
use crate::scenario::Scenario;
use crate::world::World;

/// The seed of the runs that nobody chose one for.
pub const USUAL_SEED: u64 = 1;

/// What is to be run.
pub struct Plan {
    pub scenarios: Vec<Scenario>,
    /// Session-hours in all; `None`: the usual number.
    pub hours: Option<f64>,
    /// One run of each scenario with this seed.
    pub seed: Option<u64>,
}

pub fn run(scenario: &Scenario, seed: u64) -> Result<Report, Violation> {
    run_with(scenario, seed, unbroken)
}

pub fn run_with(scenario: &Scenario, seed: u64, wrap: Wrap) -> Result<Report, Violation> {
    World::new(scenario, seed, wrap).run()
}

/// The usual runs of one scenario; panics with the first violation.
pub fn usual(scenario: &Scenario) {
    let begun = Instant::now();
    let mut all = Report::default();
    for seed in USUAL_SEED..USUAL_SEED + scenario.runs {
        all.add(run(scenario, seed).unwrap_or_else(|violation| panic!("{violation}")));
    }
    println!("{}", all.row(scenario.name, begun.elapsed().as_secs_f64()));
}

impl Plan {
    /// Each scenario gets its usual share of the hours: as longer runs or as more of them.
    fn runs(&self) -> Vec<(Scenario, u64)> {
        let usual: f64 = self.scenarios.iter().map(|s| s.session_hours() * s.runs as f64).sum();
        let factor = self.hours.map_or(1.0, |hours| hours / usual);
        let mut runs = Vec::new();
        for scenario in &self.scenarios {
            let mut scenario = scenario.clone();
            if let Some(seed) = self.seed {
                // What a violation prints: the length of the run with its seed.
                if let (Some(hours), 1) = (self.hours, self.scenarios.len()) {
                    scenario.lasts = (hours * HOUR as f64 / scenario.instances as f64) as i64;
                }
                runs.push((scenario, seed));
                continue;
            }
            let mut count = scenario.runs as f64 * factor;
            if scenario.grows_longer && factor > 1.0 {
                scenario.lasts = (scenario.lasts as f64 * factor) as i64;
                count = scenario.runs as f64;
            }
            let count = (count.round() as u64).max(1);
            runs.extend((0..count).map(|number| (scenario.clone(), USUAL_SEED + number)));
        }
        runs
    }

    /// Runs it all and prints the table. Gives the violations.
    pub fn execute(&self) -> Vec<Violation> {
        let runs = self.runs();
        let begun = Instant::now();
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::new());
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some((scenario, seed)) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let begun = Instant::now();
                        let result = run(scenario, *seed);
                        done.lock()
                            .unwrap()
                            .push((scenario.name, result, begun.elapsed().as_secs_f64()));
                    }
                });
            }
        });
        let done = done.into_inner().unwrap();
        table(&self.scenarios, done, begun.elapsed().as_secs_f64())
    }
}

fn table(
    scenarios: &[Scenario],
    done: Vec<(&'static str, Result<Report, Violation>, f64)>,
    wall: f64,
) -> Vec<Violation> {
    let mut rows: Vec<(Report, f64)> = scenarios.iter().map(|_| (Report::default(), 0.0)).collect();
    let mut violations = Vec::new();
    let mut total = Report::default();
    for (name, result, took) in done {
        let row = scenarios.iter().position(|scenario| scenario.name == name).unwrap();
        rows[row].1 += took;
        match result {
            Ok(report) => {
                total.session_hours += report.session_hours;
                rows[row].0.add(report);
            }
            Err(violation) => violations.push(violation),
        }
    }
    println!("{}", Report::heading());
    for (scenario, (report, took)) in scenarios.iter().zip(&rows) {
        println!("{}", report.row(scenario.name, *took));
    }
    println!("{:.0} session-hours in {wall:.1} s", total.session_hours);
    violations
}
