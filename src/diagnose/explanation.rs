//! What is said about a credential, as plain data, as text and as JSON.

use crate::error::Error;
use crate::json;

use super::show;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Note,
    /// It may work, and may be not what was meant.
    Warning,
    /// It cannot work like this.
    Error,
}

impl Severity {
    /// The severity's stable name, in snake case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Something that the credential says of itself. Several facts may have one name: a token may have several audiences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The fact's stable name, in snake case.
    pub name: &'static str,
    /// The name as people read it.
    pub label: &'static str,
    /// The value; a time is RFC 3339 in UTC.
    pub value: String,
    /// What the value means now: `in 43 min`, `2 h ago`; mostly empty.
    pub remark: String,
}

/// Something that was noticed, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// The finding's stable name, in snake case.
    pub code: &'static str,
    /// What was noticed: lower case, no full stop, what was given between backticks.
    pub message: String,
    /// What to do; may be empty.
    pub hint: String,
}

/// What something is, what it says of itself, and what is wrong with it. Holds no byte of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What it is: one of [`KINDS`](super::KINDS).
    pub kind: &'static str,
    /// What it is, as people say it.
    pub title: String,
    /// What it says of itself.
    pub facts: Vec<Fact>,
    /// What was noticed, the worst first.
    pub findings: Vec<Finding>,
}

impl Explanation {
    pub(super) fn new(kind: &'static str, title: &str) -> Self {
        Self {
            kind,
            title: title.to_owned(),
            facts: Vec::new(),
            findings: Vec::new(),
        }
    }

    pub(super) fn fact(&mut self, name: &'static str, label: &'static str, value: &str) {
        self.fact_with(name, label, value, String::new());
    }

    pub(super) fn fact_with(&mut self, name: &'static str, label: &'static str, value: &str, remark: String) {
        self.facts.push(Fact {
            name,
            label,
            value: show::quoted(value),
            remark,
        });
    }

    /// The message and the hint hold what was given only by way of [`show::quoted`].
    pub(super) fn find(
        &mut self,
        severity: Severity,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let place = self.findings.partition_point(|known| known.severity >= severity);
        let (message, hint) = (message.into(), hint.into());
        self.findings.insert(
            place,
            Finding {
                severity,
                code,
                message,
                hint,
            },
        );
    }

    pub(super) fn error(&mut self, code: &'static str, message: impl Into<String>, hint: impl Into<String>) {
        self.find(Severity::Error, code, message, hint);
    }

    pub(super) fn warning(&mut self, code: &'static str, message: impl Into<String>, hint: impl Into<String>) {
        self.find(Severity::Warning, code, message, hint);
    }

    pub(super) fn note(&mut self, code: &'static str, message: impl Into<String>, hint: impl Into<String>) {
        self.find(Severity::Note, code, message, hint);
    }

    /// What another part of the library refuses.
    pub(super) fn refused(&mut self, error: &Error) {
        self.error(error.code().as_str(), error.message(), error.hint());
    }

    /// Whether nothing is known that keeps it from working: no finding is an error.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Error)
    }

    /// For people: the title, a line for each fact, and two for each finding. No line break at the end.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut lines = vec![self.title.clone()];
        for fact in &self.facts {
            let remark = match fact.remark.as_str() {
                "" => String::new(),
                remark => format!(" ({remark})"),
            };
            lines.push(format!("  {}: {}{remark}", fact.label, fact.value));
        }
        for finding in &self.findings {
            lines.push(format!("{}: {}", finding.severity.as_str(), finding.message));
            if !finding.hint.is_empty() {
                lines.push(format!("  {}", finding.hint));
            }
        }
        lines.join("\n")
    }

    /// For programs: one JSON object, on one line: `kind`, `title`, `good`, `facts` (`name`, `label`, `value`, and
    /// `remark` where there is one) and `findings` (`severity`, `code`, `message`, `hint`).
    #[must_use]
    pub fn to_json(&self) -> String {
        let list = |items: Vec<String>| format!("[{}]", items.join(","));
        json::object(&[
            ("kind", json::string(self.kind)),
            ("title", json::string(&self.title)),
            ("good", self.is_good().to_string()),
            ("facts", list(self.facts.iter().map(fact_json).collect())),
            ("findings", list(self.findings.iter().map(finding_json).collect())),
        ])
    }
}

fn fact_json(fact: &Fact) -> String {
    let mut fields = vec![
        ("name", json::string(fact.name)),
        ("label", json::string(fact.label)),
        ("value", json::string(&fact.value)),
    ];
    if !fact.remark.is_empty() {
        fields.push(("remark", json::string(&fact.remark)));
    }
    json::object(&fields)
}

fn finding_json(finding: &Finding) -> String {
    json::object(&[
        ("severity", json::string(finding.severity.as_str())),
        ("code", json::string(finding.code)),
        ("message", json::string(&finding.message)),
        ("hint", json::string(&finding.hint)),
    ])
}
