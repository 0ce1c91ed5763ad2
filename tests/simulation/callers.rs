//! What a host does for its callers: poll, wait, hand out tokens; how it performs effects is in `effects.rs`.

use yc_iam::{AccessToken, FailureKind, Step};

use crate::instance::{Caller, Doing};
use crate::invariants;
use crate::network::failure;
use crate::queue::{MINUTE, Millis, SECOND, millis, time};
use crate::service::Issued;
use crate::world::{Address, Event, Message, World};

/// Nobody polls so often without anything happening in between.
const MAX_POLLS_AT_ONCE: u32 = 16;

impl World<'_> {
    pub fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }

    pub fn send_later(&mut self, wait: Millis, address: Address, message: Message) {
        self.queue.push(self.now + wait.max(0), Event::To(address, message));
    }

    pub fn begin_caller(&mut self, index: usize) {
        let caller = self.number();
        let instance = &mut self.instances[index];
        let address = Address {
            instance: index,
            life: instance.life,
            caller,
        };
        instance.callers.insert(
            caller,
            Caller {
                doing: Doing::Asking,
                started: self.now,
                frozen_before: instance.frozen_total,
                troubles_before: instance.troubles,
                refused: 0,
                ended: 0,
            },
        );
        self.report.callers += 1;
        self.ask(address);
        // Most have their token by now.
        if self.instances[index].callers.contains_key(&caller) {
            let bound = invariants::caller_bound(self.instances[index].source);
            self.send_later(bound, address, Message::Deadline);
            if self.scenario.impatient > 0.0 && self.random.chance(self.scenario.impatient) {
                let patience = self.random.between(500, 30 * SECOND);
                self.send_later(patience, address, Message::LoseInterest);
            }
        }
    }

    /// The loop of every host, until it has to wait.
    pub fn ask(&mut self, address: Address) {
        for _ in 0..MAX_POLLS_AT_ONCE {
            let instance = &mut self.instances[address.instance];
            if instance.life != address.life || !instance.callers.contains_key(&address.caller) {
                return;
            }
            let local = instance.local(self.now);
            match instance.machine.poll(time(local)) {
                Step::Use { token, .. } => return self.obtained(address, token),
                Step::Fail(error) => {
                    instance.note(
                        self.now,
                        "fails with status",
                        address.caller,
                        i64::from(error.status().unwrap_or(0)),
                    );
                    self.check_nothing_withheld(address, "an error");
                    self.report.error(self.now, error.code());
                    self.instances[address.instance].callers.remove(&address.caller);
                    return;
                }
                Step::Wait { until, .. } => {
                    let wait = millis(until) - local;
                    instance.note(self.now, "waits for ms", address.caller, wait);
                    self.check_nothing_withheld(address, "a wait");
                    if wait > 0 {
                        let wake = self.number();
                        self.set_doing(address, Doing::Sleeping(wake));
                        return self.send_later(wait, address, Message::Wake(wake));
                    }
                }
                Step::Perform(effect) => return self.perform(address, effect),
            }
        }
        self.violate(
            address.instance,
            "a caller is told to poll again without end".to_owned(),
        );
    }

    pub fn set_doing(&mut self, address: Address, doing: Doing) {
        if let Some(caller) = self.instances[address.instance].callers.get_mut(&address.caller) {
            caller.doing = doing;
        }
    }

    /// An effect was completed: whoever sleeps looks again.
    pub fn wake_all(&mut self, index: usize) {
        let instance = &self.instances[index];
        let sleeping = |caller: &Caller| matches!(caller.doing, Doing::Sleeping(_));
        let callers = instance.callers.iter().filter(|(_, caller)| sleeping(caller));
        let sleepers: Vec<u64> = callers.map(|(number, _)| *number).collect();
        let life = instance.life;
        for caller in sleepers {
            let address = Address {
                instance: index,
                life,
                caller,
            };
            self.set_doing(address, Doing::Asking);
            self.ask(address);
        }
    }

    pub fn wake(&mut self, address: Address, number: u64) {
        let caller = self.instances[address.instance].callers.get(&address.caller);
        if caller.is_some_and(|caller| matches!(caller.doing, Doing::Sleeping(wake) if wake == number)) {
            self.ask(address);
        }
    }

    fn obtained(&mut self, address: Address, token: AccessToken) {
        self.check_token(address, &token);
        if self.scenario.calls_apis {
            self.set_doing(address, Doing::Using(token.value));
            let wait = self.random.between(10, 500);
            return self.send_later(wait, address, Message::CallApi);
        }
        self.report.tokens += 1;
        self.instances[address.instance].callers.remove(&address.caller);
    }

    pub fn call_api(&mut self, address: Address) {
        let instance = &mut self.instances[address.instance];
        let Some(caller) = instance.callers.get_mut(&address.caller) else {
            return;
        };
        let Doing::Using(token) = &caller.doing else { return };
        let token = token.clone();
        if self.service.accepts(&token, self.now) {
            self.report.tokens += 1;
            instance.callers.remove(&address.caller);
            return;
        }
        caller.refused += 1;
        let ended = |issued: &Issued| issued.ends_at <= self.now;
        caller.ended += u32::from(self.service.issued(&token).is_some_and(ended));
        caller.doing = Doing::Asking;
        let dropped = instance.machine.invalidate(&token);
        instance.note(
            self.now,
            "says that a service refused it; dropped",
            address.caller,
            i64::from(dropped),
        );
        if instance.last.as_ref().is_some_and(|(last, ..)| *last == token) {
            instance.last = None;
        }
        instance.invalidated = Some(token);
        self.check_refusals(address);
        self.ask(address);
    }

    /// A caller without patience goes; a flight of its own ends with it.
    pub fn lose_interest(&mut self, address: Address) {
        let instance = &mut self.instances[address.instance];
        let Some(caller) = instance.callers.remove(&address.caller) else {
            return;
        };
        self.report.gave_up += 1;
        if let Doing::Performing(id) = caller.doing {
            instance.note(self.now, "cancels effect", address.caller, id.0 as i64);
            instance.troubles += 1;
            let local = instance.local(self.now);
            instance.flights.retain(|flight| flight.id != id);
            instance
                .machine
                .complete(id, time(local), failure(FailureKind::Cancelled));
            self.wake_all(address.instance);
        }
    }

    /// Its time may be over by now: unless there was trouble meanwhile, that is a violation.
    pub fn check_deadline(&mut self, address: Address) {
        let instance = &self.instances[address.instance];
        let Some(caller) = instance.callers.get(&address.caller) else {
            return;
        };
        let left = invariants::time_left(instance, caller, self.now);
        if left > 0 {
            return self.send_later(left.max(MINUTE / 60), address, Message::Deadline);
        }
        let waited = (self.now - caller.started) / SECOND;
        self.violate(
            address.instance,
            format!("caller {} has neither token nor error after {waited} s", address.caller),
        );
    }
}
