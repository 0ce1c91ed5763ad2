//! The test of the test: policies broken on purpose must be caught, each by the invariant that it breaks.

use yc_iam::{AccessToken, Action, Effect, EffectId, Error, ErrorCode, Outcome, Secret, Session, Step, UnixTime};

use crate::machine::{Machine, Wrap};
use crate::named;
use crate::queue::{HOUR, MINUTE, millis, time};
use crate::runs;
use crate::scenario::Scenario;
use crate::scenarios::no_spike;

/// What a broken policy makes of a session's step. It sees the last token and the last effect.
type Spoil = fn(&mut Broken, UnixTime, Step) -> Step;

struct Broken {
    session: Session,
    spoil: Spoil,
    token: Option<AccessToken>,
    effect: Option<Effect>,
    ignores_refusals: bool,
    slot: Option<i64>,
    forged: u64,
}

/// The IDs of effects that no session issued.
const FORGED: u64 = 1 << 32;

impl Machine for Broken {
    fn poll(&mut self, now: UnixTime) -> Step {
        let step = self.session.poll(now);
        match &step {
            Step::Use { token, .. } if !self.ignores_refusals => self.token = Some(token.clone()),
            Step::Perform(effect) if matches!(effect.action, Action::Http(_)) => self.effect = Some(effect.clone()),
            _ => {}
        }
        let spoil = self.spoil;
        spoil(self, now, step)
    }

    fn complete(&mut self, id: EffectId, now: UnixTime, outcome: Outcome) {
        if id.0 < FORGED {
            Machine::complete(&mut self.session, id, now, outcome);
        }
    }

    fn invalidate(&mut self, token: &Secret) -> bool {
        !self.ignores_refusals && Session::invalidate(&mut self.session, token)
    }
}

fn broken(session: Session, spoil: Spoil, ignores_refusals: bool) -> Box<dyn Machine> {
    Box::new(Broken {
        session,
        spoil,
        token: None,
        effect: None,
        ignores_refusals,
        slot: None,
        forged: 0,
    })
}

fn caught(scenario: &Scenario, wrap: Wrap, by: &str) {
    let seed = 3;
    runs::run(scenario, seed).unwrap_or_else(|violation| panic!("without being broken: {violation}"));
    let Err(violation) = runs::run_with(scenario, seed, wrap) else {
        panic!("nothing was noticed of what should be caught as `{by}`");
    };
    assert!(violation.what.contains(by), "`{by}` was expected: {violation}");
    let replay = format!(
        "cargo xtask simulate --scenario {} --seed {seed} --hours ",
        scenario.name
    );
    assert!(violation.to_string().contains(&replay), "{violation}");
}

fn small(name: &str) -> Scenario {
    let mut scenario = named(name);
    scenario.instances = scenario.instances.min(12);
    scenario.judge = |_, _| Ok(());
    scenario
}

#[test]
fn a_token_past_its_end_is_caught() {
    let wrap: Wrap = |session| {
        broken(
            session,
            |own, _, step| match &own.token {
                Some(token) if !matches!(step, Step::Use { .. }) => Step::Use {
                    token: token.clone(),
                    fresh_until: token.expires_at,
                },
                _ => step,
            },
            false,
        )
    };
    caught(&small("long-outage"), wrap, "after its end");
}

#[test]
fn two_flights_are_caught() {
    let wrap: Wrap = |session| {
        broken(
            session,
            |own, _, step| match (&step, &own.effect) {
                (Step::Wait { in_flight: true, .. }, Some(effect)) => Step::Perform(Effect {
                    id: EffectId(effect.id.0 + FORGED),
                    action: effect.action.clone(),
                }),
                _ => step,
            },
            false,
        )
    };
    caught(&small("serverless"), wrap, "is under way");
}

#[test]
fn a_wait_without_end_is_caught() {
    let wrap: Wrap = |session| {
        broken(
            session,
            |_, now, step| match step {
                Step::Fail(_) => Step::Wait {
                    until: time(millis(now) + 1_000),
                    in_flight: false,
                },
                step => step,
            },
            false,
        )
    };
    caught(&small("long-outage"), wrap, "neither token nor error");
}

#[test]
fn a_withheld_token_is_caught() {
    // Serves no token that is due for renewal.
    let wrap: Wrap = |session| {
        broken(
            session,
            |_, now, step| match step {
                Step::Use { fresh_until, .. } if fresh_until <= now => {
                    Step::Fail(Error::new(ErrorCode::ServerError, "the renewal failed"))
                }
                step => step,
            },
            false,
        )
    };
    caught(&small("short-outage"), wrap, "in place of a token that is good");
}

#[test]
fn a_refused_token_that_comes_again_is_caught() {
    let wrap: Wrap = |session| broken(session, |_, _, step| step, true);
    caught(&small("revocations"), wrap, "after a service refused it");
}

/// Sends its last request once more whenever a new slot begins, and serves the token then.
fn once_more(own: &mut Broken, now: UnixTime, slot: i64, step: Step) -> Step {
    let Some(effect) = own
        .effect
        .clone()
        .filter(|_| matches!(step, Step::Use { fresh_until, .. } if fresh_until > now))
    else {
        return step;
    };
    if own.slot.replace(slot).is_none_or(|last| last == slot) {
        return step;
    }
    own.forged += 1;
    Step::Perform(Effect {
        id: EffectId(own.forged + FORGED),
        action: effect.action,
    })
}

#[test]
fn asking_too_often_is_caught() {
    let wrap: Wrap = |session| {
        broken(
            session,
            |own, now, step| {
                let issued = own.token.as_ref().map_or(0, |token| millis(token.issued_at));
                once_more(own, now, (millis(now) - issued) / (20 * MINUTE), step)
            },
            false,
        )
    };
    let mut scenario = named("steady");
    (scenario.instances, scenario.lasts) = (600, 4 * HOUR);
    caught(&scenario, wrap, "times the ideal");
}

#[test]
fn a_fleet_that_asks_on_the_hour_is_caught() {
    let wrap: Wrap = |session| {
        broken(
            session,
            |own, now, step| once_more(own, now, millis(now) / HOUR, step),
            false,
        )
    };
    let mut scenario = named("steady");
    (scenario.instances, scenario.lasts) = (600, 4 * HOUR);
    scenario.judge = no_spike;
    caught(&scenario, wrap, "the mean of exchanges");
}
