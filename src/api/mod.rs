//! What an IAM token is used for: calls of the cloud's APIs, as requests and answers.
//!
//! A [`Task`] says what is wanted; a [`Call`] carries it out, one step at a time, and asks for a token when it needs
//! one. Tokens come from a [`Session`](crate::Session), or from wherever the host has them.
//!
//! ```
//! use yc_iam::api::{Answer, Call, CallOptions, CallStep, lockbox};
//! # use yc_iam::{Action, Outcome, Response, Secret, UnixTime};
//! # fn now() -> UnixTime { UnixTime::from_secs(1_793_563_200) }
//! # fn token(refused: Option<Secret>) -> Secret { Secret::new("t1.example".to_owned()) }
//! # fn send(request: &yc_iam::Request) -> Outcome {
//! #     let body = br#"{"entries": [{"key": "password", "textValue": "p4ss"}], "versionId": "e6q1"}"#.to_vec();
//! #     Outcome::Response(Response { status: 200, headers: Vec::new(), body })
//! # }
//!
//! let mut call = Call::new(lockbox::get("e6qetpqfe8vvag9h7jkr", None)?, CallOptions::default());
//! let answer = loop {
//!     match call.poll(now()) {
//!         CallStep::Authorize { refused, .. } => call.authorize(&token(refused)), // from your session
//!         CallStep::Perform(effect) => {
//!             let Action::Http(request) = &effect.action else { unreachable!("calls ask for requests only") };
//!             call.complete(effect.id, now(), send(request))?; // by your HTTP client
//!         }
//!         CallStep::Wait { .. } => {} // sleep until the time that it says
//!         CallStep::Done(answer) => break answer,
//!         CallStep::Fail(error) => return Err(error.into()),
//!     }
//! };
//! let Answer::LockboxPayload(payload) = answer else { unreachable!("it is what was asked for") };
//! assert_eq!(payload.text("password")?, "p4ss");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod bearer;
mod budget;
mod call;
pub mod federated_credentials;
pub mod federations;
mod fields;
pub mod lockbox;
pub mod operations;
mod resource;
mod step;
mod task;
pub mod tokens;

pub use answer::{Answer, Page};
pub use bearer::{AUTHORIZATION, is_grpc_refusal, is_refusal, request};
pub use call::Call;
pub use federated_credentials::FederatedCredential;
pub use federations::{Federation, FederationFields};
pub use lockbox::LockboxPayload;
pub use operations::{Operation, OperationError};
pub use resource::PageOptions;
pub use step::{CallOptions, CallStep};
pub use task::Task;
