//! Operations: what was asked for and happens later.
//!
//! <https://yandex.cloud/en/docs/api-design-guide/concepts/operation>

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::clock;
use super::failures::OrderedFailure;
use super::routes::{Accepted, Service};
use super::status::{Code, Refusal};
use super::wire::IncomingRequest;
use super::workload_changes::{Change, Conflict};
use crate::redact;

/// An emulator that runs for long forgets what is older than this many operations.
const MAX_OPERATIONS: usize = 10_000;
const IDEMPOTENCY_KEY: &str = "idempotency-key";

#[derive(Debug, Default)]
pub(super) struct Operations {
    all: VecDeque<Operation>,
    failures: VecDeque<OrderedFailure>,
}

#[derive(Debug)]
struct Operation {
    id: String,
    description: &'static str,
    created_at: String,
    created_by: String,
    modified_at: String,
    metadata: Value,
    /// The one that finds it done is the last.
    polls_left: u32,
    state: State,
    repetition: Option<Repetition>,
}

#[derive(Debug)]
enum State {
    Running(Change),
    Failing(OrderedFailure),
    /// The name of the field, `response` or `error`, and what is in it.
    Done(&'static str, Value),
}

/// By what a request is known that comes once more.
#[derive(Clone, Debug, PartialEq)]
struct Repetition {
    key: String,
    subject: String,
    /// Method, path and body.
    request: [String; 3],
}

impl Operations {
    pub(super) fn order(&mut self, failure: OrderedFailure) {
        self.failures.push_back(failure);
    }

    pub(super) fn cancel_orders(&mut self) {
        self.failures.clear();
    }

    /// What is yet to happen.
    pub(super) fn pending(&self) -> impl Iterator<Item = &Change> {
        self.all.iter().filter_map(|operation| match &operation.state {
            State::Running(change) => Some(change),
            _ => None,
        })
    }

    fn find(&mut self, id: &str) -> Option<&mut Operation> {
        self.all.iter_mut().find(|operation| operation.id == id)
    }
}

impl Operation {
    fn to_json(&self) -> Value {
        let mut body = json!({
            "id": self.id,
            "description": self.description,
            "createdAt": self.created_at,
            "createdBy": self.created_by,
            "modifiedAt": self.modified_at,
            "done": matches!(self.state, State::Done(..)),
            "metadata": self.metadata,
        });
        if let (State::Done(field, value), Some(fields)) = (&self.state, body.as_object_mut()) {
            fields.insert((*field).to_owned(), value.clone());
        }
        body
    }

    /// What a poll finds while the operation is not done: mostly nothing new.
    fn progress(&mut self) -> Value {
        let mut body = self.to_json();
        if let State::Failing(failure) = &mut self.state
            && std::mem::take(&mut failure.detected_early)
            && let Some(fields) = body.as_object_mut()
        {
            fields.insert("error".to_owned(), failure.status.clone());
        }
        body
    }
}

impl Service<'_> {
    /// The operation that this very request, by its `Idempotency-Key`, has started before. Asked before anything else:
    /// what the request did then must not refuse it now.
    pub(super) fn repeated(
        &self,
        request: &IncomingRequest,
        body: &Value,
        subject: &str,
    ) -> Result<Option<Accepted>, Refusal> {
        let Some(repetition) = repetition(request, body, subject)? else {
            return Ok(None);
        };
        let known = self.operations.all.iter().find(|operation| {
            let known = operation.repetition.as_ref();
            known.is_some_and(|known| known.key == repetition.key && known.subject == subject)
        });
        match known {
            None => Ok(None),
            Some(operation) if operation.repetition.as_ref() == Some(&repetition) => {
                Ok(Some(accepted(subject, operation.to_json())))
            }
            Some(_) => Err(Refusal::invalid(
                "the `Idempotency-Key` has come before, with another request",
            )),
        }
    }

    /// Starts an operation with this effect.
    pub(super) fn start(
        &mut self,
        request: &IncomingRequest,
        body: &Value,
        subject: &str,
        change: Change,
    ) -> Result<Accepted, Refusal> {
        let now = clock::rfc3339(self.now, 7);
        let failure = self.operations.failures.pop_front();
        let least_polls = if failure.as_ref().is_some_and(|failure| failure.detected_early) {
            2
        } else {
            0
        };
        let mut operation = Operation {
            id: self.ids.other("operation"),
            description: change.description(),
            created_at: now.clone(),
            created_by: subject.to_owned(),
            modified_at: now,
            metadata: change.metadata(),
            polls_left: self.options.operation_polls.max(least_polls),
            state: failure.map_or(State::Running(change), State::Failing),
            repetition: repetition(request, body, subject)?,
        };
        if operation.polls_left == 0 {
            finish(&mut operation, |change| self.workloads.apply(change));
        }
        let answer = accepted(subject, operation.to_json());
        if self.operations.all.len() >= MAX_OPERATIONS {
            self.operations.all.pop_front();
        }
        self.operations.all.push_back(operation);
        Ok(answer)
    }

    /// An operation as it is by now: being asked is what brings it on.
    pub(super) fn poll(&mut self, id: &str, subject: &str) -> Result<Accepted, Refusal> {
        let operation = self.operations.find(id).ok_or_else(|| {
            let id = redact::quote(id, 50);
            Refusal::in_own_words(Code::NotFound, format!("there is no operation `{id}`"))
        })?;
        if self.options.strict_access && operation.created_by != subject {
            return Err(Refusal::in_own_words(
                Code::PermissionDenied,
                format!("`{subject}` did not start this operation"),
            ));
        }
        if matches!(operation.state, State::Done(..)) {
            return Ok(accepted(subject, operation.to_json()));
        }
        operation.polls_left = operation.polls_left.saturating_sub(1);
        if operation.polls_left > 0 {
            return Ok(accepted(subject, operation.progress()));
        }
        finish(operation, |change| self.workloads.apply(change));
        operation.modified_at = clock::rfc3339(self.now, 7);
        Ok(accepted(subject, operation.to_json()))
    }
}

/// Lets the effect happen, or the failure that was ordered.
fn finish(operation: &mut Operation, apply: impl FnOnce(Change) -> Result<Value, Conflict>) {
    let state = std::mem::replace(&mut operation.state, State::Done("error", Value::Null));
    operation.state = match state {
        State::Running(change) => match apply(change) {
            Ok(response) => State::Done("response", response),
            Err(conflict) => State::Done("error", conflict.to_json()),
        },
        State::Failing(failure) => State::Done("error", failure.status),
        done @ State::Done(..) => done,
    };
}

fn accepted(subject: &str, body: Value) -> Accepted {
    Accepted {
        subject: subject.to_owned(),
        body,
    }
}

fn repetition(request: &IncomingRequest, body: &Value, subject: &str) -> Result<Option<Repetition>, Refusal> {
    let Some(key) = request.header(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    if !is_uuid(key) {
        return Err(Refusal::invalid("the header `Idempotency-Key` is not a UUID"));
    }
    Ok(Some(Repetition {
        key: key.to_ascii_lowercase(),
        subject: subject.to_owned(),
        request: [request.method.clone(), request.target.clone(), body.to_string()],
    }))
}

/// RFC 9562, section 4: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && groups
            .iter()
            .all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
