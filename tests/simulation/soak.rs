//! Weeks on end: what sessions, the emulator and this simulator hold must not grow with time.
//!
//! After each virtual week of a troubled fleet and of one session of every source, memory is counted: by the allocator,
//! piece by piece, and by the system, as resident pages.

use std::fmt;
use std::time::{Duration, Instant};

use yc_iam_meter::{Held, held};

use crate::common::dice::Dice;
use crate::common::source_world::{SourceWorld, sources};
use crate::growth::Growth;
use crate::instance::SourceKind::{Key, Metadata, Oauth, Workload};
use crate::invariants::Violation;
use crate::machine::Wrap;
use crate::named;
use crate::queue::{BEGIN, HOUR, MINUTE, Millis};
use crate::scenario::Scenario;
use crate::world::World;

const DAY: Millis = 24 * HOUR;
/// A step of a walk through a source takes 745 virtual seconds in the mean.
const STEPS_A_DAY: i64 = 116;

/// A session of any kind with its source's key, its token, an error that it keeps and a request under way.
const MOST_OF_A_SESSION: i64 = 64 * 1024;

/// When it ends: after so many spells, or with the first spell after so long.
#[derive(Clone, Copy, Debug)]
pub enum End {
    Spells(usize),
    After(Duration),
}

/// What is to be run: spells of so many virtual days.
#[derive(Clone, Copy)]
pub struct Soak {
    pub seed: u64,
    pub days: i64,
    pub end: End,
    pub wrap: Wrap,
}

/// What one spell came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spell {
    pub held: Held,
    pub resident: i64,
    /// Of one instance, in a day.
    pub exchanges: f64,
    pub callers: u64,
    /// How often the walks got a token.
    pub served: u64,
}

/// A fleet with one session of each of four sources, and everything that can go wrong; outages come each week anew.
/// Nothing is noted that grows with time.
fn scenario() -> Scenario {
    Scenario {
        name: "soak",
        instances: 4,
        sources: &[Oauth, Metadata, Workload, Key],
        counts_times: false,
        outages_again: 7 * DAY,
        // The issuer never forgets a key.
        issuer_key_rotations: 0,
        ..named("chaos")
    }
}

/// How often an instance may ask the service in a day, in the mean of a spell.
///
/// Ideal: a token an hour, ten per cent early. One more for each revocation, and for each freeze, death and step of the
/// clock, which may lose what was under way or known. Of these, a share is struck by a fault, vanishes with its caller,
/// or is given up, and is made again. In an outage, each caller without a token tries five times, and each call is one
/// caller or two; all outages may fall into one spell. Half as much again for chance.
fn most_exchanges(scenario: &Scenario, days: i64) -> f64 {
    let day = DAY as f64;
    let each = |mean: Millis| if mean > 0 { day / mean as f64 } else { 0.0 };
    let renewals = each(HOUR * 9 / 10);
    let troubles =
        each(scenario.revocations) + each(scenario.freezes) + each(scenario.deaths) + each(scenario.clock_steps);
    let lost = scenario.fault_rate + scenario.abandoned + scenario.impatient / 2.0;
    let outages: Millis = scenario.outages.iter().map(|outage| outage.until - outage.from).sum();
    let tries = outages as f64 / (5 * MINUTE) as f64 * 1.1 * 5.0 / days as f64;
    1.5 * ((renewals + troubles) / (1.0 - lost) + tries)
}

/// What the system says that this process has in memory, on Linux.
fn resident() -> i64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: i64 = statm
        .split_whitespace()
        .nth(1)
        .map_or(0, |pages| pages.parse().unwrap());
    pages * 4096
}

impl Soak {
    /// Nothing may grow while it lasts, and nothing may be left when it is over. What is set up once and for all is set up
    /// in a spell that does not count.
    pub fn run(self, each: impl Fn(usize, &Spell)) -> Result<Growth, String> {
        let told = |violation: Violation| violation.to_string();
        let end = End::Spells(1);
        Self { end, ..self }.spells(|_, _| ()).map_err(told)?;
        let before = held();
        let spells = self.spells(each).map_err(told)?;
        let growth = Growth::of(&spells);
        drop(spells);
        let after = held();
        if after != before {
            return Err(format!("{after:?} when it is over, and {before:?} when it began"));
        }
        growth.judge().map(|()| growth)
    }

    fn spells(self, each: impl Fn(usize, &Spell)) -> Result<Vec<Spell>, Violation> {
        let scenario = scenario();
        let begun = Instant::now();
        let mut world = World::new(&scenario, self.seed, self.wrap);
        let described = sources();
        let walk = |described| SourceWorld::with(described, Dice::new(self.seed), self.seed);
        let mut walks: Vec<SourceWorld> = described.iter().map(walk).collect();
        // Made beforehand, and what is there beforehand does not count.
        let mut spells = Vec::with_capacity(1 << 16);
        let before = held();
        loop {
            let mut spell = self.spell(&mut world, &mut walks, spells.len() as i64 + 1)?;
            spell.held.bytes -= before.bytes;
            spell.held.pieces -= before.pieces;
            spells.push(spell);
            each(spells.len(), &spell);
            let ends = match self.end {
                End::Spells(count) => spells.len() >= count,
                End::After(time) => begun.elapsed() >= time,
            };
            if ends || spells.len() == spells.capacity() {
                break;
            }
        }
        for instance in world.instances.drain(..) {
            let (source, before) = (instance.source, held());
            drop(instance.machine);
            let weight = before.bytes - held().bytes;
            if weight > MOST_OF_A_SESSION {
                let what = format!("a session of {source:?} holds {weight} bytes at the end");
                return Err(Violation::of_run(&scenario, self.seed, what));
            }
        }
        Ok(spells)
    }

    fn spell(self, world: &mut World, walks: &mut [SourceWorld], number: i64) -> Result<Spell, Violation> {
        let before = (world.service.exchanges, world.report.callers);
        world.run_until(BEGIN + number * self.days * DAY)?;
        let served = |walks: &[SourceWorld]| walks.iter().map(|walk| walk.served).sum::<u64>();
        let served_before = served(walks);
        for walk in &mut *walks {
            (0..STEPS_A_DAY * self.days).for_each(|_| walk.step());
        }
        let asked = (world.service.exchanges - before.0) as f64;
        let spell = Spell {
            held: held(),
            resident: resident(),
            exchanges: asked / (world.instances.len() as f64 * self.days as f64),
            callers: world.report.callers - before.1,
            served: served(walks) - served_before,
        };
        let most = most_exchanges(world.scenario, self.days);
        if spell.exchanges > most {
            let what = format!(
                "{:.0} exchanges a day of an instance, and {most:.0} are enough",
                spell.exchanges
            );
            return Err(Violation::of_run(world.scenario, self.seed, what));
        }
        Ok(spell)
    }
}

impl fmt::Display for Spell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>8} B in {:>5} pieces, {:>6} kB resident, {:>5.1} exchanges a day, {} callers, {} served",
            self.held.bytes,
            self.held.pieces,
            self.resident / 1000,
            self.exchanges,
            self.callers,
            self.served
        )
    }
}

#[cfg(test)]
mod tests {
    use yc_iam::{EffectId, Outcome, Secret, Session, Step, UnixTime};

    use super::*;
    use crate::machine::{Machine, unbroken};
    use crate::runs::USUAL_SEED;

    fn days(count: usize, wrap: Wrap) -> Result<Growth, String> {
        let end = End::Spells(count);
        let seed = USUAL_SEED;
        let soak = Soak {
            seed,
            days: 1,
            end,
            wrap,
        };
        soak.run(|_, _| ())
    }

    #[test]
    fn some_days() {
        println!("{}", days(4, unbroken).unwrap_or_else(|what| panic!("{what}")));
    }

    /// Keeps a note of each time that it is asked.
    struct Hoarder(Session, Vec<Vec<u8>>);

    impl Machine for Hoarder {
        fn poll(&mut self, now: UnixTime) -> Step {
            self.1.push(vec![0; 256]);
            Machine::poll(&mut self.0, now)
        }

        fn complete(&mut self, id: EffectId, now: UnixTime, outcome: Outcome) {
            Machine::complete(&mut self.0, id, now, outcome);
        }

        fn invalidate(&mut self, token: &Secret) -> bool {
            Machine::invalidate(&mut self.0, token)
        }
    }

    #[test]
    fn what_grows_is_caught() {
        let caught = days(3, |session| Box::new(Hoarder(session, Vec::new()))).unwrap_err();
        assert!(caught.contains("memory grows") || caught.contains("holds"), "{caught}");
    }

    #[test]
    fn what_is_left_is_caught() {
        let forgetful: Wrap = |session| {
            std::mem::forget(vec![0; 8]);
            unbroken(session)
        };
        let caught = days(1, forgetful).unwrap_err();
        assert!(caught.contains("when it is over"), "{caught}");
    }
}
