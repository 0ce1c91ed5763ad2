//! A session, its callers, its service and their clocks, all moved by dice.

use yc_iam::{
    AccessToken, Action, Effect, EffectId, Endpoints, Failure, FailureKind, Outcome, Response, Secret, Session, Step,
    UnixTime,
};

use super::dates::{http_date, rfc3339};
use super::dice::Dice;
use super::{key, outside_session};

/// When every walk begins, in milliseconds since the epoch.
pub(crate) const BEGIN: i64 = 1_767_225_600_000;

/// How the clocks of a walk behave.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Clocks {
    /// Both right, and no answer has a `Date`.
    Silent,
    /// The local one is off by this many milliseconds, and every answer has a true `Date`.
    Off(i64),
    /// The local one jumps, and `Date` may say anything.
    Wild,
}

struct InFlight {
    id: EffectId,
    action: Action,
    from: i64,
    until: i64,
}

pub(crate) struct World {
    seed: u64,
    dice: Dice,
    clocks: Clocks,
    session: Session,
    /// The local clock, in milliseconds.
    now: i64,
    flight: Option<InFlight>,
    lost: Vec<EffectId>,
    pub(crate) tokens: u64,
    current: Option<Secret>,
    /// The token that was served last, for how long it was seen to be served in all, and when it was.
    seen: Option<(Secret, i64, i64)>,
    pub(crate) served: u64,
}

pub(crate) fn time(millis: i64) -> UnixTime {
    UnixTime::from_secs_f64(millis as f64 / 1000.0).unwrap()
}

pub(crate) fn millis(time: UnixTime) -> i64 {
    (time.as_secs_f64() * 1000.0).round() as i64
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self::with(Dice::new(seed), seed)
    }

    pub(crate) fn with(mut dice: Dice, seed: u64) -> Self {
        let off = dice.roll(4_000_000) as i64 - 2_000_000;
        let clocks = dice.pick(&[Clocks::Silent, Clocks::Off(off), Clocks::Wild]);
        let session = outside_session(key("plain"), Endpoints::default(), seed);
        Self {
            seed,
            dice,
            clocks,
            session,
            now: BEGIN,
            flight: None,
            lost: Vec::new(),
            tokens: 0,
            current: None,
            seen: None,
            served: 0,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.dice.is_over()
    }

    /// What the service's clock says.
    fn service_now(&self) -> i64 {
        match self.clocks {
            Clocks::Off(by) => self.now + by,
            _ => self.now,
        }
    }

    fn poll(&mut self) -> Step {
        let step = self.session.poll(time(self.now));
        let at = format!("walk {}, {:?}, at {}: {step:?}", self.seed, self.clocks, self.now);
        match &step {
            Step::Perform(effect) => self.take_off(effect.clone(), &at),
            Step::Use { token, fresh_until } => {
                self.served += 1;
                self.current = Some(token.value.clone());
                let ends = millis(token.expires_at);
                let life = ends - millis(token.issued_at);
                match self.clocks {
                    Clocks::Silent => assert!(self.now < ends - (life / 10).min(60_000), "past its end: {at}"),
                    // The time of a flight and the resolution of `Date` are what the session cannot know.
                    Clocks::Off(_) => assert!(
                        self.service_now() < ends - (life / 10).min(60_000) + 18_000,
                        "past its end: {at}"
                    ),
                    Clocks::Wild => {}
                }
                self.live_on(token, life, &at);
                let last = millis(*fresh_until) - 1;
                if last > self.now && self.dice.roll(8) == 0 {
                    self.now = last;
                    assert_eq!(self.session.poll(time(last)), step, "not the same until {last}: {at}");
                }
            }
            Step::Wait { until, in_flight } => {
                assert!(millis(*until) > self.now, "waits for the past: {at}");
                assert_eq!(*in_flight, self.flight.is_some(), "who flies? {at}");
            }
            Step::Fail(error) => assert!(!error.hint().is_empty(), "no hint: {at}"),
        }
        // Asking again at once changes nothing.
        let again = self.session.poll(time(self.now));
        match &step {
            Step::Perform(_) => assert!(
                matches!(again, Step::Use { .. } | Step::Wait { in_flight: true, .. }),
                "{at}, then {again:?}"
            ),
            _ => assert_eq!(again, step, "{at}"),
        }
        step
    }

    /// Whatever clocks and answers say: the time in which a token was seen to be served is no longer than its life.
    fn live_on(&mut self, token: &AccessToken, life: i64, at: &str) {
        let seen = match &self.seen {
            Some((value, seen, last)) if *value == token.value => seen + (self.now - last).max(0),
            _ => 0,
        };
        // NTP's small steps back are not looked at.
        assert!(seen <= life + 1_000, "served for {seen} ms: {at}");
        self.seen = Some((token.value.clone(), seen, self.now));
    }

    fn take_off(&mut self, effect: Effect, at: &str) {
        if let Some(other) = self.flight.take() {
            let covered = self.now < other.until && self.now + 1000 >= other.from;
            assert!(!covered, "two flights at once, {:?} still under way: {at}", other.id);
            self.lost.push(other.id);
        }
        let lost_after = i64::from(effect.action.timeout_millis()) + 5_000;
        self.flight = Some(InFlight {
            id: effect.id,
            action: effect.action,
            from: self.now,
            until: self.now + lost_after,
        });
    }

    fn report(&mut self) {
        let Some(flight) = self.flight.take() else { return };
        let outcome = match (&flight.action, self.dice.roll(8)) {
            (_, 0) => {
                let kind = self.dice.pick(&[
                    "connection",
                    "timeout",
                    "tls",
                    "cancelled",
                    "file",
                    "variable",
                    "supplier",
                    "signing",
                    "other",
                ]);
                Outcome::Failure(Failure {
                    kind: FailureKind::from_name(kind).unwrap(),
                    detail: "the walk's own".to_owned(),
                })
            }
            (Action::Sign(_), _) => {
                let length = self.dice.pick(&[256, 256, 256, 256, 256, 0, 257]);
                Outcome::Signature(vec![0x5A; length])
            }
            (_, dice) => Outcome::Response(self.response(dice > 4)),
        };
        self.session.complete(flight.id, time(self.now), outcome).unwrap();
    }

    fn response(&mut self, good: bool) -> Response {
        let mut headers = Vec::new();
        let second = match self.clocks {
            Clocks::Silent => None,
            Clocks::Off(_) => Some(self.service_now().div_euclid(1000)),
            Clocks::Wild => {
                let wild = self.now / 1000 + self.dice.roll(200_000) as i64 - 100_000;
                self.dice
                    .pick(&[None, Some(self.now / 1000), Some(wild), Some(0), Some(253_402_300_799)])
            }
        };
        headers.extend(second.map(|second| ("date".to_owned(), http_date(second))));
        if self.dice.roll(4) == 0 {
            headers.push((
                "retry-after".to_owned(),
                self.dice
                    .pick(&["0", "1", "20", "31", "600", "86400", "soon"])
                    .to_owned(),
            ));
        }
        let garbage: &[&str] = &[
            "",
            "<html>",
            "{",
            "[]",
            "null",
            r#"{"iamToken":"a b","expiresAt":"2027-01-01T00:00:00Z"}"#,
        ];
        let body = if good {
            self.tokens += 1;
            let life = self
                .dice
                .pick(&[43_200_i64, 43_200, 43_200, 3600, 900, 600, 86_400, 120, 7, 1, -5]);
            let ends = self.service_now().div_euclid(1000) + life;
            format!(
                r#"{{"iamToken":"t1.token-{}","expiresAt":"{}"}}"#,
                self.tokens,
                rfc3339(ends.clamp(0, 253_402_300_799))
            )
        } else {
            self.dice.pick(garbage).to_owned()
        };
        let status = if good {
            200
        } else {
            self.dice
                .pick(&[200, 204, 302, 400, 401, 403, 404, 408, 429, 500, 503, 600])
        };
        Response {
            status,
            headers,
            body: body.into_bytes(),
        }
    }

    /// What a service that works answers to a clock that is right.
    fn right(&self) -> Response {
        let second = self.now.div_euclid(1000);
        let body = format!(r#"{{"iamToken":"t1.good","expiresAt":"{}"}}"#, rfc3339(second + 43_200));
        Response {
            status: 200,
            headers: vec![("Date".to_owned(), http_date(second))],
            body: body.into_bytes(),
        }
    }

    /// With clocks that are right from now on and a service that works, there is a token within an hour and a minute.
    pub(crate) fn recover(&mut self) {
        self.clocks = Clocks::Off(0);
        self.now += 3_660_000;
        let mut rounds = 0;
        loop {
            rounds += 1;
            assert!(rounds < 20, "walk {} never ends", self.seed);
            match self.session.poll(time(self.now)) {
                Step::Use { .. } => break,
                Step::Wait { until, .. } => self.now = millis(until),
                Step::Fail(_) => self.now += 1_000,
                Step::Perform(effect) => {
                    let outcome = match effect.action {
                        Action::Sign(_) => Outcome::Signature(vec![0x5A; 256]),
                        _ => Outcome::Response(self.right()),
                    };
                    self.session.complete(effect.id, time(self.now), outcome).unwrap();
                }
            }
        }
    }

    pub(crate) fn step(&mut self) {
        match self.dice.roll(12) {
            0..=3 => drop(self.poll()),
            4..=6 => self.report(),
            7 => self.now += self.dice.roll(3_000) as i64,
            8 if matches!(self.clocks, Clocks::Off(_)) && self.flight.is_some() => {
                self.now += self.dice.roll(2_000) as i64
            }
            8 => {
                self.now += self.dice.pick(&[
                    1, 999, 15_000, 30_000, 60_000, 1_000_000, 4_000_000, 43_140_000, 50_000_000,
                ])
            }
            9 if self.clocks == Clocks::Wild => {
                self.now = (self.now + self.dice.roll(200_000_000) as i64 - 100_000_000).max(0)
            }
            9 => {
                let late = self.lost.pop();
                let _ = late.map(|id| {
                    self.session
                        .complete(id, time(self.now), Outcome::Failure(failure()))
                        .unwrap()
                });
            }
            10 => {
                if let Some(token) = self.current.take() {
                    let first = self.session.invalidate(&token);
                    assert!(
                        !self.session.invalidate(&token),
                        "dropped twice, the first time {first}"
                    );
                }
            }
            _ => self.wait_to_the_end(),
        }
    }

    /// One who waits until the time that it was told gets something else than another wait.
    fn wait_to_the_end(&mut self) {
        if let Step::Wait { until, .. } = self.poll() {
            // In a walk with a true `Date`, flights are short: the session cannot know more than they let it.
            self.now = millis(until);
            let step = self.poll();
            assert!(
                !matches!(step, Step::Wait { .. }),
                "walk {}, {:?}: waited until {}, then {step:?}",
                self.seed,
                self.clocks,
                self.now
            );
        }
    }
}

fn failure() -> Failure {
    Failure {
        kind: FailureKind::Connection,
        detail: String::new(),
    }
}
