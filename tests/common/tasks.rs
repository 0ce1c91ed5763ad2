//! Tasks and answers as the vectors write them.

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding};
use serde_json::{Map, Value, json};
use yc_iam::api::{
    self, Answer, CallOptions, FederatedCredential, Federation, FederationFields, LockboxPayload, Operation, Page,
    PageOptions, Task, federated_credentials, federations, lockbox, operations, tokens,
};
use yc_iam::{Error, Response, Secret, UnixTime};

use super::{Checked, bytes, endpoints, text};

/// The task that an object with one field describes.
pub(crate) fn task(described: &Value) -> Result<Task, Error> {
    let (kind, of) = described.as_object().unwrap().iter().next().unwrap();
    let optional = |name: &str| of[name].as_str();
    match kind.as_str() {
        "lockbox_get" => lockbox::get(text(of, "secret_id"), optional("version_id")),
        "lockbox_get_by_name" => lockbox::get_by_name(text(of, "folder_id"), text(of, "name"), optional("version_id")),
        "federated_credentials_create" => federated_credentials::create(
            text(of, "service_account_id"),
            text(of, "federation_id"),
            text(of, "external_subject_id"),
        ),
        "federated_credentials_get" => federated_credentials::get(text(of, "federated_credential_id")),
        "federated_credentials_list" => federated_credentials::list(text(of, "service_account_id")),
        "federated_credentials_list_page" => federated_credentials::list_page(text(of, "service_account_id"), page(of)),
        "federated_credentials_delete" => federated_credentials::delete(text(of, "federated_credential_id")),
        "federations_create" => federations::create(text(of, "folder_id"), &fields(of)),
        "federations_get" => federations::get(text(of, "federation_id")),
        "federations_list" => federations::list(text(of, "folder_id")),
        "federations_list_page" => federations::list_page(text(of, "folder_id"), page(of)),
        "federations_update" => federations::update(text(of, "federation_id"), &fields(of)),
        "federations_delete" => federations::delete(text(of, "federation_id")),
        "operations_get" => operations::get(text(of, "operation_id")),
        "operations_wait" => operations::wait(text(of, "operation_id")),
        "tokens_revoke" => tokens::revoke(text(of, "token")),
        "request" => {
            let headers = of["headers"].as_array().into_iter().flatten().map(|header| {
                let word = |at: usize| header[at].as_str().unwrap().to_owned();
                (word(0), Secret::new(word(1)))
            });
            let body = optional("body").map(|body| Secret::new(body.to_owned()));
            api::request(text(of, "method"), text(of, "url"), headers.collect(), body)
        }
        other => panic!("{other} names no task"),
    }
}

fn page(of: &Value) -> PageOptions {
    PageOptions {
        size: of["page_size"].as_u64().map(|size| size as u32),
        token: of["page_token"].as_str().map(str::to_owned),
    }
}

fn fields(of: &Value) -> FederationFields {
    let word = |name: &str| of[name].as_str().map(str::to_owned);
    let labels = |labels: &Map<String, Value>| -> BTreeMap<String, String> {
        let pairs = labels.iter();
        pairs
            .map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned()))
            .collect()
    };
    let words = |words: &Vec<Value>| words.iter().map(|word| word.as_str().unwrap().to_owned()).collect();
    FederationFields {
        name: word("name"),
        description: word("description"),
        disabled: of["disabled"].as_bool(),
        audiences: of["audiences"].as_array().map(words),
        issuer: word("issuer"),
        jwks_url: word("jwks_url"),
        labels: of["labels"].as_object().map(labels),
    }
}

/// `endpoints`, `entropy` and `timeout` of a case or a scene.
pub(crate) fn options(case: &Value) -> CallOptions {
    CallOptions {
        endpoints: endpoints(&case["endpoints"]).unwrap(),
        timeout_millis: case["timeout"].as_f64().map(|secs| (secs * 1000.0) as i64),
        entropy: case
            .get("entropy")
            .map(bytes)
            .map_or([1; 16], |bytes| bytes.try_into().unwrap()),
    }
}

/// `status`, `headers` and `body` of an object; none of the last two if they are not there.
pub(crate) fn response(described: &Value) -> Response {
    let headers = described["headers"].as_array().into_iter().flatten().map(|header| {
        let word = |at: usize| header[at].as_str().unwrap().to_owned();
        (word(0), word(1))
    });
    Response {
        status: described["status"].as_u64().unwrap() as u16,
        headers: headers.collect(),
        body: described.get("body").map(bytes).unwrap_or_default(),
    }
}

/// An answer as the vectors write it, bytes in base64.
pub(crate) fn shown(answer: &Answer) -> Value {
    match answer {
        Answer::Nothing => json!({"nothing": true}),
        Answer::LockboxPayload(payload) => json!({"lockbox_payload": shown_payload(payload)}),
        Answer::FederatedCredential(one) => json!({"federated_credential": shown_credential(one)}),
        Answer::FederatedCredentials(page) => json!({"federated_credentials": shown_page(page, shown_credential)}),
        Answer::Federation(one) => json!({"federation": shown_federation(one)}),
        Answer::Federations(page) => json!({"federations": shown_page(page, shown_federation)}),
        Answer::Operation(operation) => json!({"operation": shown_operation(operation)}),
        Answer::Subject(id) => json!({"subject": id}),
        Answer::Response(response) => json!({"response": {
            "status": response.status,
            "headers": response.headers,
            "body": shown_bytes(&response.body),
        }}),
        other => panic!("{other:?} is not described yet"),
    }
}

fn shown_bytes(bytes: &[u8]) -> Value {
    json!({"base64": Base64::encode_string(bytes)})
}

fn shown_time(time: Option<UnixTime>) -> Value {
    time.map_or(Value::Null, |time| time.as_secs_f64().into())
}

fn shown_page<T>(page: &Page<T>, one: impl Fn(&T) -> Value) -> Value {
    json!({"items": page.items.iter().map(one).collect::<Vec<_>>(), "next_page_token": page.next_page_token})
}

fn shown_payload(payload: &LockboxPayload) -> Value {
    let entry = |key: &str| json!({"key": key, "value": shown_bytes(payload.bytes(key).unwrap())});
    json!({"version_id": payload.version_id(), "entries": payload.keys().map(entry).collect::<Vec<_>>()})
}

fn shown_credential(one: &FederatedCredential) -> Value {
    json!({
        "id": one.id, "service_account_id": one.service_account_id, "federation_id": one.federation_id,
        "external_subject_id": one.external_subject_id, "created_at": shown_time(one.created_at),
    })
}

fn shown_federation(one: &Federation) -> Value {
    json!({
        "id": one.id, "name": one.name, "folder_id": one.folder_id, "description": one.description,
        "disabled": one.disabled, "audiences": one.audiences, "issuer": one.issuer, "jwks_url": one.jwks_url,
        "labels": one.labels, "created_at": shown_time(one.created_at),
    })
}

fn shown_operation(one: &Operation) -> Value {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    json!({
        "id": one.id, "description": one.description, "created_at": shown_time(one.created_at),
        "created_by": one.created_by, "modified_at": shown_time(one.modified_at), "done": one.done,
        "metadata": parsed(&one.metadata),
        "error": one.error.as_ref().map(|error| json!({
            "code": error.code, "message": error.message, "details": parsed(&error.details),
        })),
        "response": one.response.as_deref().map(parsed),
    })
}

/// Compares an answer with what a vector says: every field, numbers as times are.
pub(crate) fn check_answer(found: &Answer, expected: &Value) -> Checked {
    alike("answer", &shown(found), expected)
}

fn alike(at: &str, found: &Value, expected: &Value) -> Checked {
    let differ = || Err(format!("{at} is {found}, not {expected}"));
    match (found, expected) {
        (Value::Number(found), Value::Number(expected)) => {
            super::close(at, found.as_f64().unwrap(), expected.as_f64().unwrap())
        }
        (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
            let mut pairs = found.iter().zip(expected).enumerate();
            pairs.try_for_each(|(index, (found, expected))| alike(&format!("{at}[{index}]"), found, expected))
        }
        (Value::Object(found_fields), Value::Object(_)) if is_bytes(expected) => {
            match found_fields.len() == 1 && found["base64"].is_string() && bytes(found) == bytes(expected) {
                true => Ok(()),
                false => differ(),
            }
        }
        (Value::Object(found_fields), Value::Object(expected_fields)) => {
            let mut names: Vec<_> = found_fields.keys().chain(expected_fields.keys()).collect();
            names.sort();
            names.dedup();
            names
                .into_iter()
                .try_for_each(|name| match (found.get(name), expected.get(name)) {
                    (Some(found), Some(expected)) => alike(&format!("{at}.{name}"), found, expected),
                    (found, expected) => Err(format!("{at}.{name} is {found:?}, not {expected:?}")),
                })
        }
        _ if found == expected => Ok(()),
        _ => differ(),
    }
}

fn is_bytes(value: &Value) -> bool {
    let fields = value.as_object().unwrap();
    let known = ["text", "base64", "repeat", "join", "times"];
    !fields.is_empty() && fields.keys().all(|name| known.contains(&name.as_str()))
}
