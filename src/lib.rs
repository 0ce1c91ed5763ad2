//! Credentials for Yandex Cloud, as a sans-I/O core.
//!
//! Give it a service account's key; it says which request to send, reads the answer, and says when to do it again. It
//! never opens a socket or a file, never reads a clock, never sleeps and never locks. A host does those, in one loop:
//!
//! ```
//! use yc_iam::{Action, Outcome, Response, ServiceAccountKey, ServiceAccountSource, Session, SessionOptions, Step, UnixTime};
//!
//! # let key_file = include_str!("../tests/vectors/key_file.json");
//! # fn send(request: &yc_iam::Request) -> Response {
//! #     assert_eq!(request.url, "https://iam.api.cloud.yandex.net/iam/v1/tokens");
//! #     let body = br#"{"iamToken": "t1.example", "expiresAt": "2026-11-02T00:00:00Z"}"#.to_vec();
//! #     Response { status: 200, headers: Vec::new(), body }
//! # }
//! # fn now() -> UnixTime { UnixTime::from_secs(1_793_563_200) } // 2026-11-01T20:00:00Z
//! let key = ServiceAccountKey::from_json(key_file)?;
//! let mut session = Session::new(ServiceAccountSource::new(key)?, SessionOptions::default());
//! let token = loop {
//!     match session.poll(now()) {
//!         Step::Use { token, .. } => break token,
//!         Step::Perform(effect) => {
//!             let outcome = match &effect.action {
//!                 Action::Http(request) => Outcome::Response(send(request)), // your HTTP client
//!                 other => unreachable!("a service-account key never asks for {other:?}"),
//!             };
//!             session.complete(effect.id, now(), outcome)?;
//!         }
//!         Step::Wait { .. } => {} // sleep until the time that it says
//!         Step::Fail(error) => return Err(error.into()),
//!     }
//! };
//! assert_eq!(token.authorization().expose(), "Bearer t1.example");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Keep the session and poll it each time that you need a token: while the token is fresh, that is all that happens.
//! `examples/quickstart.rs` is a whole host.
//!
//! # Sources
//! [`ServiceAccountSource`] is one of many: [`KeyFileSource`], [`OauthSource`], [`WorkloadIdentitySource`],
//! [`MetadataSource`], [`FunctionSource`], [`FixedSource`], [`ImpersonationSource`], and [`DefaultSource`], which looks at
//! the environment. A host that serves them all knows every [`Action`]: besides requests and signatures, they ask for
//! a file, an environment variable, or a token from the program's own supplier; all three are reported as
//! [`Outcome::File`].
//!
//! # Kubernetes
//! [`kubernetes`] has what a program in a pod needs to call its own cluster, and what `kubectl` needs outside of one.
//!
//! # Features
//! - `rust-crypto` (on by default): signs in pure Rust. Without any signer, signatures come from outside: [`Signing::Outside`].
//! - `aws-lc`: signs with AWS-LC, several times as fast as the pure-Rust signer; needs a C compiler.
//! - `http1`: HTTP/1.1 as bytes, for hosts that have connections and no client: `yc_iam::http1`.
//! - `emulator`: the other side of the exchange, for tests: `yc_iam::emulator`.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod any_base64;
pub mod api;
pub mod command;
mod credential;
mod curl;
mod effect;
mod endpoints;
mod error;
mod exchange;
mod header;
mod http;
#[cfg(feature = "http1")]
pub mod http1;
mod json;
mod jwt;
mod key;
pub mod kubernetes;
mod pem_block;
mod redact;
mod refresh;
mod retry;
mod search;
mod secret;
mod service_error;
mod session;
mod signer;
mod source;
mod timestamp;
mod token;
mod unverified;
mod url_rules;

pub mod diagnose;

#[cfg(feature = "emulator")]
pub mod emulator;

pub use curl::jwt_curl;
pub use effect::{Action, Effect, EffectId, Failure, FailureKind, Outcome};
pub use endpoints::{EndpointOverrides, Endpoints};
pub use error::{Error, ErrorCode, Fault};
pub use exchange::{jwt_request, read_token};
pub use http::{Request, Response};
pub use jwt::{JwtOptions, Lifetime, SigningInput, sign_jwt};
pub use key::ServiceAccountKey;
pub use redact::redact;
pub use refresh::{Freshness, Schedule};
pub use secret::Secret;
pub use session::{Session, SessionOptions, Step};
#[cfg(feature = "aws-lc")]
pub use signer::AwsLcSigner;
#[cfg(any(feature = "aws-lc", feature = "rust-crypto"))]
pub use signer::DefaultSigner;
pub use signer::Ps256Signer;
#[cfg(feature = "rust-crypto")]
pub use signer::RustCryptoSigner;
pub use source::{
    Context, DefaultOptions, DefaultSource, FixedSource, FunctionSource, ImpersonationSource, KeyFileSource,
    MetadataSource, OauthSource, Progress, ServiceAccountSource, Signing, Source, SubjectTokenOrigin,
    WorkloadIdentitySource,
};
pub use timestamp::UnixTime;
pub use token::AccessToken;
pub use url_rules::check_bearer_url;
