//! What calls come to, as plain objects. The TypeScript side declares the same shapes in `answers.ts`.

use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use yc_iam::UnixTime;
use yc_iam::api::{Answer, FederatedCredential, Federation, Operation, OperationError, Page};

use super::lockbox;
use crate::http;
use crate::plain::Plain;

pub(super) fn answer(answer: Answer) -> JsValue {
    match answer {
        Answer::LockboxPayload(one) => lockbox::payload(&one),
        Answer::FederatedCredential(credential) => federated_credential(&credential),
        Answer::FederatedCredentials(list) => page(&list, federated_credential),
        Answer::Federation(one) => federation(&one),
        Answer::Federations(list) => page(&list, federation),
        Answer::Operation(one) => operation(&one),
        Answer::Subject(id) => id.into(),
        Answer::Response(response) => Plain::new()
            .with("status", response.status)
            .with("headers", http::headers(&response))
            .with("body", Uint8Array::from(response.body.as_slice()))
            .into(),
        // `Nothing`, and what a later core may answer.
        _ => JsValue::UNDEFINED,
    }
}

/// `{items, nextPageToken}`
fn page<T>(page: &Page<T>, item: impl Fn(&T) -> JsValue) -> JsValue {
    Plain::new()
        .with("items", page.items.iter().map(item).collect::<Array>())
        .with("nextPageToken", page.next_page_token.as_deref())
        .into()
}

fn federated_credential(credential: &FederatedCredential) -> JsValue {
    Plain::new()
        .with("id", credential.id.as_str())
        .with("serviceAccountId", credential.service_account_id.as_str())
        .with("federationId", credential.federation_id.as_str())
        .with("externalSubjectId", credential.external_subject_id.as_str())
        .with("createdAt", time(credential.created_at))
        .into()
}

fn federation(federation: &Federation) -> JsValue {
    let labels = Object::new();
    for (key, value) in &federation.labels {
        // Fails only for objects that were frozen or have setters, and this one is new.
        let _ = Reflect::set(&labels, &key.into(), &value.into());
    }
    let audiences: Array = federation
        .audiences
        .iter()
        .map(|text| JsValue::from_str(text))
        .collect();
    Plain::new()
        .with("id", federation.id.as_str())
        .with("name", federation.name.as_str())
        .with("folderId", federation.folder_id.as_str())
        .with("description", federation.description.as_str())
        .with("disabled", federation.disabled)
        .with("audiences", audiences)
        .with("issuer", federation.issuer.as_str())
        .with("jwksUrl", federation.jwks_url.as_str())
        .with("labels", labels)
        .with("createdAt", time(federation.created_at))
        .into()
}

fn operation(operation: &Operation) -> JsValue {
    Plain::new()
        .with("id", operation.id.as_str())
        .with("description", operation.description.as_str())
        .with("createdAt", time(operation.created_at))
        .with("createdBy", operation.created_by.as_str())
        .with("modifiedAt", time(operation.modified_at))
        .with("done", operation.done)
        .with("metadata", json(&operation.metadata))
        .with("error", operation.error.as_ref().map(operation_error))
        .with("response", operation.response.as_deref().map(json))
        .into()
}

fn operation_error(error: &OperationError) -> JsValue {
    Plain::new()
        .with("code", error.code as f64)
        .with("message", error.message.as_str())
        .with("details", json(&error.details))
        .into()
}

fn time(time: Option<UnixTime>) -> Option<f64> {
    time.map(UnixTime::as_secs_f64)
}

/// The core wrote it, so it can be read.
fn json(text: &str) -> JsValue {
    JSON::parse(text).unwrap_or_default()
}
