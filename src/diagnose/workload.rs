//! External tokens: of Kubernetes, GitHub Actions, GitLab and other OIDC issuers.

use serde_json::Value;

use super::explanation::Explanation;
use super::options::ExplainOptions;
use super::platform::Platform;
use super::{advice, compare, fields, times};
use crate::unverified::Unverified;

pub(super) fn explain(token: &Unverified, options: &ExplainOptions<'_>) -> Explanation {
    let platform = Platform::of(&token.claims);
    let is_oidc = fields::text(&token.claims, "iss").is_some_and(|issuer| issuer.contains("://"));
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
    fields::parties(token, &mut explanation);
    times::explain(token, options, advice::renewal(platform), &mut explanation);
    fields::header(token, &mut explanation);
    fields::others(token, platform.claims(), &mut explanation);
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
        if fields::text(&token.claims, name).is_none_or(str::is_empty) {
            explanation.error(
                code,
                format!("it has no `{name}`"),
                "ask the issuer for an ID token, which has it",
            );
        }
    }
    match fields::text(&token.header, "alg").unwrap_or_default() {
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
