//! What every explanation is like, whatever it explains.

use serde_json::{Value, json};
use yc_iam::Endpoints;
use yc_iam::diagnose::{ExplainOptions, Explanation, KINDS, explain};

use crate::common::{Checked, at, same};

const NOW: f64 = 1_767_225_600.0;

/// More than this is no explanation.
const MAX_TEXT: usize = 20_000;

/// What is said with nothing to compare with.
pub(crate) fn told(content: &[u8]) -> Explanation {
    let endpoints = Endpoints::default();
    explain(
        content,
        &ExplainOptions {
            now: at(NOW),
            endpoints: &endpoints,
            expected: None,
        },
    )
}

/// The JSON says what the structure says, and the words are as messages are.
pub(crate) fn well_formed(found: &Explanation) -> Checked {
    let json: Value = serde_json::from_str(&found.to_json()).map_err(|error| error.to_string())?;
    let facts = found.facts.iter().map(|fact| {
        let mut value = json!({"name": fact.name, "label": fact.label, "value": fact.value});
        if !fact.remark.is_empty() {
            value["remark"] = json!(fact.remark);
        }
        value
    });
    let findings = found
        .findings
        .iter()
        .map(|f| json!({"severity": f.severity.as_str(), "code": f.code, "message": f.message, "hint": f.hint}));
    let wanted = json!({
        "kind": found.kind, "title": found.title, "good": found.is_good(),
        "facts": facts.collect::<Vec<_>>(), "findings": findings.collect::<Vec<_>>(),
    });
    same("JSON", json, wanted)?;
    let shown = found.to_text();
    let lies = |c: &char| {
        (c.is_control() && *c != '\n')
            || ('\u{200b}'..='\u{200f}').contains(c)
            || ('\u{2028}'..='\u{202e}').contains(c)
            || ('\u{2060}'..='\u{206f}').contains(c)
    };
    if let Some(c) = shown.chars().find(lies) {
        return Err(format!("{c:?} is in the text"));
    }
    let lines = 1
        + found.facts.len()
        + found
            .findings
            .iter()
            .map(|f| 1 + usize::from(!f.hint.is_empty()))
            .sum::<usize>();
    same("lines", shown.lines().count(), lines)?;
    if !KINDS.contains(&found.kind) || shown.len() > MAX_TEXT {
        return Err(format!("{} with {} bytes", found.kind, shown.len()));
    }
    for finding in &found.findings {
        let code_is_good = finding
            .code
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if finding.message.ends_with('.') || finding.hint.ends_with('.') || finding.message.is_empty() || !code_is_good
        {
            return Err(format!("not worded as findings are: {finding:?}"));
        }
    }
    Ok(())
}
