//! A call, its host, its service and its clock, all moved by dice.

use yc_iam::api::{Call, CallOptions, CallStep};
use yc_iam::{Action, EffectId, Endpoints, Failure, FailureKind, Outcome, Response, Secret, UnixTime};

use super::cases;
use super::dice::Dice;
use super::tasks;
use super::world::{BEGIN, millis, time};

/// Whether the clock only goes forward, or is set now and then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum CallClock {
    Steady,
    Wild,
}

pub(crate) struct CallWorld {
    seed: u64,
    dice: Dice,
    pub(crate) clock: CallClock,
    call: Call,
    /// The local clock, in milliseconds.
    now: i64,
    /// What has really passed, in milliseconds, since the first poll.
    passed: i64,
    patience: i64,
    flight: Option<(EffectId, i64)>,
    refused: Option<Secret>,
    tokens: u64,
    sent: u64,
    pub(crate) ended: Option<CallStep>,
}

fn every_task() -> Vec<serde_json::Value> {
    let cases = cases("api_requests");
    let mut names = std::collections::BTreeSet::new();
    let good = cases.into_iter().filter(|case| case.get("request").is_some());
    good.map(|case| case["task"].clone())
        .filter(|task| names.insert(task.as_object().unwrap().keys().next().unwrap().clone()))
        .collect()
}

/// One task of each kind.
pub(crate) fn kinds() -> &'static [serde_json::Value] {
    static KINDS: std::sync::LazyLock<Vec<serde_json::Value>> = std::sync::LazyLock::new(every_task);
    &KINDS
}

impl CallWorld {
    pub(crate) fn new(seed: u64) -> Self {
        Self::with(Dice::new(seed), seed)
    }

    pub(crate) fn with(mut dice: Dice, seed: u64) -> Self {
        let kinds = kinds();
        let task = &kinds[dice.roll(kinds.len() as u64) as usize];
        let patience = dice.pick(&[0, 1, 500, 5_000, 60_000, 600_000]);
        let mut entropy = [0; 16];
        entropy.fill_with(|| dice.roll(256) as u8);
        let options = CallOptions {
            endpoints: Endpoints::default(),
            timeout_millis: Some(patience),
            entropy,
        };
        Self {
            seed,
            clock: dice.pick(&[CallClock::Steady, CallClock::Wild]),
            dice,
            call: Call::new(tasks::task(task).unwrap(), options),
            now: BEGIN,
            passed: 0,
            patience,
            flight: None,
            refused: None,
            tokens: 0,
            sent: 0,
            ended: None,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.dice.is_over()
    }

    fn time(&self) -> UnixTime {
        time(self.now)
    }

    fn pass(&mut self, millis: i64) {
        self.now += millis;
        self.passed += millis;
    }

    fn token(&mut self) -> Secret {
        self.tokens += 1;
        let words = ["", "t1.a b", "t1.a\r\nb"];
        match (self.dice.roll(30), self.refused.take()) {
            (0, _) => Secret::new(self.dice.pick(&words).to_owned()),
            (1..=4, Some(refused)) => refused,
            _ => Secret::new(format!("t1.token-{}", self.tokens)),
        }
    }

    /// Polls, and does what a host does, or something else.
    pub(crate) fn step(&mut self) {
        let step = self.call.poll(self.time());
        let at = format!(
            "walk {}, {:?}, after {} ms: {step:?}",
            self.seed, self.clock, self.passed
        );
        assert_eq!(self.call.poll(self.time()), step, "not the same at once: {at}");
        if let Some(ended) = &self.ended {
            assert_eq!(*ended, step, "the end has no end: {at}");
        }
        match step {
            CallStep::Authorize { refused, until } => {
                assert!(self.flight.is_none(), "authorizes in flight: {at}");
                let left = millis(until) - self.now;
                assert!(left > 0, "authorizes after the end: {at}");
                if self.clock == CallClock::Steady {
                    assert_eq!(self.passed + left, self.patience, "another end: {at}");
                }
                self.refused = refused;
                let took = self.dice.pick(&[0, 0, 10, 3_000]);
                self.pass(took.min(left));
                if took <= left {
                    let token = self.token();
                    self.call.authorize(&token);
                }
            }
            CallStep::Perform(effect) => {
                let Action::Http(request) = &effect.action else {
                    panic!("no request: {at}")
                };
                if let Some((id, _)) = self.flight {
                    assert_eq!(id, effect.id, "two effects at once: {at}");
                } else {
                    self.sent += 1;
                    assert_eq!(effect.id.0, self.sent, "not the next number: {at}");
                    if self.clock == CallClock::Steady {
                        let left = self.patience - self.passed;
                        assert!(left > 0, "sent after the end: {at}");
                        assert!(
                            i64::from(request.timeout_millis) <= left,
                            "longer than there is time: {at}"
                        );
                    }
                }
                assert!(request.timeout_millis > 0, "no time: {at}");
                let fits = |text: &str| text.bytes().all(|b| (b' '..=b'~').contains(&b));
                assert!(fits(&request.url), "no URL: {at}");
                assert!(
                    request
                        .headers
                        .iter()
                        .all(|(name, value)| fits(name) && fits(value.expose())),
                    "no headers: {at}"
                );
                self.flight = Some((effect.id, i64::from(request.timeout_millis)));
                self.report();
            }
            CallStep::Wait { until } => {
                assert!(self.flight.is_none(), "waits in flight: {at}");
                let left = millis(until) - self.now;
                assert!(left > 0 && left <= 40_000, "waits for {left} ms: {at}");
                if self.clock == CallClock::Steady {
                    assert!(self.passed + left < self.patience, "waits for too long: {at}");
                }
                let early = self.dice.roll(left as u64 + 1) as i64;
                let wait = if self.dice.roll(4) == 0 { early } else { left };
                self.pass(wait);
            }
            step @ (CallStep::Done(_) | CallStep::Fail(_)) => {
                if let CallStep::Fail(error) = &step {
                    assert!(!error.hint().is_empty(), "no hint: {at}");
                }
                self.flight = None;
                if self.ended.is_none() && self.clock == CallClock::Steady {
                    assert!(self.passed <= self.patience, "ends too late: {at}");
                }
                self.ended = Some(step);
            }
        }
        match self.dice.roll(40) {
            0 if self.clock == CallClock::Wild => self.now += self.dice.roll(20_000_000) as i64 - 10_000_000,
            1 => self.call.authorize(&Secret::new("t1.unasked".to_owned())),
            2 => self.foreign_report(),
            _ => {}
        }
    }

    fn report(&mut self) {
        // A host that polls before it reports gets the same effect again.
        let Some((id, timeout)) = self.flight.filter(|_| self.dice.roll(10) > 0) else {
            return;
        };
        self.flight = None;
        let took = self.dice.roll(timeout as u64 + 1) as i64;
        let took = self.dice.pick(&[0, 1, took]);
        let outcome = match self.dice.roll(12) {
            0 => {
                let kind = self
                    .dice
                    .pick(&["connection", "timeout", "tls", "cancelled", "other", "file", "signing"]);
                Outcome::Failure(Failure {
                    kind: FailureKind::from_name(kind).unwrap(),
                    detail: "the walk's own".to_owned(),
                })
            }
            _ => Outcome::Response(self.response()),
        };
        self.pass(took.min(timeout));
        self.call.complete(id, self.time(), outcome).unwrap();
    }

    fn foreign_report(&mut self) {
        let answer = || {
            Outcome::Response(Response {
                status: 200,
                headers: Vec::new(),
                body: b"{}".to_vec(),
            })
        };
        assert!(
            self.call
                .complete(EffectId(self.sent + 1), self.time(), answer())
                .is_err()
        );
        assert!(self.call.complete(EffectId(0), self.time(), answer()).is_err());
        if self.sent > 1 {
            self.call
                .complete(EffectId(self.sent - 1), self.time(), answer())
                .unwrap();
        }
    }

    fn response(&mut self) -> Response {
        let status = self.dice.pick(&[
            200, 200, 200, 200, 200, 200, 204, 302, 400, 401, 401, 403, 404, 408, 409, 429, 500, 503, 600, 0,
        ]);
        let mut headers = Vec::new();
        if self.dice.roll(4) == 0 {
            let value = self.dice.pick(&[
                "0",
                "1",
                "20",
                "31",
                "600",
                "4294967295",
                "soon",
                "Thu, 01 Jan 2026 00:00:05 GMT",
            ]);
            headers.push(("retry-after".to_owned(), value.to_owned()));
        }
        let pages = ["", "two", "three", "four"];
        let body = match self.dice.roll(16) {
            0 => (0..self.dice.roll(64)).map(|_| self.dice.roll(256) as u8).collect(),
            1 => Vec::new(),
            2 => b"{".to_vec(),
            3..=7 => br#"{"id":"op1","done":false,"metadata":{}}"#.to_vec(),
            8 => br#"{"id":"../op","done":false}"#.to_vec(),
            9 => br#"{"id":"op1","done":true,"error":{"code":9,"message":"no"}}"#.to_vec(),
            10 => br#"{"id":"op1","done":true,"response":{"id":"a","serviceAccountId":"b","federationId":"c","externalSubjectId":"d","issuer":"e"}}"#.to_vec(),
            11 => br#"{"entries":[{"key":"a","textValue":"b"}],"versionId":"c"}"#.to_vec(),
            _ => format!(r#"{{"federations":[],"federatedCredentials":[],"nextPageToken":"{}"}}"#, self.dice.pick(&pages)).into_bytes(),
        };
        Response { status, headers, body }
    }
}
