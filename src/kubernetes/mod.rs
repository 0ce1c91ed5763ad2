//! What a program in Kubernetes, or `kubectl` outside of it, needs besides a token.
//!
//! - [`InCluster`]: where the API server of this pod's cluster is, whom to trust there, and requests to it. Its token
//!   comes from [`InCluster::source`], driven by a [`Session`](crate::Session) like every other source.
//! - [`Kubeconfig`]: the file that `kubectl` reads, whole or merged into another one.
//! - [`ServiceAccountSecret`]: what a Secret of Kubernetes with a service account's token holds.
//! - [`exec_credential`]: what a command prints so that `kubectl` takes a token from it.

mod certificate;
mod document;
mod exec_credential;
mod extent;
mod in_cluster;
mod kubeconfig;
mod kubeconfig_user;
mod merge;
mod names;
mod request;
mod service_account_secret;
mod token_source;
mod yaml;

pub use exec_credential::{ExecApiVersion, exec_credential};
pub use in_cluster::{InCluster, InClusterFiles, SERVICE_ACCOUNT_DIRECTORY};
pub use kubeconfig::{Kubeconfig, KubeconfigNames};
pub use kubeconfig_user::{ExecPlugin, InteractiveMode, KubeconfigUser};
pub use service_account_secret::ServiceAccountSecret;
pub use token_source::KubernetesTokenSource;
