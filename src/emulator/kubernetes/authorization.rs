//! What a user may do.
//!
//! <https://kubernetes.io/docs/reference/access-authn-authz/rbac/>

use serde_json::json;

use super::RESOURCE_ID;
use super::answers::Failure;
use super::authentication::User;
use crate::emulator::access::AccessBindings;

/// Each may read what the first may.
const VIEWERS: &[&str] = &[
    "k8s.cluster-api.viewer",
    "k8s.cluster-api.editor",
    "k8s.cluster-api.admin",
    "k8s.cluster-api.cluster-admin",
];

/// What somebody wants to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt<'a> {
    pub(super) verb: &'a str,
    /// The API group; empty for the core's.
    pub(super) group: &'a str,
    pub(super) resource: &'a str,
    /// Empty: in the whole cluster.
    pub(super) namespace: &'a str,
    /// Empty: all of them.
    pub(super) name: &'a str,
}

impl Attempt<'_> {
    pub(super) fn is_allowed(&self, user: &User, access: &AccessBindings) -> bool {
        let reads = self.group.is_empty() && ["get", "list"].contains(&self.verb);
        match &user.namespace {
            Some(own) => reads && self.resource == "pods" && self.namespace == own,
            None => {
                reads
                    && ["pods", "namespaces"].contains(&self.resource)
                    && access.allows(&[RESOURCE_ID], VIEWERS, &user.name)
            }
        }
    }

    /// As Kubernetes says it.
    pub(super) fn forbidden(&self, user: &User) -> Failure {
        let Self {
            verb,
            group,
            resource,
            namespace,
            name,
        } = self;
        let place = if namespace.is_empty() {
            "at the cluster scope".to_owned()
        } else {
            format!("in the namespace \"{namespace}\"")
        };
        let problem = format!(
            "User \"{}\" cannot {verb} resource \"{resource}\" in API group \"{group}\" {place}",
            user.name
        );
        if name.is_empty() {
            return Failure::forbidden(resource, &problem, json!({ "kind": resource }));
        }
        let subject = format!("{resource} \"{name}\"");
        Failure::forbidden(&subject, &problem, json!({ "name": name, "kind": resource }))
    }
}
