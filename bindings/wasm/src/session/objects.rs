//! Steps as plain objects. The TypeScript side declares the same shapes in `core.ts`.

use wasm_bindgen::JsValue;
use yc_iam::Step;

use crate::actions;
use crate::errors::object;
use crate::plain::Plain;

/// `{kind: "use" | "perform" | "wait" | "fail", …}`
pub(super) fn step(step: &Step) -> JsValue {
    match step {
        Step::Use { token, fresh_until } => Plain::new()
            .with("kind", "use")
            .with("value", token.value.expose())
            .with("authorization", token.authorization().expose())
            .with("expiresAt", token.expires_at.as_secs_f64())
            .with("issuedAt", token.issued_at.as_secs_f64())
            .with("freshUntil", fresh_until.as_secs_f64()),
        Step::Perform(effect) => Plain::new()
            .with("kind", "perform")
            .with("id", effect.id.0 as f64)
            .with("action", actions::action(&effect.action)),
        Step::Wait { until, in_flight } => Plain::new()
            .with("kind", "wait")
            .with("until", until.as_secs_f64())
            .with("inFlight", *in_flight),
        Step::Fail(error) => Plain::new().with("kind", "fail").with("error", object(error)),
    }
    .into()
}
