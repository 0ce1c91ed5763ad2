//! What is said about a credential.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use yc_iam::diagnose::{self, ExpectedIdentity, ExplainOptions, Explanation};
use yc_iam::{Endpoints, UnixTime};
use zeroize::Zeroizing;

use crate::errors::thrown;
use crate::overrides::read_overrides;
use crate::plain::Plain;

/// `{kind, title, facts, findings, isGood, text, json}`. What an external token is compared with is JSON; the endpoints
/// are those that `Endpoints.describe` of the main module gives.
#[wasm_bindgen]
pub fn explain(
    content: Vec<u8>,
    federation: Option<Vec<u8>>,
    credential: Option<Vec<u8>>,
    endpoints: JsValue,
    now: f64,
) -> Result<JsValue, JsValue> {
    let content = Zeroizing::new(content);
    let endpoints = Endpoints::custom(read_overrides(&endpoints)?).map_err(thrown)?;
    let expected = match (federation, credential) {
        (None, None) => None,
        (federation, credential) => {
            let expected = ExpectedIdentity::from_json(federation.as_deref(), credential.as_deref());
            Some(expected.map_err(thrown)?)
        }
    };
    let options = ExplainOptions {
        now: UnixTime::from_secs_f64(now).map_err(thrown)?,
        endpoints: &endpoints,
        expected: expected.as_ref(),
    };
    Ok(plain(&diagnose::explain(&content, &options)))
}

fn plain(explanation: &Explanation) -> JsValue {
    let fact = |fact: &diagnose::Fact| {
        Plain::new()
            .with("name", fact.name)
            .with("label", fact.label)
            .with("value", fact.value.as_str())
            .with("remark", fact.remark.as_str())
    };
    let finding = |finding: &diagnose::Finding| {
        Plain::new()
            .with("severity", finding.severity.as_str())
            .with("code", finding.code)
            .with("message", finding.message.as_str())
            .with("hint", finding.hint.as_str())
    };
    let facts: Array = explanation.facts.iter().map(|one| JsValue::from(fact(one))).collect();
    let findings: Array = explanation
        .findings
        .iter()
        .map(|one| JsValue::from(finding(one)))
        .collect();
    Plain::new()
        .with("kind", explanation.kind)
        .with("title", explanation.title.as_str())
        .with("facts", facts)
        .with("findings", findings)
        .with("isGood", explanation.is_good())
        .with("text", explanation.to_text())
        .with("json", explanation.to_json())
        .into()
}
