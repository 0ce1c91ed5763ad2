//! One call of an API: steps out as plain objects, outcomes in.

use js_sys::TypeError;
use wasm_bindgen::prelude::*;
use yc_iam::api::{self, CallOptions, CallStep};
use yc_iam::{EffectId, Endpoints, Error, Failure, FailureKind, Outcome, Secret, UnixTime};

use super::answers::answer;
use super::task::Task;
use crate::actions::action;
use crate::errors::{object, thrown};
use crate::http;
use crate::overrides::read_overrides;
use crate::plain::Plain;

/// A task under way.
#[wasm_bindgen]
pub struct Call(api::Call);

#[wasm_bindgen]
impl Call {
    /// A call of this task, which it takes over. The endpoints are those that `Endpoints.describe` of the main module
    /// gives; the timeout is in seconds; the entropy, 16 random bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(task: Task, endpoints: JsValue, timeout: Option<f64>, entropy: &[u8]) -> Result<Self, JsValue> {
        let endpoints = Endpoints::custom(read_overrides(&endpoints)?).map_err(thrown)?;
        let entropy = <[u8; 16]>::try_from(entropy).map_err(|_| TypeError::new("16 random bytes are needed"))?;
        let options = CallOptions {
            endpoints,
            // What is no number counts as none left.
            timeout_millis: timeout.map(|secs| (secs * 1000.0) as i64),
            entropy,
        };
        Ok(Self(api::Call::new(task.0, options)))
    }

    /// `{kind: "authorize" | "perform" | "wait" | "done" | "fail", …}`
    pub fn poll(&mut self, now: f64) -> Result<JsValue, JsValue> {
        let now = UnixTime::from_secs_f64(now).map_err(thrown)?;
        Ok(step(self.0.poll(now)))
    }

    /// Takes the token that was asked for.
    pub fn authorize(&mut self, token: String) {
        self.0.authorize(&Secret::new(token));
    }

    /// Reports an HTTP response; names and values of the headers take turns.
    #[wasm_bindgen(js_name = completeResponse)]
    pub fn complete_response(
        &mut self,
        id: f64,
        now: f64,
        status: u16,
        headers: Vec<String>,
        body: Vec<u8>,
    ) -> Result<(), JsValue> {
        self.complete(id, now, Ok(Outcome::Response(http::response(status, headers, body))))
    }

    /// Reports that it could not be done.
    #[wasm_bindgen(js_name = completeFailure)]
    pub fn complete_failure(&mut self, id: f64, now: f64, kind: &str, detail: String) -> Result<(), JsValue> {
        let failure = FailureKind::from_name(kind).map(|kind| Failure { kind, detail });
        self.complete(id, now, failure.map(Outcome::Failure))
    }
}

impl Call {
    fn complete(&mut self, id: f64, now: f64, outcome: Result<Outcome, Error>) -> Result<(), JsValue> {
        // A number that is no ID becomes 0 or another that was never given out, and the call says so.
        let id = EffectId(id as u64);
        UnixTime::from_secs_f64(now)
            .and_then(|now| self.0.complete(id, now, outcome?))
            .map_err(thrown)
    }
}

fn step(step: CallStep) -> JsValue {
    match step {
        CallStep::Authorize { refused, until } => Plain::new()
            .with("kind", "authorize")
            .with("refused", refused.as_ref().map(Secret::expose))
            .with("until", until.as_secs_f64()),
        CallStep::Perform(effect) => Plain::new()
            .with("kind", "perform")
            .with("id", effect.id.0 as f64)
            .with("action", action(&effect.action)),
        CallStep::Wait { until } => Plain::new().with("kind", "wait").with("until", until.as_secs_f64()),
        CallStep::Done(done) => Plain::new().with("kind", "done").with("answer", answer(done)),
        CallStep::Fail(error) => Plain::new().with("kind", "fail").with("error", object(&error)),
    }
    .into()
}
