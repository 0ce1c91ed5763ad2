//! The token of a pod's Kubernetes service account, for the API server of its own cluster.

use serde_json::Value;

use crate::effect::{Action, Outcome};
use crate::error::{Error, ErrorCode};
use crate::header;
use crate::redact;
use crate::secret::Secret;
use crate::source::{Context, Progress, Source};
use crate::timestamp::UnixTime;
use crate::token::AccessToken;
use crate::unverified;

/// The kubelet's own are about a kilobyte; no header takes one that is longer than this.
const MAX_LEN: usize = 16 * 1024;

/// A minute at the latest, with the tenth by which a session may be late.
const RENEWAL_INTERVAL_MILLIS: i64 = 54_000;

/// How long a token is taken for good that does not say when it ends, as those of long-lived Secrets do not.
const UNKNOWN_LIFETIME_MILLIS: i64 = 3_600_000;

/// Reads a pod's token file, at least once a minute: the kubelet writes it anew before the token ends, and the API
/// server refuses the old one then.
///
/// <https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken>
///
/// The token is decoded, not verified, to learn when it ends; one that does not say so is taken for an hour.
#[derive(Clone)]
#[cfg_attr(not(target_family = "wasm"), derive(Debug))]
pub struct KubernetesTokenSource {
    path: String,
}

#[cfg(target_family = "wasm")]
crate::source::by_name::shown_by_name!(KubernetesTokenSource);

impl KubernetesTokenSource {
    /// A source with the token in this file.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self { path: path.to_owned() }
    }

    fn read(&self, content: &[u8], now: UnixTime) -> Result<AccessToken, Error> {
        let text = std::str::from_utf8(content).map_err(|_| invalid("is not text"))?;
        let token = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if token.is_empty() {
            return Err(invalid("is empty"));
        }
        if token.len() > MAX_LEN {
            return Err(invalid("is longer than any token of Kubernetes"));
        }
        let claims = unverified::decode(token)
            .map_err(|problem| invalid(&format!("is not a JWT: {problem}")))?
            .claims;
        if !header::is_token68(token) {
            return Err(invalid("holds characters that no token has"));
        }
        let expires_at = match claims.get("exp") {
            None | Some(Value::Null) => now.plus_millis(UNKNOWN_LIFETIME_MILLIS),
            Some(end) => {
                let end = end.as_f64().ok_or_else(|| invalid("has an `exp` that is no number"))?;
                UnixTime::from_secs(end as i64)
            }
        };
        if expires_at <= now {
            let ago = now.millis_since(expires_at) / 1000;
            let problem = format!("the service account's token ended {ago} s ago");
            return Err(Error::new(ErrorCode::InvalidCredential, problem)
                .with_hint("the kubelet must renew it: check the volume; if it is new, set this machine's clock"));
        }
        Ok(AccessToken {
            value: Secret::new(token.to_owned()),
            expires_at,
            issued_at: now,
        })
    }

    fn located(&self, error: Error) -> Error {
        error.about(&format!("`{}`", redact::quote(&self.path, 200)))
    }
}

impl Source for KubernetesTokenSource {
    fn start(&mut self, _context: Context<'_>) -> Result<Progress, Error> {
        Ok(Progress::Perform(Action::ReadFile(self.path.clone())))
    }

    fn resume(&mut self, context: Context<'_>, outcome: Outcome) -> Result<Progress, Error> {
        let Outcome::File(content) = outcome else {
            return Err(outcome.unexpected());
        };
        let token = self.read(&content, context.now).map_err(|error| self.located(error))?;
        Ok(Progress::Done(token))
    }

    fn failed(&mut self, error: Error) -> Error {
        self.located(error)
    }

    fn renewal_interval_millis(&self) -> i64 {
        RENEWAL_INTERVAL_MILLIS
    }
}

fn invalid(problem: &str) -> Error {
    Error::new(
        ErrorCode::InvalidCredential,
        format!("the service account's token {problem}"),
    )
    .with_hint("pass the path of the pod's token file: the kubelet keeps one JWT in it, and nothing else")
}
