//! The subject of an external token: who runs there.

use super::explanation::Explanation;

/// How Kubernetes writes a service account as a subject, before `<namespace>:<name>`.
pub(super) const KUBERNETES_PREFIX: &str = "system:serviceaccount:";

/// The API takes no longer external subjects.
pub(super) const MAX_SUBJECT: usize = 1000;

/// The namespace and the name in a Kubernetes service account's subject.
pub(super) fn kubernetes_subject(subject: &str) -> Option<(&str, &str)> {
    let (namespace, name) = subject.strip_prefix(KUBERNETES_PREFIX)?.split_once(':')?;
    let is_good = |part: &str| !part.is_empty() && !part.contains([':', '/']) && !part.contains(char::is_whitespace);
    (is_good(namespace) && is_good(name)).then_some((namespace, name))
}

pub(super) fn too_long(explanation: &mut Explanation) {
    let message = format!("`sub` is longer than {MAX_SUBJECT} characters: no federated credential can hold it");
    explanation.error("subject_too_long", message, "let the issuer write a shorter subject");
}
