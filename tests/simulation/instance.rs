//! One process of the fleet: a session, a clock of its own, and the callers in it.

use std::collections::{BTreeMap, VecDeque};

use yc_iam::{EffectId, Secret};

use crate::machine::Machine;
use crate::queue::Millis;
use crate::world::Event;

const TRACE_LEN: usize = 24;

/// Where an instance's credentials come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SourceKind {
    Oauth,
    Metadata,
    Workload,
    Key,
}

/// What a caller is at.
#[derive(Debug)]
pub enum Doing {
    Asking,
    /// Until the wake-up of this number, or until an effect was completed.
    Sleeping(u64),
    Performing(EffectId),
    /// It has a token and calls an API with it.
    Using(Secret),
}

/// Somebody who needs a token.
#[derive(Debug)]
pub struct Caller {
    pub doing: Doing,
    pub started: Millis,
    /// How long the instance had been frozen in all when it started: frozen time counts for nobody.
    pub frozen_before: Millis,
    pub troubles_before: u32,
    /// How often an API refused what it got.
    pub refused: u32,
    /// … because it had ended: whether it may then have been handed out is judged elsewhere.
    pub ended: u32,
}

/// An effect that was handed out and not reported yet. Times are local.
#[derive(Debug)]
pub struct Flight {
    pub id: EffectId,
    pub begun: Millis,
    pub timeout: Millis,
}

/// A line of the trace that a violation prints.
pub struct Trace {
    pub at: Millis,
    pub what: &'static str,
    pub caller: u64,
    pub number: i64,
}

pub struct Instance {
    pub machine: Box<dyn Machine>,
    /// Counts cold starts: events of a former life are void.
    pub life: u32,
    pub source: SourceKind,
    /// What the local clock shows less the true time.
    pub skew: Millis,
    /// True time less what the session can take for it, at the worst: see [`Instance::saw_date`].
    pub behind: Millis,
    /// The same for the token that it holds, which is judged by the clock that it came with.
    pub held_behind: Millis,
    /// The least that this can be: where the clock was ahead and is set back, the time that was seen stays seen.
    pub held_least: Millis,
    /// When that was served last, in true time, and how far behind it was then at the worst.
    pub served: (Millis, Millis),
    pub callers: BTreeMap<u64, Caller>,
    pub flights: Vec<Flight>,
    pub frozen_since: Option<Millis>,
    pub frozen_total: Millis,
    pub deferred: Vec<Event>,
    /// Callers that vanished or gave up in a flight, freezes, steps of the clock: each costs the others some time.
    pub troubles: u32,
    /// The last token that was handed out, and its true end.
    pub last: Option<(Secret, Millis, Millis)>,
    pub invalidated: Option<Secret>,
    pub exchanges: u64,
    pub trace: VecDeque<Trace>,
}

impl Instance {
    pub fn new(machine: Box<dyn Machine>, source: SourceKind, skew: Millis) -> Self {
        Self {
            machine,
            life: 0,
            source,
            skew,
            behind: -skew,
            held_behind: -skew,
            held_least: -skew,
            served: (0, 0),
            callers: BTreeMap::new(),
            flights: Vec::new(),
            frozen_since: None,
            frozen_total: 0,
            deferred: Vec::new(),
            troubles: 0,
            last: None,
            invalidated: None,
            exchanges: 0,
            trace: VecDeque::with_capacity(TRACE_LEN),
        }
    }

    /// A cold start: nothing survives but the machine's clock.
    pub fn restart(&mut self, machine: Box<dyn Machine>) {
        let exchanges = self.exchanges;
        let trace = std::mem::take(&mut self.trace);
        let life = self.life + 1;
        *self = Self::new(machine, self.source, self.skew);
        self.life = life;
        self.exchanges = exchanges;
        self.trace = trace;
    }

    pub fn local(&self, now: Millis) -> Millis {
        now + self.skew
    }

    pub fn note(&mut self, at: Millis, what: &'static str, caller: u64, number: i64) {
        if self.trace.len() == TRACE_LEN {
            self.trace.pop_front();
        }
        self.trace.push_back(Trace {
            at,
            what,
            caller,
            number,
        });
    }

    /// The session saw a `Date` in an answer that took `round_trip` by the local clock. The service wrote it at some
    /// moment in between, in whole seconds, and two seconds count as no difference: that is how well it can know the
    /// service's clock. A clock that is off by less than that stays uncorrected, so what was known stays true.
    pub fn saw_date(&mut self, round_trip: Millis) {
        let known_to = round_trip.abs() + 3_000;
        self.behind = self.behind.clamp(-known_to, known_to);
    }

    /// A token was served for the first time.
    pub fn got_token(&mut self, now: Millis) {
        (self.held_behind, self.held_least) = (self.behind, self.behind);
        self.served = (now, self.behind);
    }

    /// A token was served again. For a session, time never goes back between two looks at a token, but for a second:
    /// whatever becomes of the clock, it can be behind by no more than it was, and the time since then.
    pub fn serves_again(&mut self, now: Millis) {
        let (before, behind) = self.served;
        self.held_behind = self.held_behind.min(behind + (now - before) + 1_000);
        self.served = (now, self.held_behind);
    }

    /// The local clock was set; the session cannot know before it sees the next `Date`.
    pub fn step_clock(&mut self, by: Millis) {
        self.skew += by;
        self.behind -= by;
        self.held_behind -= by;
        self.held_least -= by.max(0);
        self.troubles += 1;
    }

    pub fn freeze(&mut self, now: Millis) {
        self.frozen_since.get_or_insert(now);
    }

    pub fn thaw(&mut self, now: Millis) -> Vec<Event> {
        if let Some(since) = self.frozen_since.take() {
            self.frozen_total += now - since;
            self.troubles += 1;
        }
        std::mem::take(&mut self.deferred)
    }
}
