//! JSON, told apart by its fields.

use serde_json::Value;

use super::explanation::Explanation;
use super::options::ExplainOptions;
use super::{federation, jwt, key_file, show, word};
use crate::json;
use crate::key::{
    ServiceAccountKey,
    json::{PRIVATE_KEY, holds_a_key},
};
use crate::timestamp::UnixTime;

/// JSON that is wiped in the end: a key file's holds the private key.
struct Wiped(Value);

impl Drop for Wiped {
    fn drop(&mut self) {
        json::wipe(&mut self.0);
    }
}

pub(super) fn explain(text: &str, options: &ExplainOptions<'_>) -> Explanation {
    let Ok(value) = serde_json::from_str(text) else {
        return broken(text, options);
    };
    let value = Wiped(value);
    // `yc … list --format json` prints a list.
    let object = match &value.0 {
        Value::Array(items) => match items.as_slice() {
            [only] => only,
            items => return other(&format!("a JSON list of {}", items.len())),
        },
        object => object,
    };
    let has = |name: &str| object.get(name).is_some();
    let any = |names: &[&str]| names.iter().any(|name| has(name));
    if holds_a_key(object) || (any(&["key_algorithm", "keyAlgorithm"]) && has("id")) {
        key_file::explain(text, object, options)
    } else if any(&["externalSubjectId", "external_subject_id"]) {
        federation::credential(object, text)
    } else if has("issuer") && has("jwks_uri") {
        federation::openid_configuration(object)
    } else if has("issuer") && any(&["audiences", "jwksUrl", "jwks_url"]) {
        federation::federation(object, text)
    } else if has("alg") && any(&["typ", "kid"]) && !has("kty") {
        jwt::header_only(object.clone())
    } else {
        answer(object, options).unwrap_or_else(|| other("a JSON object of no known kind"))
    }
}

/// What a service or `yc` answers: a credential in a field, and more about it in others.
fn answer(object: &Value, options: &ExplainOptions<'_>) -> Option<Explanation> {
    const FIELDS: &[&str] = &[
        "iamToken",
        "iam_token",
        "access_token",
        "id_token",
        "token",
        "value",
        "secret",
    ];
    let credential = FIELDS.iter().find_map(|name| object.get(*name).and_then(Value::as_str));
    let credential = credential?.trim();
    let mut explanation = if credential.starts_with("eyJ") && credential.contains('.') {
        jwt::explain(credential, options)
    } else {
        word::explain(credential)?
    };
    let expires_at = object
        .get("expiresAt")
        .or_else(|| object.get("expires_at"))
        .and_then(Value::as_str);
    if let Some(time) = expires_at.and_then(UnixTime::parse_rfc3339) {
        let remark = show::distance(time, options.now);
        explanation.fact_with("expires_at", "expires", &time.to_rfc3339(), remark);
        if time <= options.now {
            explanation.error(
                "expired",
                format!("it ended {}", show::distance(time, options.now)),
                "get a new one",
            );
        }
    }
    if let Some(key) = object.get("api_key").or_else(|| object.get("access_key")) {
        for (field, name, label) in [
            ("id", "id", "ID"),
            ("service_account_id", "service_account_id", "service account"),
        ] {
            if let Some(id) = key.get(field).and_then(show::identifier) {
                explanation.fact(name, label, id);
            }
        }
    }
    let hint = "where the credential alone is asked for, pass only that field";
    explanation.note("in_json", "it stands in a JSON object", hint);
    Some(explanation)
}

/// Broken JSON: a key file if it looks like one.
fn broken(text: &str, options: &ExplainOptions<'_>) -> Explanation {
    if PRIVATE_KEY
        .iter()
        .chain(&["key_algorithm"])
        .any(|name| text.contains(name))
    {
        return key_file::explain(text, &Value::Null, options);
    }
    let mut explanation = Explanation::new("json", "JSON that is broken");
    match ServiceAccountKey::from_json(text) {
        // The message speaks of a key file, and this may be none.
        Err(error) if text.starts_with('{') => {
            let message = error.message().replace("the key file", "it");
            explanation.error(
                error.code().as_str(),
                message,
                "copy it again, whole, with its quotes and line breaks",
            );
        }
        _ => explanation.error("invalid_json", "it is not valid JSON", "copy it again, whole"),
    }
    explanation
}

fn other(title: &str) -> Explanation {
    let mut explanation = Explanation::new("json", title);
    let hint = "pass the content of a key file, or the JSON of one federation or one federated credential";
    explanation.error("unknown", "this is no credential of a known kind", hint);
    explanation
}
