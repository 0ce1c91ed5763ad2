//! Every error code is shown in a vector, a transcript or a call.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::BTreeSet;

use serde_json::Value;
use yc_iam::{ErrorCode, Fault};

use common::{folder, load};

fn codes_in(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if matches!(name.as_str(), "error" | "fail" | "raises") {
                    found.extend(value["code"].as_str().map(str::to_owned));
                }
                codes_in(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| codes_in(item, found)),
        _ => {}
    }
}

#[test]
fn every_code_is_shown() {
    let mut found = BTreeSet::new();
    for place in ["vectors", "transcripts", "calls"] {
        for entry in std::fs::read_dir(folder(place)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".json") {
                codes_in(&load(&format!("{place}/{name}")), &mut found);
            }
        }
    }
    let known: BTreeSet<String> = ErrorCode::ALL.iter().map(|code| code.as_str().to_owned()).collect();
    let unknown: Vec<_> = found.difference(&known).collect();
    assert!(unknown.is_empty(), "no such codes: {unknown:?}");
    let missing: Vec<_> = known.difference(&found).collect();
    assert!(missing.is_empty(), "shown nowhere: {missing:?}");
}

#[test]
fn codes_are_well_formed() {
    let names: BTreeSet<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), ErrorCode::ALL.len(), "a name is there twice");
    for code in ErrorCode::ALL {
        assert!(
            code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "{code}"
        );
        assert!(Fault::ALL.contains(&code.fault()), "{code}");
        let description = code.description().trim();
        assert!(
            description.ends_with('.') && description.starts_with(char::is_uppercase),
            "{code}: {description}"
        );
        // Trying again cannot mend a key, a configuration or an answer that was understood.
        assert!(
            !code.transient() || matches!(code.fault(), Fault::Network | Fault::Remote | Fault::Caller),
            "{code}"
        );
    }
}
