//! The event loop: who acts when.

use yc_iam::{
    EffectId, Endpoints, MetadataSource, OauthSource, Outcome, Request, ServiceAccountSource, Session, SessionOptions,
    Source, SubjectTokenOrigin, WorkloadIdentitySource,
};

use crate::instance::{Instance, SourceKind};
use crate::invariants::Violation;
use crate::machine::{Machine, Wrap};
use crate::network::failure;
use crate::queue::{BEGIN, HOUR, MINUTE, Millis, Queue, SECOND};
use crate::random::Random;
use crate::report::Report;
use crate::scenario::{Calls, Scenario};
use crate::service::Service;

/// Who an event is for: void if the instance has started anew since.
#[derive(Clone, Copy, Debug)]
pub struct Address {
    pub instance: usize,
    pub life: u32,
    pub caller: u64,
}

#[derive(Debug)]
pub enum Event {
    Call(usize),
    /// So many callers begin.
    Begin(usize, usize),
    Freeze(usize),
    Thaw(usize),
    Die(usize),
    StepClock(usize),
    Revoke,
    RotateIssuerKey,
    To(Address, Message),
}

/// When a request left, and when its host gives it up.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    pub at: Millis,
    pub gives_up: Millis,
}

/// What can come to a caller.
#[derive(Debug)]
pub enum Message {
    Wake(u64),
    Send(EffectId, Sent, Box<Request>),
    Outcome(EffectId, Millis, Outcome),
    CallApi,
    LoseInterest,
    Deadline,
}

pub struct World<'s> {
    pub scenario: &'s Scenario,
    pub seed: u64,
    pub now: Millis,
    pub queue: Queue<Event>,
    pub random: Random,
    pub service: Service,
    pub instances: Vec<Instance>,
    pub report: Report,
    pub violation: Option<Violation>,
    pub next_number: u64,
    wrap: Wrap,
}

impl<'s> World<'s> {
    pub fn new(scenario: &'s Scenario, seed: u64, wrap: Wrap) -> Self {
        let mut world = Self {
            scenario,
            seed,
            now: BEGIN,
            queue: Queue::new(),
            random: Random::new(seed),
            service: Service::new(scenario, seed),
            instances: Vec::with_capacity(scenario.instances),
            report: Report::default(),
            violation: None,
            next_number: 0,
            wrap,
        };
        for index in 0..scenario.instances {
            let source = scenario.sources[index % scenario.sources.len()];
            let skew = world.random.between(-scenario.skew, scenario.skew);
            let machine = world.machine(source);
            world.instances.push(Instance::new(machine, source, skew));
            let first = world.random.between(0, scenario.starts_over);
            world.queue.push(BEGIN + first, Event::Call(index));
            world.again(scenario.freezes, Event::Freeze(index));
            world.again(scenario.deaths, Event::Die(index));
            world.again(scenario.clock_steps, Event::StepClock(index));
        }
        world.again(scenario.revocations, Event::Revoke);
        world.again(scenario.issuer_key_rotations, Event::RotateIssuerKey);
        world
    }

    /// Goes on until then, or to the first violation.
    pub fn run_until(&mut self, end: Millis) -> Result<(), Violation> {
        while self.queue.next_at().is_some_and(|at| at < end)
            && let Some((at, event)) = self.queue.pop()
        {
            self.now = at;
            self.handle(event);
            if let Some(violation) = self.violation.take() {
                return Err(violation);
            }
        }
        Ok(())
    }

    /// Runs to the end, or to the first violation.
    pub fn run(mut self) -> Result<Report, Violation> {
        self.run_until(BEGIN + self.scenario.lasts)?;
        self.report.finish(self.scenario, &mut self.service);
        self.report.most_exchanges = self.instances.iter().map(|one| one.exchanges).max().unwrap_or_default();
        if let Err(what) = (self.scenario.judge)(self.scenario, &self.report) {
            return Err(Violation::of_run(self.scenario, self.seed, what));
        }
        Ok(self.report)
    }

    fn again(&mut self, mean: Millis, event: Event) {
        if mean > 0 {
            let wait = self.random.exponential(mean);
            self.queue.push(self.now + wait, event);
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Call(index) => self.call(index),
            Event::Begin(index, callers) => self.begin_callers(index, callers),
            Event::Freeze(index) => {
                self.again(self.scenario.freezes, Event::Freeze(index));
                let lasts = self.random.log_between(SECOND, 13 * HOUR);
                self.freeze(index, lasts);
            }
            Event::Thaw(index) => self.thaw(index),
            Event::Die(index) => {
                self.again(self.scenario.deaths, Event::Die(index));
                self.restart(index);
            }
            Event::StepClock(index) => {
                self.again(self.scenario.clock_steps, Event::StepClock(index));
                let by = self.random.log_between(SECOND, 3 * HOUR) * self.random.pick(&[-1, 1]);
                // A clock is never set further off than the scenario's limit.
                if (self.instances[index].skew + by).abs() <= self.scenario.skew {
                    self.instances[index].note(self.now, "clock set by ms", 0, by);
                    self.instances[index].step_clock(by);
                }
            }
            Event::Revoke => {
                self.again(self.scenario.revocations, Event::Revoke);
                self.service.revoke_all(self.now);
            }
            Event::RotateIssuerKey => {
                self.again(self.scenario.issuer_key_rotations, Event::RotateIssuerKey);
                self.service.rotate_issuer_key();
            }
            Event::To(address, message) => self.deliver(address, message),
        }
    }

    fn deliver(&mut self, address: Address, message: Message) {
        // What is on the wire travels on, whatever becomes of the instance.
        if let Message::Send(id, sent, request) = message {
            return self.arrive(address, id, sent, &request);
        }
        let instance = &mut self.instances[address.instance];
        if instance.life != address.life {
            return;
        }
        if instance.frozen_since.is_some() {
            instance.deferred.push(Event::To(address, message));
            return;
        }
        match message {
            Message::Wake(number) => self.wake(address, number),
            Message::Outcome(id, sent, outcome) => self.report_outcome(address, id, sent, outcome),
            Message::CallApi => self.call_api(address),
            Message::LoseInterest => self.lose_interest(address),
            Message::Deadline => self.check_deadline(address),
            Message::Send(..) => unreachable!(),
        }
    }

    /// Callers come, and the next ones are announced.
    fn call(&mut self, index: usize) {
        let mut callers = 1;
        match self.scenario.calls {
            Calls::Poisson(mean) => {
                self.again(mean, Event::Call(index));
                // A frozen process gets no calls.
                if self.instances[index].frozen_since.is_some() {
                    return;
                }
                callers += usize::from(self.random.chance(0.1));
            }
            Calls::Serverless => {
                let cold = self.random.chance(0.1);
                if cold {
                    self.restart(index);
                } else {
                    self.thaw(index);
                }
                callers = self.random.between(1, 3) as usize;
                let works = self.random.log_between(20, 10 * SECOND);
                let next = works + self.random.log_between(MINUTE, 13 * HOUR);
                self.queue.push(self.now + works, Event::Freeze(index));
                self.queue.push(self.now + next, Event::Call(index));
            }
            Calls::Herd(size, wait) => {
                callers = size;
                self.queue.push(self.now + wait, Event::Call(index));
            }
        }
        if matches!(self.scenario.calls, Calls::Serverless) {
            // After a thaw, either the callers come first or what arrived meanwhile.
            let wait = self.random.between(0, 2);
            self.queue.push(self.now + wait, Event::Begin(index, callers));
        } else {
            self.begin_callers(index, callers);
        }
    }

    fn begin_callers(&mut self, index: usize, callers: usize) {
        (0..callers).for_each(|_| self.begin_caller(index));
    }

    pub fn freeze(&mut self, index: usize, lasts: Millis) {
        if self.instances[index].frozen_since.is_some() {
            return;
        }
        self.instances[index].note(self.now, "frozen for ms", 0, lasts);
        self.instances[index].freeze(self.now);
        // Serverless instances are thawed by the next invocation.
        if !matches!(self.scenario.calls, Calls::Serverless) {
            self.queue.push(self.now + lasts, Event::Thaw(index));
        }
    }

    fn thaw(&mut self, index: usize) {
        if self.instances[index].frozen_since.is_none() {
            return;
        }
        self.instances[index].note(self.now, "thawed", 0, 0);
        for event in self.instances[index].thaw(self.now) {
            let event = match event {
                Event::To(address, Message::Outcome(id, sent, outcome)) => {
                    let outcome = self.random.pick(&Scenario::AFTER_A_FREEZE).map_or(outcome, failure);
                    Event::To(address, Message::Outcome(id, sent, outcome))
                }
                event => event,
            };
            self.queue.push(self.now, event);
        }
    }

    fn restart(&mut self, index: usize) {
        let machine = self.machine(self.instances[index].source);
        self.instances[index].note(self.now, "cold start", 0, 0);
        self.instances[index].restart(machine);
    }

    fn machine(&mut self, kind: SourceKind) -> Box<dyn Machine> {
        let source: Box<dyn Source> = match kind {
            SourceKind::Oauth => Box::new(OauthSource::new(self.service.oauth_token.expose()).unwrap()),
            SourceKind::Metadata => Box::new(MetadataSource::new()),
            SourceKind::Key => Box::new(ServiceAccountSource::new(self.service.key.clone()).unwrap()),
            SourceKind::Workload => {
                let origin = SubjectTokenOrigin::file("/var/run/secrets/token");
                Box::new(WorkloadIdentitySource::new(&self.service.account, origin).unwrap())
            }
        };
        let options = SessionOptions {
            endpoints: Endpoints::global(),
            seed: self.random.next(),
        };
        (self.wrap)(Session::new(source, options))
    }
}
