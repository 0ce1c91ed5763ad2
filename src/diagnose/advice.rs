//! What to do about an external token, by who issued it.

use serde_json::Value;

use super::explanation::Explanation;
use super::platform::Platform;
use super::{fields, show, subject};

/// How to get a token that has not ended.
pub(super) const fn renewal(platform: Platform) -> &'static str {
    match platform {
        Platform::Kubernetes => {
            "read the pod's token file each time: the kubelet writes it anew; or run `kubectl create token` again"
        }
        Platform::LegacyKubernetes => "use a projected volume with `serviceAccountToken`, or `kubectl create token`",
        Platform::GithubActions => "let the job ask for a new one right before it is used: they live for minutes",
        Platform::Gitlab => "run the job again: the token lives as long as the job may run",
        Platform::Other => "ask the issuer for a new one",
    }
}

/// How to get a token with this audience.
pub(super) fn audience(platform: Platform, audience: &str) -> String {
    let audience = show::quoted(audience);
    match platform {
        Platform::Kubernetes | Platform::LegacyKubernetes => format!(
            "set `audience: {audience}` under `serviceAccountToken` of the projected volume, or run \
             `kubectl create token NAME --audience={audience}`"
        ),
        Platform::GithubActions => format!(
            "ask for `{audience}`: the parameter `audience` of `ACTIONS_ID_TOKEN_REQUEST_URL`, or `core.getIDToken(…)`"
        ),
        Platform::Gitlab => format!("set `aud: {audience}` under `id_tokens` in `.gitlab-ci.yml`"),
        Platform::Other => format!("ask the issuer for a token with the audience `{audience}`"),
    }
}

/// With nothing to compare with: what a federation and a federated credential for this token would have to hold.
pub(super) fn what_it_needs(claims: &Value, platform: Platform, explanation: &mut Explanation) {
    let (Some(issuer), Some(subject)) = (fields::text(claims, "iss"), fields::text(claims, "sub")) else {
        return;
    };
    if platform == Platform::LegacyKubernetes || !issuer.contains("://") {
        return;
    }
    let audiences = fields::audiences(claims);
    let shown: Vec<String> = audiences
        .iter()
        .take(3)
        .map(|one| format!("`{}`", show::quoted(one)))
        .collect();
    let hint = "`yc iam workload-identity oidc federation create` with `--issuer`, `--audiences` and `--jwks-url`";
    match shown.as_slice() {
        [] => explanation.error(
            "missing_audience",
            "it has no `aud`, and a federation asks for one",
            "ask the issuer for a token with an audience, such as its own URL",
        ),
        shown => {
            let message = format!(
                "a federation for it has the issuer `{}`, and {} among its audiences",
                show::quoted(issuer),
                shown.join(" or ")
            );
            explanation.note("federation_needed", message, hint);
        }
    }
    let message = format!(
        "a federated credential for it has the external subject `{}`",
        show::quoted(subject)
    );
    let hint = "`yc iam workload-identity federated-credential create` with the IDs of service account and federation";
    explanation.note("credential_needed", message, hint);
    if subject.chars().count() > subject::MAX_SUBJECT {
        subject::too_long(explanation);
    }
}
