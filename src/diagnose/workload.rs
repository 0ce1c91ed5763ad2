//! External tokens: of Kubernetes, GitHub Actions, GitLab and other OIDC issuers.

use serde_json::Value;

use super::explanation::Explanation;
use super::{ExplainOptions, advice, compare, jwt, times};
use crate::unverified::Unverified;

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
        let issuer = jwt::text(claims, "iss").unwrap_or_default();
        let subject = jwt::text(claims, "sub").unwrap_or_default();
        let has = |name: &str| claims.get(name).is_some();
        if issuer == LEGACY_ISSUER {
            Self::LegacyKubernetes
        } else if has("kubernetes.io") || subject.starts_with(compare::KUBERNETES_PREFIX) {
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

    const fn shown(self) -> &'static [Shown] {
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

pub(super) fn explain(token: &Unverified, options: &ExplainOptions<'_>) -> Explanation {
    let platform = Platform::of(&token.claims);
    let is_oidc = jwt::text(&token.claims, "iss").is_some_and(|issuer| issuer.contains("://"));
    let (kind, title) = match platform {
        Platform::Kubernetes => ("kubernetes_token", "a Kubernetes service account's token"),
        Platform::LegacyKubernetes => (
            "kubernetes_token",
            "a Kubernetes service account's token of the old kind",
        ),
        Platform::GithubActions => ("github_actions_token", "an OIDC token of a GitHub Actions job"),
        Platform::Gitlab => ("gitlab_token", "an ID token of a GitLab job"),
        Platform::Other if is_oidc => ("oidc_token", "an OIDC token of an external issuer"),
        Platform::Other => ("jwt", "a JWT"),
    };
    let mut explanation = Explanation::new(kind, title);
    for (path, name, label) in platform.shown() {
        let value = path.iter().try_fold(&token.claims, |value, step| value.get(*step));
        if let Some(text) = value.and_then(Value::as_str) {
            explanation.fact(name, label, text);
        }
    }
    if platform == Platform::Kubernetes {
        explanation.fact("bound_to", "bound to", bound_to(&token.claims));
    }
    jwt::parties(token, &mut explanation);
    times::explain(token, options, advice::renewal(platform), &mut explanation);
    jwt::header(token, &mut explanation);
    jwt::other_claims(token, Some(platform), &mut explanation);
    if token.claims.is_object() {
        check(token, platform, &mut explanation);
        match options.expected {
            Some(expected) => compare::identity(&token.claims, platform, expected, &mut explanation),
            None => advice::what_it_needs(&token.claims, platform, &mut explanation),
        }
    }
    explanation
}

/// A bound token is worth nothing once what it is bound to is deleted.
fn bound_to(claims: &Value) -> &'static str {
    let claim = claims.get("kubernetes.io");
    let has = |name: &str| claim.is_some_and(|claim| claim.get(name).is_some());
    match () {
        () if has("pod") => "the pod",
        () if has("secret") => "the Secret",
        () if has("node") => "the node",
        () => "the service account only",
    }
}

/// What no federation can make good.
fn check(token: &Unverified, platform: Platform, explanation: &mut Explanation) {
    if platform == Platform::LegacyKubernetes {
        let message = "it is of the kind that lay in Secrets: it does not end, and its issuer is no URL";
        explanation.error("legacy_token", message, advice::renewal(platform));
    } else if token.claims.get("exp").is_none_or(Value::is_null) {
        explanation.error(
            "missing_expires_at",
            "it has no `exp`",
            "ask the issuer for an ID token, which ends",
        );
    }
    let missing = [("iss", "missing_issuer"), ("sub", "missing_subject")];
    for (name, code) in missing {
        if jwt::text(&token.claims, name).is_none_or(str::is_empty) {
            explanation.error(
                code,
                format!("it has no `{name}`"),
                "ask the issuer for an ID token, which has it",
            );
        }
    }
    match jwt::text(&token.header, "alg").unwrap_or_default() {
        alg if alg.eq_ignore_ascii_case("none") => {
            explanation.error(
                "unsigned",
                "it is not signed: its `alg` is `none`",
                "ask the issuer for a signed token",
            );
        }
        "HS256" | "HS384" | "HS512" => {
            let message = "it is signed with a shared secret, which no federation can verify";
            explanation.error(
                "symmetric_algorithm",
                message,
                "let the issuer sign with RSA or an elliptic curve",
            );
        }
        _ => {}
    }
}
