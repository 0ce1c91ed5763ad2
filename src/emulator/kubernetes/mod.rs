//! The API server of a Kubernetes cluster, as far as pods and the question who one is.
//!
//! <https://kubernetes.io/docs/reference/using-api/api-concepts/>

mod answers;
mod authentication;
mod authorization;
mod discovery;
mod pods;
mod reviews;
mod routes;

use std::collections::BTreeMap;

use serde_json::Value;

use self::answers::Failure;
use self::authentication::Authenticator;
use self::pods::Pod;
use self::routes::Api;
use super::record::Verdict;
use super::status::Head;
use super::wire::{IncomingRequest, Reply};
use super::{Emulator, Federation, Issuer, ids};
use crate::http::Response;
use crate::timestamp::UnixTime;

/// The resource ID of the cluster in access bindings.
const RESOURCE_ID: &str = "kubernetes";

#[derive(Debug, Default)]
pub(super) struct Cluster {
    /// Whose tokens it takes, in the form of a federation, and their keys.
    issuer: Option<(Federation, Value)>,
    /// By namespace and name.
    pods: BTreeMap<(String, String), Pod>,
}

impl Emulator {
    /// Makes the cluster take this issuer's tokens, with the keys that it has now: call it again after a rotation.
    ///
    /// `audiences` are the values of `aud` that are taken; the issuer's URL where there are none.
    pub fn set_cluster_issuer(&mut self, issuer: &Issuer, audiences: &[&str]) {
        let default = [issuer.url()];
        let audiences = if audiences.is_empty() { &default } else { audiences };
        let trusted = Federation {
            audiences: audiences.iter().map(|&audience| audience.to_owned()).collect(),
            issuer: issuer.url().to_owned(),
            jwks_url: issuer.jwks_url(),
            ..Federation::default()
        };
        let keys = serde_json::from_slice(issuer.jwks().as_bytes()).unwrap_or_default();
        self.cluster.issuer = Some((trusted, keys));
    }

    /// Lets a pod run in the cluster.
    pub fn add_pod(&mut self, namespace: &str, name: &str, now: UnixTime) {
        let key = (namespace.to_owned(), name.to_owned());
        let pod = Pod {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            uid: ids::uuid(super::crypto::sha256(format!("pod {namespace}/{name}").as_bytes())),
            created_at: self.clock(now, 0),
        };
        self.cluster.pods.insert(key, pod);
    }

    /// Removes a pod. True if it was there.
    pub fn remove_pod(&mut self, namespace: &str, name: &str) -> bool {
        let key = (namespace.to_owned(), name.to_owned());
        self.cluster.pods.remove(&key).is_some()
    }

    /// Answers a request that arrived at the cluster's API server, which has an address of its own, and records it.
    ///
    /// A bearer is a token of the cluster's issuer: its service account may get and list the pods of its own namespace.
    /// An IAM token of this emulator is taken too, as a managed cluster does. That the user's name is then the ID of the
    /// subject is inferred, not documented. What it may read takes the role `k8s.cluster-api.viewer` on the resource
    /// `kubernetes`: [`add_access_binding`](Self::add_access_binding).
    ///
    /// Refusals are in Kubernetes' own words, except those that begin with `emulator:`.
    pub fn handle_kubernetes(&mut self, request: &IncomingRequest, now: UnixTime) -> Reply {
        self.answer(request, now, Self::judge_kubernetes, answers::ordered_status)
    }

    fn judge_kubernetes(&mut self, request: &IncomingRequest, head: &Head) -> (Verdict, Response) {
        let authenticator = Authenticator {
            issuer: self.cluster.issuer.as_ref(),
            tokens: &self.tokens,
            tolerance: self.options.clock_tolerance,
            now: head.now,
        };
        let judged = authenticator.user(request.header("authorization")).and_then(|user| {
            let api = Api {
                user: &user,
                pods: &self.cluster.pods,
                access: &self.access,
                now: head.now,
            };
            let (status, body) = api.route(request)?;
            Ok((user.name, status, body))
        });
        match judged {
            Ok((name, status, body)) => (Verdict::Accepted(name), answers::json(head, status, &body)),
            Err(failure) => (Verdict::Refused(failure.reason_for_record()), failure.response(head)),
        }
    }
}

type Answered<T = (u16, Value)> = Result<T, Failure>;
