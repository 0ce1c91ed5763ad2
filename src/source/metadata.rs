//! The metadata service of a VM, and its like that a DaemonSet puts in front of pods.
//!
//! <https://yandex.cloud/en/docs/compute/operations/vm-connect/auth-inside-vm>

use super::{Context, Progress, Source};
use crate::credential;
use crate::effect::{Action, Outcome};
use crate::error::{Error, ErrorCode};
use crate::exchange;
use crate::http::{self, Request};
use crate::secret::Secret;

const TOKEN_PATH: &str = "/computeMetadata/v1/instance/service-accounts/default/token";

/// Whether this is the cloud shows itself at once: the service is on the same machine.
const PROBE_TIMEOUT_MILLIS: u32 = 1_000;
const TIMEOUT_MILLIS: u32 = 5_000;

const HINT: &str = "check that the metadata service may be asked for tokens from here";

/// Asks the metadata service for the token of the service account that is attached to this VM or pod.
///
/// The first request is a probe: without an answer within a second, this is not the cloud, and nothing is tried again.
/// Once the service has answered, its silence is a failure like any other.
#[derive(Clone, Default)]
#[cfg_attr(not(target_family = "wasm"), derive(Debug))]
pub struct MetadataSource {
    answered: bool,
}

impl MetadataSource {
    /// A source for this VM or pod.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Source for MetadataSource {
    fn start(&mut self, context: Context<'_>) -> Result<Progress, Error> {
        Ok(Progress::Perform(Action::Http(Request {
            method: "GET",
            url: format!("{}{TOKEN_PATH}", context.endpoints.metadata()),
            headers: vec![
                ("metadata-flavor".into(), Secret::new("Google".to_owned())),
                http::user_agent(),
            ],
            body: None,
            timeout_millis: if self.answered {
                TIMEOUT_MILLIS
            } else {
                PROBE_TIMEOUT_MILLIS
            },
            ca_certificate: None,
            use_proxy: false,
        })))
    }

    fn resume(&mut self, context: Context<'_>, outcome: Outcome) -> Result<Progress, Error> {
        let Outcome::Response(response) = outcome else {
            return Err(outcome.unexpected());
        };
        self.answered = true;
        if response.status == 404 {
            let message = "no service account is attached to this VM or pod";
            return Err(Error::new(ErrorCode::NoServiceAccount, message)
                .with_hint("attach one to the VM, or annotate the pod's Kubernetes service account")
                .with_status(404));
        }
        let token = exchange::read_access_token(&response, context.answered_at, context.now)
            .map_err(|error| error.with_hint_if_refused(HINT))?;
        if credential::is_google_token(token.value.expose()) {
            return Err(not_here(
                "gave a token of Google Cloud: this is not a VM or a pod of Yandex Cloud",
            ));
        }
        Ok(Progress::Done(token))
    }

    fn failed(&mut self, error: Error) -> Error {
        if self.answered || !matches!(error.code(), ErrorCode::ConnectionFailed | ErrorCode::Timeout) {
            return error;
        }
        not_here("does not answer: this is not a VM or a pod of the cloud")
    }
}

/// The error where the metadata service is none of Yandex Cloud's.
pub(super) fn not_here(problem: &str) -> Error {
    Error::new(
        ErrorCode::MetadataUnavailable,
        format!("the metadata service {problem}"),
    )
    .with_hint("run it there or use other credentials; `YC_METADATA_ADDR` says where else the service is")
}
