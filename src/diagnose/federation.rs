//! The JSON of a federation, of a federated credential, and of an issuer's own configuration.

use serde_json::Value;

use super::difference::Difference;
use super::expected::{ExpectedIdentity, field};
use super::explanation::Explanation;
use super::subject::{KUBERNETES_PREFIX, MAX_SUBJECT, kubernetes_subject};

/// The API takes 1 to 100 audiences of 1 to 255 characters.
const MAX_AUDIENCES: usize = 100;
const MAX_AUDIENCE: usize = 255;

pub(super) fn federation(object: &Value, text: &str) -> Explanation {
    let mut explanation = Explanation::new("oidc_federation", "an OIDC federation for workload identities");
    let expected = match ExpectedIdentity::from_json(Some(text.as_bytes()), None) {
        Ok(expected) => expected,
        Err(error) => {
            explanation.refused(&error);
            return explanation;
        }
    };
    ids(object, &mut explanation);
    let issuer = expected.issuer.as_deref().unwrap_or_default();
    explanation.fact("issuer", "issuer", issuer);
    for audience in expected.audiences.iter().take(10) {
        explanation.fact("audience", "audience", audience);
    }
    let jwks_url = field(object, &["jwksUrl", "jwks_url"]).and_then(Value::as_str);
    if let Some(url) = jwks_url {
        explanation.fact("jwks_url", "key set", url);
    }
    let disabled = expected
        .disabled
        .map_or("not said", |disabled| if disabled { "yes" } else { "no" });
    explanation.fact("disabled", "disabled", disabled);
    state(&expected, &mut explanation);
    check_issuer(issuer, jwks_url, &mut explanation);
    check_audiences(issuer, &expected.audiences, &mut explanation);
    explanation
}

/// Says that the federation is disabled, or may be: what has an ID comes from the service or from `yc`, which say it.
pub(super) fn state(expected: &ExpectedIdentity, explanation: &mut Explanation) {
    if expected.disabled == Some(true) {
        let hint = "switch it on, or take another federation";
        explanation.error("federation_disabled", "the federation is disabled", hint);
    } else if expected.disabled.is_none() && expected.federation_id.is_some() {
        let message = "its JSON does not say that the federation is enabled: it may be disabled";
        let hint = "`yc` prints `enabled: true` for one that is enabled, and leaves out what is false";
        explanation.warning("federation_state_unknown", message, hint);
    }
}

fn check_issuer(issuer: &str, jwks_url: Option<&str>, explanation: &mut Explanation) {
    let spaces = |text: &str| text.contains(char::is_whitespace);
    if spaces(issuer) || jwks_url.is_some_and(spaces) {
        let message = "there is white space in the issuer or in the key set's URL";
        explanation.error("white_space", message, "write both without it");
    }
    if !issuer.trim().starts_with("https://") {
        let hint = "OpenID Connect asks for `https://`: take the `iss` of a token";
        explanation.error("issuer_no_https", "the issuer is no `https` URL", hint);
    } else if issuer.ends_with('/') {
        let message = "the issuer ends with a slash: a token's `iss` must end with one too";
        explanation.warning("issuer_trailing_slash", message, "compare it with the `iss` of a token");
    }
}

fn check_audiences(issuer: &str, audiences: &[String], explanation: &mut Explanation) {
    if audiences.is_empty() {
        let hint = "add the `aud` of the tokens: for a cluster, usually the issuer's URL";
        explanation.error("missing_audience", "the federation accepts no audience", hint);
    }
    if audiences.len() > MAX_AUDIENCES
        || audiences
            .iter()
            .any(|one| !(1..=MAX_AUDIENCE).contains(&one.chars().count()))
    {
        let message = format!("the API takes 1 to {MAX_AUDIENCES} audiences of 1 to {MAX_AUDIENCE} characters");
        explanation.error("invalid_audience", message, "make them shorter or fewer");
    }
    let wanted: Vec<&str> = audiences.iter().map(String::as_str).collect();
    if let Some(nearest) = Difference::nearest(&[issuer], &wanted)
        && let Some(difference) = nearest.difference
    {
        let hint = "tokens of a cluster usually have the issuer as their `aud`; other tokens, what they were asked for";
        if difference < Difference::OtherCluster {
            let message = format!("the issuer and an audience look alike, but {}", difference.words());
            explanation.warning("audience_like_issuer", message, hint);
        } else {
            explanation.note("audience_lacks_issuer", "the issuer is not among the audiences", hint);
        }
    }
}

pub(super) fn credential(object: &Value, text: &str) -> Explanation {
    let mut explanation = Explanation::new("federated_credential", "a federated credential of a service account");
    let expected = match ExpectedIdentity::from_json(None, Some(text.as_bytes())) {
        Ok(expected) => expected,
        Err(error) => {
            explanation.refused(&error);
            return explanation;
        }
    };
    ids(object, &mut explanation);
    if let Some(account) = &expected.service_account_id {
        explanation.fact("service_account_id", "service account", account);
    }
    if let Some(federation) = &expected.credential_federation_id {
        explanation.fact("federation_id", "federation", federation);
    }
    let subject = expected.subject.as_deref().unwrap_or_default();
    explanation.fact("subject", "external subject", subject);
    if let Some((namespace, name)) = kubernetes_subject(subject) {
        explanation.fact("namespace", "namespace", namespace);
        explanation.fact("service_account", "Kubernetes service account", name);
    }
    check_subject(subject, &mut explanation);
    explanation
}

fn check_subject(subject: &str, explanation: &mut Explanation) {
    let form = "Kubernetes writes `system:serviceaccount:<namespace>:<name>`";
    if subject.chars().count() > MAX_SUBJECT {
        let message = format!("the external subject is longer than {MAX_SUBJECT} characters");
        explanation.error(
            "subject_too_long",
            message,
            "no token can match it: take the `sub` of a token",
        );
    } else if subject.is_empty() {
        explanation.error(
            "missing_subject",
            "the external subject is empty",
            "take the `sub` of a token",
        );
    } else if subject.trim() != subject {
        let message = "there is white space round the external subject";
        explanation.error(
            "subject_white_space",
            message,
            "write it without: the comparison is exact",
        );
    } else if subject.starts_with(KUBERNETES_PREFIX) && kubernetes_subject(subject).is_none() {
        let message = "the external subject begins as one of Kubernetes, but does not go on with namespace and name";
        explanation.error("subject_malformed", message, form);
    } else if is_bare_name(subject) {
        let message = "the external subject may lack the prefix `system:serviceaccount:<namespace>:`";
        explanation.warning("subject_missing_prefix", message, form);
    }
}

/// `namespace:name`, `namespace/name` or a name alone, as Kubernetes names things.
fn is_bare_name(subject: &str) -> bool {
    let is_label = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let mut parts = subject.split([':', '/']);
    parts.clone().count() <= 2 && parts.all(is_label)
}

pub(super) fn openid_configuration(object: &Value) -> Explanation {
    let mut explanation = Explanation::new("openid_configuration", "an issuer's OpenID configuration");
    for (field, name, label) in [("issuer", "issuer", "issuer"), ("jwks_uri", "jwks_url", "key set")] {
        if let Some(text) = object.get(field).and_then(Value::as_str) {
            explanation.fact(name, label, text);
        }
    }
    let message = "a federation for it has this issuer, and this key set as its `jwksUrl`";
    explanation.note(
        "federation_needed",
        message,
        "pass a token too, to see its `aud` and `sub`",
    );
    explanation
}

fn ids(object: &Value, explanation: &mut Explanation) {
    if let Some(id) = object.get("id").and_then(Value::as_str) {
        explanation.fact("id", "ID", id);
    }
    if let Some(folder) = field(object, &["folderId", "folder_id"]).and_then(Value::as_str) {
        explanation.fact("folder_id", "folder", folder);
    }
}
