//! What must hold at every event, and what is printed when it does not.

use std::fmt;

use yc_iam::{AccessToken, EffectId};

use crate::instance::{Caller, Instance, SourceKind};
use crate::queue::{BEGIN, HOUR, MINUTE, Millis, SECOND};
use crate::scenario::Scenario;
use crate::world::{Address, World};

/// After its own time-out, so long an effect may go unreported before another caller takes over.
const LOST_AFTER: Millis = 5 * SECOND;
/// What an effect may take, then: a request's ten seconds at most.
const EFFECT: Millis = 10 * SECOND + LOST_AFTER;
/// The longest wait because of a `Retry-After`, or between two tries.
const WAIT: Millis = 30 * SECOND;
/// Five tries, one more where the clock was found to be off.
const TRIES: Millis = 6;

/// How long a caller can be kept in a session that nobody leaves in the lurch: a wait that was under way when it
/// came, and then a whole flight with all its tries.
pub fn caller_bound(source: SourceKind) -> Millis {
    let effects = if source == SourceKind::Workload { 2 } else { 1 };
    WAIT + TRIES * effects * EFFECT + (TRIES - 1) * WAIT
}

/// Each freeze, cancelled or lost flight and step of the clock can cost the others one effect and one wait more, and
/// a refused token one whole flight.
pub fn time_left(instance: &Instance, caller: &Caller, now: Millis) -> Millis {
    let awake = now - caller.started - (instance.frozen_total - caller.frozen_before);
    let troubles = Millis::from(instance.troubles - caller.troubles_before) * (EFFECT + WAIT);
    let flights = Millis::from(caller.refused + 1) * caller_bound(instance.source);
    flights + troubles - awake
}

/// A broken promise.
#[derive(Debug)]
pub struct Violation {
    pub what: String,
    text: String,
}

impl Violation {
    pub fn of_run(scenario: &Scenario, seed: u64, what: String) -> Self {
        let text = format!("{what}\n{}", replay(scenario, seed));
        Self { what, text }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn replay(scenario: &Scenario, seed: u64) -> String {
    let (name, hours) = (scenario.name, scenario.session_hours().round());
    format!(
        "scenario {name}, seed {seed}; to see it again:\n  cargo xtask simulate --scenario {name} --seed {seed} --hours {hours}"
    )
}

fn clock(at: Millis) -> String {
    let since = at - BEGIN;
    let (hours, minutes) = (since / HOUR, since % HOUR / MINUTE);
    format!("{hours:03}:{minutes:02}:{:06.3}", (since % MINUTE) as f64 / 1000.0)
}

impl World<'_> {
    /// Notes the first violation; the run ends with it.
    pub fn violate(&mut self, index: usize, what: String) {
        if self.violation.is_some() {
            return;
        }
        let instance = &self.instances[index];
        let mut text = format!(
            "{what}\nat {} on instance {index} ({:?}",
            clock(self.now),
            instance.source
        );
        text += &format!(", clock off by {} ms); its last events:\n", instance.skew);
        for line in &instance.trace {
            let who = if line.caller == 0 {
                "instance".to_owned()
            } else {
                format!("caller {}", line.caller)
            };
            text += &format!("  {}  {who} {} {}\n", clock(line.at), line.what, line.number);
        }
        text += &replay(self.scenario, self.seed);
        self.violation = Some(Violation { what, text });
    }

    /// At most one exchange under way in a session, but for those that count as lost.
    pub fn check_single_flight(&mut self, address: Address, id: EffectId) {
        let instance = &mut self.instances[address.instance];
        let local = instance.local(self.now);
        let under_way =
            |begun: Millis, timeout: Millis| local < begun + timeout + LOST_AFTER && local + SECOND >= begun;
        let flights = &mut instance.flights;
        flights.retain(|flight| under_way(flight.begun, flight.timeout));
        if let Some(other) = flights.first() {
            let what = format!(
                "effect {} was handed out while effect {} is under way",
                id.0, other.id.0
            );
            self.violate(address.instance, what);
        }
    }

    /// No token past its end. The true end counts, by the service's clock, so far as the session can know that clock:
    /// see [`Instance::saw_date`] and [`Instance::serves_again`]. Before its first `Date`, it can know nothing.
    pub fn check_token(&mut self, address: Address, token: &AccessToken) {
        let instance = &mut self.instances[address.instance];
        if instance.invalidated.as_ref() == Some(&token.value) {
            return self.violate(
                address.instance,
                "a token was handed out after a service refused it".to_owned(),
            );
        }
        let known = instance.last.as_ref().filter(|(last, ..)| *last == token.value);
        let (issued_at, ends_at) = match known {
            Some((_, issued_at, ends_at)) => {
                let ends = (*issued_at, *ends_at);
                instance.serves_again(self.now);
                ends
            }
            None => {
                let Some(issued) = self.service.issued(&token.value) else {
                    return self.violate(
                        address.instance,
                        "a token was handed out that no answer held".to_owned(),
                    );
                };
                let ends = (issued.at, issued.ends_at);
                instance.note(
                    self.now,
                    "gets a new token that ends at ms",
                    address.caller,
                    issued.ends_at - BEGIN,
                );
                self.report.new_tokens += 1;
                instance.got_token(self.now);
                instance.last = Some((token.value.clone(), ends.0, ends.1));
                let sound = issued.revoked_at.is_some() || issued.ends_at <= self.now;
                if !sound && !self.service.accepts(&token.value, self.now) {
                    return self.violate(
                        address.instance,
                        "the service refuses a token that it issued".to_owned(),
                    );
                }
                ends
            }
        };
        let instance = &self.instances[address.instance];
        let margin = MINUTE.min((ends_at - issued_at) / 10);
        let blind = (instance.held_behind - margin).max(0);
        if self.now >= ends_at + blind {
            let late = (self.now - ends_at) / SECOND;
            self.violate(
                address.instance,
                format!("a token was handed out {late} s after its end"),
            );
        } else if self.now >= ends_at {
            self.report.blind += 1;
        }
    }

    /// A good token is served, whatever became of its renewal.
    pub fn check_nothing_withheld(&mut self, address: Address, instead: &str) {
        let instance = &self.instances[address.instance];
        let Some((_, issued_at, ends_at)) = &instance.last else {
            return;
        };
        let margin = MINUTE.min((ends_at - issued_at) / 10);
        // A session that takes the time for later than it is ends its token earlier.
        let ahead = (-instance.held_least).max(0) + 3 * SECOND;
        if self.now + ahead < ends_at - margin {
            let left = (ends_at - self.now) / SECOND;
            self.violate(
                address.instance,
                format!("{instead} in place of a token that is good for {left} s"),
            );
        }
    }

    /// Who says that a token was refused gets another, which is good unless there was another revocation.
    pub fn check_refusals(&mut self, address: Address) {
        let Some(caller) = self.instances[address.instance].callers.get(&address.caller) else {
            return;
        };
        let revoked = self
            .service
            .revocations
            .iter()
            .rev()
            .take_while(|at| **at >= caller.started - MINUTE)
            .count() as u32;
        // Once for a revocation before it came, and once for each since.
        let refused = caller.refused - caller.ended;
        if refused > revoked + 1 {
            let what = format!("a caller got {refused} refused tokens with {revoked} revocations meanwhile");
            self.violate(address.instance, what);
        }
    }
}
