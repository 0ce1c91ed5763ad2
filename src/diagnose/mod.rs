//! Says what a key, a token or a JWT is, whose, until when, what is wrong with it and what to do: without one byte of a
//! secret.
//!
//! For workload identities (<https://yandex.cloud/en/docs/iam/concepts/workload-identity>), an external token is
//! compared with what a federation and a federated credential expect.

mod advice;
mod compare;
mod content;
mod decoded;
mod difference;
mod expected;
mod explanation;
mod federation;
mod json_object;
mod jwt;
mod key_file;
mod own_jwt;
mod pem;
mod show;
mod times;
mod word;
mod workload;

pub use decoded::{JwtField, JwtPart, decoded_jwt};
pub use expected::ExpectedIdentity;
pub use explanation::{Explanation, Fact, Finding, Severity};

use crate::endpoints::Endpoints;
use crate::timestamp::UnixTime;

/// Every kind that [`explain`] tells apart: the stable names in [`Explanation::kind`].
pub const KINDS: &[&str] = &[
    "service_account_key",
    "iam_token",
    "oauth_token",
    "api_key",
    "static_key",
    "service_account_jwt",
    "kubernetes_token",
    "github_actions_token",
    "gitlab_token",
    "oidc_token",
    "jwt",
    "encrypted_jwt",
    "oidc_federation",
    "federated_credential",
    "openid_configuration",
    "private_key",
    "public_key",
    "certificate",
    "pem",
    "json",
    "path",
    "html",
    "binary",
    "empty",
    "too_large",
    "unknown",
];

/// What an explanation depends on besides what is explained.
#[derive(Clone, Copy, Debug)]
pub struct ExplainOptions<'a> {
    /// The current time.
    pub now: UnixTime,
    /// Where the services live: a JWT for them has their audience.
    pub endpoints: &'a Endpoints,
    /// What an external token is to be compared with.
    pub expected: Option<&'a ExpectedIdentity>,
}

/// Explains a key file, a token, a JWT, or a federation's or federated credential's JSON. Never fails: what is not
/// known is explained as unknown.
#[must_use]
pub fn explain(content: &[u8], options: &ExplainOptions<'_>) -> Explanation {
    content::explain(content, options)
}
