//! Who issued an external token.

use serde_json::Value;

use super::fields;
use super::subject::KUBERNETES_PREFIX;

/// <https://docs.github.com/en/actions/reference/security/oidc>
const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";

/// The issuer that Kubernetes wrote into tokens before they were bound and ended.
const LEGACY_ISSUER: &str = "kubernetes/serviceaccount";

/// Who issued an external token, by the claims that only this issuer writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Platform {
    Kubernetes,
    LegacyKubernetes,
    GithubActions,
    Gitlab,
    Other,
}

/// A claim that is shown: where it is, and what it is called.
type Shown = (&'static [&'static str], &'static str, &'static str);

impl Platform {
    pub(super) fn of(claims: &Value) -> Self {
        let issuer = fields::text(claims, "iss").unwrap_or_default();
        let subject = fields::text(claims, "sub").unwrap_or_default();
        let has = |name: &str| claims.get(name).is_some();
        if issuer == LEGACY_ISSUER {
            Self::LegacyKubernetes
        } else if has("kubernetes.io") || subject.starts_with(KUBERNETES_PREFIX) {
            Self::Kubernetes
        } else if issuer.trim_end_matches('/') == GITHUB_ISSUER || (has("job_workflow_ref") && has("repository")) {
            Self::GithubActions
        } else if has("project_path") && has("pipeline_id") {
            Self::Gitlab
        } else {
            Self::Other
        }
    }

    /// The claims that are shown besides those of every token, by their name at the top.
    pub(super) const fn claims(self) -> &'static [&'static str] {
        match self {
            Self::Kubernetes => &["kubernetes.io"],
            Self::LegacyKubernetes => &[
                "kubernetes.io/serviceaccount/namespace",
                "kubernetes.io/serviceaccount/service-account.name",
                "kubernetes.io/serviceaccount/secret.name",
            ],
            Self::GithubActions => &["repository", "ref", "environment"],
            Self::Gitlab => &["project_path", "ref", "ref_type", "environment"],
            Self::Other => &[],
        }
    }

    /// The facts that are shown, in their order.
    pub(super) const fn shown(self) -> &'static [Shown] {
        match self {
            Self::Kubernetes => &[
                (&["kubernetes.io", "namespace"], "namespace", "namespace"),
                (
                    &["kubernetes.io", "serviceaccount", "name"],
                    "service_account",
                    "service account",
                ),
                (&["kubernetes.io", "pod", "name"], "pod", "pod"),
                (&["kubernetes.io", "node", "name"], "node", "node"),
                (&["kubernetes.io", "secret", "name"], "secret", "Secret"),
            ],
            Self::LegacyKubernetes => &[
                (&["kubernetes.io/serviceaccount/namespace"], "namespace", "namespace"),
                (
                    &["kubernetes.io/serviceaccount/service-account.name"],
                    "service_account",
                    "service account",
                ),
                (&["kubernetes.io/serviceaccount/secret.name"], "secret", "Secret"),
            ],
            Self::GithubActions => &[
                (&["repository"], "repository", "repository"),
                (&["ref"], "ref", "ref"),
                (&["environment"], "environment", "environment"),
            ],
            Self::Gitlab => &[
                (&["project_path"], "project", "project"),
                (&["ref"], "ref", "ref"),
                (&["ref_type"], "ref_type", "ref's type"),
                (&["environment"], "environment", "environment"),
            ],
            Self::Other => &[],
        }
    }
}
