//! The parameters in a target, read strictly.

use std::collections::BTreeMap;

use super::body::check_length;
use super::status::Refusal;
use super::wire::IncomingRequest;
use crate::redact;

pub(super) struct Query(BTreeMap<String, String>);

impl Query {
    /// Refuses a parameter that is not among these, or is there twice.
    pub(super) fn read(request: &IncomingRequest, known: &[&str]) -> Result<Self, Refusal> {
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(request.query().as_bytes()) {
            let shown = redact::quote(&name, 60);
            if !known.contains(&name.as_ref()) {
                return Err(Refusal::invalid(format!(
                    "the query has a parameter `{shown}` that this request does not have"
                )));
            }
            if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(Refusal::invalid(format!("the parameter `{shown}` is there twice")));
            }
        }
        Ok(Self(parameters))
    }

    /// A parameter of at most so many characters; empty where it is not there.
    pub(super) fn text(&self, name: &str, max_chars: usize) -> Result<&str, Refusal> {
        let text = self.0.get(name).map_or("", String::as_str);
        check_length(name, text, max_chars)?;
        Ok(text)
    }

    /// The same, of one character at least.
    pub(super) fn required(&self, name: &str, max_chars: usize) -> Result<&str, Refusal> {
        let text = self.text(name, max_chars)?;
        if text.is_empty() {
            return Err(Refusal::invalid(format!("the query has no `{name}`")));
        }
        Ok(text)
    }
}
