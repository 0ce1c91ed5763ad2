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
mod fields;
mod json_object;
mod jwt;
mod key_file;
mod options;
mod own_jwt;
mod pem;
mod platform;
mod show;
mod subject;
mod times;
mod word;
mod workload;

pub use content::explain;
pub use decoded::{JwtField, JwtPart, decoded_jwt};
pub use expected::ExpectedIdentity;
pub use explanation::{Explanation, Fact, Finding, Severity};
pub use options::ExplainOptions;

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
