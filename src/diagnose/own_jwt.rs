//! The JWT that a service account signs to get an IAM token.
//!
//! What the service asks of it: <https://yandex.cloud/en/docs/iam/operations/iam-token/create-for-sa>.

use super::difference::Difference;
use super::explanation::Explanation;
use super::options::ExplainOptions;
use super::{compare, fields, show, times};
use crate::jwt::Lifetime;
use crate::unverified::Unverified;

const ALGORITHM: &str = "PS256";

const HOW_TO_MAKE_ONE: &str = "let this library make it, or see the service's page on IAM tokens for service accounts";

/// Signed as the service asks for by someone who is no OIDC issuer, or meant for the service.
pub(super) fn is_own(jwt: &Unverified) -> bool {
    let is_issuers = fields::text(&jwt.claims, "iss").is_some_and(|issuer| issuer.contains("://"));
    (fields::text(&jwt.header, "alg") == Some(ALGORITHM) && !is_issuers)
        || fields::audiences(&jwt.claims)
            .iter()
            .any(|audience| audience.trim_end_matches('/').ends_with("/iam/v1/tokens"))
}

pub(super) fn explain(jwt: &Unverified, options: &ExplainOptions<'_>) -> Explanation {
    let mut explanation = Explanation::new("service_account_jwt", "a JWT of a service account, for an IAM token");
    fields::parties(jwt, &mut explanation);
    let renewal = "sign a new one for each exchange: it is good for an hour at most";
    times::explain(jwt, options, renewal, &mut explanation);
    fields::header(jwt, &mut explanation);
    fields::others(jwt, &[], &mut explanation);
    header(jwt, &mut explanation);
    claims(jwt, options, &mut explanation);
    explanation
}

fn header(jwt: &Unverified, explanation: &mut Explanation) {
    match fields::text(&jwt.header, "alg") {
        Some(ALGORITHM) => {}
        Some(other) => {
            let message = format!(
                "`alg` is `{}`, but the service takes `{ALGORITHM}` only",
                show::quoted(other)
            );
            explanation.error(
                "wrong_algorithm",
                message,
                "sign with RSASSA-PSS and SHA-256, not with PKCS#1 v1.5",
            );
        }
        None => explanation.error("wrong_algorithm", "its header has no `alg`", HOW_TO_MAKE_ONE),
    }
    if fields::text(&jwt.header, "kid").is_none_or(str::is_empty) {
        let hint = "put the key file's `id` there: the service finds the public key by it";
        explanation.error("missing_key_id", "its header has no `kid`", hint);
    }
}

fn claims(jwt: &Unverified, options: &ExplainOptions<'_>, explanation: &mut Explanation) {
    match fields::text(&jwt.claims, "iss") {
        Some(issuer) if !issuer.is_empty() => compare::service_account(issuer, options.expected, explanation),
        _ => {
            let hint = "put the service account's ID there: the key file's `service_account_id`";
            explanation.error("missing_issuer", "it has no `iss`", hint);
        }
    }
    audience(jwt, options, explanation);
    for name in ["iat", "exp"] {
        if jwt.claims.get(name).is_none_or(serde_json::Value::is_null) {
            let code = if name == "iat" {
                "missing_issued_at"
            } else {
                "missing_expires_at"
            };
            explanation.error(code, format!("it has no `{name}`"), HOW_TO_MAKE_ONE);
        }
    }
    if let (Some(begin), Some(end)) = (jwt.seconds("iat"), jwt.seconds("exp"))
        && end < times::MILLISECONDS_FROM as i64
    {
        let (secs, max) = (end.saturating_sub(begin), Lifetime::MAX.as_secs());
        if secs > max {
            let message = format!("it lives for {secs} s, but the service takes {max} s at most");
            explanation.error("lifetime_too_long", message, "set `exp` to `iat` + 3600 or less");
        }
    }
}

fn audience(jwt: &Unverified, options: &ExplainOptions<'_>, explanation: &mut Explanation) {
    let wanted = options.endpoints.audience();
    let given = fields::audiences(&jwt.claims);
    let wanted_shown = show::quoted(&wanted);
    let Some(nearest) = Difference::nearest(&given, &[&wanted]) else {
        let hint = format!("set it to `{wanted_shown}`");
        explanation.error("missing_audience", "it has no `aud`", hint);
        return;
    };
    if let Some(difference) = nearest.difference {
        let message = format!(
            "`aud` is `{}`, but these endpoints expect `{wanted_shown}`: {}",
            show::quoted(nearest.given),
            difference.words()
        );
        let hint = "set `aud` to the URL that the JWT is sent to, or choose the endpoints that it was made for";
        explanation.error("wrong_audience", message, hint);
    }
}
