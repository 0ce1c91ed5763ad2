//! Runs `tests/vectors/explanations.json`; the format is in `tests/README.md`. Then: no explanation holds a secret, and
//! no content breaks it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

#[path = "../common/mod.rs"]
mod common;
mod decoded;
mod form;
mod hostile;
mod secrecy;

use std::collections::BTreeSet;

use serde_json::Value;
use yc_iam::diagnose::{ExpectedIdentity, ExplainOptions, Explanation, KINDS, explain};

use common::{Checked, at, bytes, cases, check_error, each, endpoints, number, same, text};
use form::well_formed;

fn expected(case: &Value) -> Result<Option<ExpectedIdentity>, yc_iam::Error> {
    let Some(given) = case.get("expected") else {
        return Ok(None);
    };
    let part = |name: &str| given.get(name).map(bytes);
    let (federation, credential) = (part("federation"), part("credential"));
    ExpectedIdentity::from_json(federation.as_deref(), credential.as_deref()).map(Some)
}

#[test]
fn explanations() {
    each("explanations", |case| {
        let expected = match (expected(case), case.get("error")) {
            (Ok(expected), None) => expected,
            (Err(error), Some(wanted)) => return check_error(&error, wanted),
            (found, wanted) => return Err(format!("{found:?}, but expected {wanted:?}")),
        };
        let endpoints = endpoints(&case["endpoints"]).unwrap();
        let options = ExplainOptions {
            now: at(number(&case["now"])),
            endpoints: &endpoints,
            expected: expected.as_ref(),
        };
        let found = explain(&bytes(&case["content"]), &options);
        check(&found, &case["explanation"]).map_err(|problem| format!("{problem}\n{}", found.to_text()))
    });
}

fn check(found: &Explanation, wanted: &Value) -> Checked {
    same("kind", found.kind, text(wanted, "kind"))?;
    same("good", found.is_good(), wanted["good"].as_bool().unwrap())?;
    let facts = wanted["facts"].as_array().unwrap();
    let names: Vec<&str> = found.facts.iter().map(|fact| fact.name).collect();
    let wanted_names: Vec<&str> = facts.iter().map(|fact| fact[0].as_str().unwrap()).collect();
    same("facts", names, wanted_names)?;
    for (fact, wanted) in found.facts.iter().zip(facts) {
        same(fact.name, fact.value.as_str(), wanted[1].as_str().unwrap())?;
        if let Some(remark) = wanted[2].as_str() {
            same(&format!("remark on {}", fact.name), fact.remark.as_str(), remark)?;
        }
    }
    let pair = |severity: &str, code: &str| format!("{severity} {code}");
    let findings: Vec<String> = found
        .findings
        .iter()
        .map(|f| pair(f.severity.as_str(), f.code))
        .collect();
    let wanted_findings = wanted["findings"].as_array().unwrap().iter();
    let wanted_findings: Vec<String> = wanted_findings
        .map(|f| pair(f[0].as_str().unwrap(), f[1].as_str().unwrap()))
        .collect();
    same("findings", findings, wanted_findings)?;
    let (shown, json) = (found.to_text(), found.to_json());
    for said in wanted["says"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if !shown.contains(said) {
            return Err(format!("`{said}` is not said"));
        }
    }
    for hidden in wanted["hides"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if shown.contains(hidden) || json.contains(hidden) {
            return Err(format!("{hidden:?} is to be seen"));
        }
    }
    well_formed(found)
}

#[test]
fn every_kind_is_shown() {
    let shown: BTreeSet<String> = cases("explanations")
        .iter()
        .filter_map(|case| case["explanation"]["kind"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(shown, KINDS.iter().map(|kind| (*kind).to_owned()).collect());
}
