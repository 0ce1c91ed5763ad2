//! Who am I, and what may I do.
//!
//! <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#self-subject-review>

use serde_json::{Value, json};

use super::Answered;
use super::answers::Failure;
use super::authentication::User;
use super::authorization::Attempt;
use crate::emulator::access::AccessBindings;

pub(super) fn self_subject(user: &User) -> Value {
    json!({
        "kind": "SelfSubjectReview",
        "apiVersion": "authentication.k8s.io/v1",
        "metadata": { "creationTimestamp": null },
        "status": { "userInfo": user.info },
    })
}

/// JSON only: `kubectl auth can-i` sends protobuf.
pub(super) fn self_subject_access(user: &User, access: &AccessBindings, body: &[u8]) -> Answered<Value> {
    let body: Value = serde_json::from_slice(body).map_err(|_| Failure::unsupported_media_type())?;
    let spec = body.get("spec").cloned().unwrap_or_default();
    let Some(attributes) = spec.get("resourceAttributes") else {
        return Err(Failure::not_emulated(
            "an access review is taken with `resourceAttributes` only",
        ));
    };
    let text = |name: &str| attributes.get(name).and_then(Value::as_str).unwrap_or_default();
    let attempt = Attempt {
        verb: text("verb"),
        group: text("group"),
        resource: text("resource"),
        namespace: text("namespace"),
        name: text("name"),
    };
    let is_allowed = attempt.is_allowed(user, access);
    Ok(json!({
        "kind": "SelfSubjectAccessReview",
        "apiVersion": "authorization.k8s.io/v1",
        "metadata": { "creationTimestamp": null },
        "spec": spec,
        "status": { "allowed": is_allowed },
    }))
}
