//! From an effect to its outcome: the host performs it, the network carries it, the service answers, the host reports.

use yc_iam::{Action, Effect, EffectId, FailureKind, Outcome, Request};

use crate::common::dates::http_date;
use crate::instance::{Doing, Flight, SourceKind};
use crate::network::{Fate, failure, fate};
use crate::queue::{BEGIN, HOUR, Millis, SECOND, time};
use crate::service;
use crate::world::{Address, Message, Sent, World};

impl World<'_> {
    pub fn perform(&mut self, address: Address, effect: Effect) {
        self.check_single_flight(address, effect.id);
        let timeout = Millis::from(effect.action.timeout_millis());
        let instance = &mut self.instances[address.instance];
        instance.note(self.now, "performs effect", address.caller, effect.id.0 as i64);
        let begun = instance.local(self.now);
        instance.flights.push(Flight {
            id: effect.id,
            begun,
            timeout,
        });
        let sent = self.now;
        if self.scenario.abandoned > 0.0 && self.random.chance(self.scenario.abandoned) {
            instance.note(self.now, "vanishes", address.caller, 0);
            instance.troubles += 1;
            instance.callers.remove(&address.caller);
            return;
        }
        self.set_doing(address, Doing::Performing(effect.id));
        match effect.action {
            Action::ReadFile(_) => {
                let content = self.service.read_file(address.instance, self.now, &mut self.random);
                let wait = self.random.between(0, 5);
                self.send_later(wait, address, Message::Outcome(effect.id, sent, content));
            }
            Action::Http(request) => self.send(address, effect.id, request, timeout),
            other => self.violate(address.instance, format!("no source here asks for {other:?}")),
        }
    }

    /// One way to the service. The metadata service is on the same host, and whoever asks it for the first time waits
    /// for one second only.
    fn latency(&mut self, index: usize) -> Millis {
        match self.instances[index].source {
            SourceKind::Metadata => self.random.between(1, 5),
            _ => self.random.latency(),
        }
    }

    fn send(&mut self, address: Address, id: EffectId, request: Request, timeout: Millis) {
        self.service.count(self.now);
        self.instances[address.instance].exchanges += 1;
        // The worst moment for a freeze.
        if self.scenario.freezes > 0 && self.random.chance(0.03) {
            let lasts = self.random.log_between(SECOND, 13 * HOUR);
            self.freeze(address.instance, lasts);
        }
        let way = self.latency(address.instance);
        if way < timeout {
            let sent = Sent {
                at: self.now,
                gives_up: self.now + timeout,
            };
            return self.send_later(way, address, Message::Send(id, sent, Box::new(request)));
        }
        let outcome = Message::Outcome(id, self.now, failure(FailureKind::Timeout));
        self.send_later(timeout, address, outcome);
    }

    /// The request is at the service, or wherever it gets lost.
    pub fn arrive(&mut self, address: Address, id: EffectId, sent: Sent, request: &Request) {
        let scenario = self.scenario;
        let since_begin = self.now - BEGIN;
        let since_begin = since_begin.checked_rem(scenario.outages_again).unwrap_or(since_begin);
        let fate = fate(
            since_begin,
            &scenario.outages,
            scenario.fault_rate,
            scenario.undated_rate,
            &mut self.random,
        );
        let (mut outcome, late) = match fate {
            Fate::Arrives(None) => self.service.handle(request, self.now, None),
            Fate::Arrives(fault) => {
                let (mut outcome, late) = self.service.handle(request, self.now, fault);
                self.spoil_date(&mut outcome);
                (outcome, late)
            }
            Fate::Fails(outcome, late) => (outcome, late),
            Fate::Vanishes => (failure(FailureKind::Timeout), Millis::MAX / 4),
            Fate::ArrivesUndated => {
                let (mut outcome, late) = self.service.handle(request, self.now, None);
                if let Outcome::Response(response) = &mut outcome {
                    response.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("date"));
                }
                (outcome, late)
            }
        };
        let mut wait = late + self.latency(address.instance);
        if self.now + wait >= sent.gives_up {
            (wait, outcome) = (sent.gives_up - self.now, failure(FailureKind::Timeout));
        }
        self.send_later(wait, address, Message::Outcome(id, sent.at, outcome));
    }

    /// What stands in front of a service answers in its place now and then, and may have any clock.
    fn spoil_date(&mut self, outcome: &mut Outcome) {
        let Outcome::Response(response) = outcome else { return };
        if !self.scenario.front_doors_misdate || service::holds_token(&response.body) {
            return;
        }
        let date = match self.random.next() % 4 {
            0 => 0,
            1 => self.now + self.random.between(-48, 48) * HOUR,
            2 => self.now + self.random.between(-20 * 365, 20 * 365) * 24 * HOUR,
            _ => return,
        };
        response.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("date"));
        response.headers.push(("Date".to_owned(), http_date(date / SECOND)));
    }

    pub fn report_outcome(&mut self, address: Address, id: EffectId, sent: Millis, outcome: Outcome) {
        let instance = &mut self.instances[address.instance];
        let Some(caller) = instance.callers.get(&address.caller) else {
            return;
        };
        if !matches!(caller.doing, Doing::Performing(effect) if effect == id) {
            return;
        }
        let (what, number) = match &outcome {
            Outcome::Response(response) => ("reports an answer with status", i64::from(response.status)),
            Outcome::Failure(_) => ("reports a failure", 0),
            _ => ("reports a file", 0),
        };
        instance.note(self.now, what, address.caller, number);
        let local = instance.local(self.now);
        // A session believes the `Date` of its own latest flight only, and of an answer that nobody else can have made.
        if let Outcome::Response(response) = &outcome
            && response.header("date").is_some()
            && service::holds_token(&response.body)
            && instance.flights.last().is_some_and(|flight| flight.id == id)
        {
            let begun = instance.flights.last().map_or(local, |flight| flight.begun);
            instance.saw_date((local - begun).abs().max(self.now - sent));
        }
        instance.flights.retain(|flight| flight.id != id);
        instance.machine.complete(id, time(local), outcome);
        self.set_doing(address, Doing::Asking);
        self.ask(address);
        self.wake_all(address.instance);
    }
}
