//! Who asks: a service account of the cluster, or a subject of the cloud.
//!
//! <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#service-account-tokens>

use serde_json::{Map, Value, json};

use super::Answered;
use super::answers::Failure;
use crate::emulator::subject_judge;
use crate::emulator::tokens::{self, Tokens};
use crate::emulator::workloads::Federation;
use crate::redact;
use crate::timestamp::UnixTime;

/// How the names of service accounts begin.
const SERVICE_ACCOUNT: &str = "system:serviceaccount:";

/// How an IAM token begins.
const IAM_TOKEN: &str = "t1.";

pub(super) struct Authenticator<'a> {
    pub(super) issuer: Option<&'a (Federation, Value)>,
    pub(super) tokens: &'a Tokens,
    pub(super) tolerance: i64,
    pub(super) now: UnixTime,
}

#[derive(Debug)]
pub(super) struct User {
    pub(super) name: String,
    /// Of a service account of the cluster.
    pub(super) namespace: Option<String>,
    /// The message `UserInfo`.
    pub(super) info: Value,
}

impl Authenticator<'_> {
    pub(super) fn user(&self, authorization: Option<&str>) -> Answered<User> {
        let authorization = authorization.ok_or_else(|| Failure::unauthorized("the request has no bearer token"))?;
        let token = tokens::bearer(authorization)
            .ok_or_else(|| Failure::unauthorized("the `authorization` header is not `Bearer`, a space and a token"))?;
        if token.starts_with(IAM_TOKEN) {
            return self.cloud_subject(authorization);
        }
        let (issuer, keys) = self
            .issuer
            .ok_or_else(|| Failure::unauthorized("the cluster has no issuer, so no token is good"))?;
        let claims = subject_judge::authenticate(token, issuer, keys, self.tolerance, self.now)
            .map_err(|problem| Failure::unauthorized(format!("the cluster's issuer: {problem}")))?;
        service_account(&claims)
    }

    fn cloud_subject(&self, authorization: &str) -> Answered<User> {
        let subject = self.tokens.subject(Some(authorization), self.now);
        let name = subject.map_err(|refusal| Failure::unauthorized(refusal.reason()))?;
        Ok(User {
            name: name.to_owned(),
            namespace: None,
            info: json!({ "username": name, "groups": ["system:authenticated"] }),
        })
    }
}

fn service_account(claims: &Value) -> Answered<User> {
    let name = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
    let namespace = name
        .strip_prefix(SERVICE_ACCOUNT)
        .and_then(|rest| rest.split_once(':'))
        .filter(|(namespace, account)| !namespace.is_empty() && !account.is_empty() && !account.contains(':'))
        .map(|(namespace, _)| namespace)
        .ok_or_else(|| {
            let name = redact::quote(name, 300);
            Failure::unauthorized(format!("the token's `sub` is `{name}`, which is no service account"))
        })?;
    let claim = |path: &str| claims.pointer(path).and_then(Value::as_str);
    let mut extra = Map::new();
    for (key, value) in [
        ("credential-id", claim("/jti").map(|jti| format!("JTI={jti}"))),
        ("pod-name", claim("/kubernetes.io/pod/name").map(str::to_owned)),
        ("pod-uid", claim("/kubernetes.io/pod/uid").map(str::to_owned)),
    ] {
        if let Some(value) = value {
            extra.insert(format!("authentication.kubernetes.io/{key}"), json!([value]));
        }
    }
    let groups = [
        "system:serviceaccounts".to_owned(),
        format!("system:serviceaccounts:{namespace}"),
        "system:authenticated".to_owned(),
    ];
    let uid = claim("/kubernetes.io/serviceaccount/uid").unwrap_or_default();
    Ok(User {
        name: name.to_owned(),
        namespace: Some(namespace.to_owned()),
        info: json!({ "username": name, "uid": uid, "groups": groups, "extra": extra }),
    })
}
