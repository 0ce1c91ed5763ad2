//! What the simulator drives: a session, or something that pretends to be one.

use yc_iam::{EffectId, Outcome, Secret, Session, Step, UnixTime};

pub trait Machine {
    fn poll(&mut self, now: UnixTime) -> Step;
    fn complete(&mut self, id: EffectId, now: UnixTime, outcome: Outcome);
    fn invalidate(&mut self, token: &Secret) -> bool;
}

impl Machine for Session {
    fn poll(&mut self, now: UnixTime) -> Step {
        Session::poll(self, now)
    }

    fn complete(&mut self, id: EffectId, now: UnixTime, outcome: Outcome) {
        Session::complete(self, id, now, outcome).unwrap();
    }

    fn invalidate(&mut self, token: &Secret) -> bool {
        Session::invalidate(self, token)
    }
}

/// Puts something between the simulator and a session: how the tests of the test break a policy.
pub type Wrap = fn(Session) -> Box<dyn Machine>;

pub fn unbroken(session: Session) -> Box<dyn Machine> {
    Box::new(session)
}
