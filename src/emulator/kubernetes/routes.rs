//! What the API server serves: which path, which method.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::answers::Failure;
use super::authentication::User;
use super::authorization::Attempt;
use super::pods::Pod;
use super::{Answered, discovery, pods, reviews};
use crate::emulator::access::AccessBindings;
use crate::emulator::wire::IncomingRequest;
use crate::timestamp::UnixTime;

/// What the routes need of the emulator.
pub(super) struct Api<'a> {
    pub(super) user: &'a User,
    pub(super) pods: &'a BTreeMap<(String, String), Pod>,
    pub(super) access: &'a AccessBindings,
    pub(super) now: UnixTime,
}

impl Api<'_> {
    pub(super) fn route(&self, request: &IncomingRequest) -> Answered {
        let segments: Vec<&str> = request.path().split('/').filter(|part| !part.is_empty()).collect();
        let found = match segments.as_slice() {
            ["version"] => Some(discovery::version()),
            ["api"] => Some(discovery::core_versions()),
            ["apis"] => Some(discovery::groups()),
            ["api", "v1"] => Some(discovery::core_resources()),
            ["apis", group] => discovery::group(group),
            ["apis", group, "v1"] => discovery::group_resources(group),
            ["apis", "authentication.k8s.io", "v1", "selfsubjectreviews"] => {
                return created(request, || Ok(reviews::self_subject(self.user)));
            }
            ["apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews"] => {
                return created(request, || {
                    reviews::self_subject_access(self.user, self.access, &request.body)
                });
            }
            ["api", "v1", "namespaces", namespace] => {
                return self.resource(request, "namespaces", namespace, namespace);
            }
            ["api", "v1", "namespaces", namespace, resource] => {
                return self.resource(request, resource, namespace, "");
            }
            ["api", "v1", "namespaces", namespace, resource, name] => {
                return self.resource(request, resource, namespace, name);
            }
            ["api", "v1", resource] => return self.resource(request, resource, "", ""),
            _ => None,
        };
        match (found, request.method.as_str()) {
            (Some(body), "GET") => Ok((200, body)),
            (Some(_), _) => Err(Failure::method_not_allowed()),
            (None, _) => Err(Failure::no_such_path()),
        }
    }

    fn resource(&self, request: &IncomingRequest, resource: &str, namespace: &str, name: &str) -> Answered {
        let verb = match (request.method.as_str(), name.is_empty()) {
            ("GET", false) => "get",
            ("GET", true) => "list",
            ("POST", _) => "create",
            ("PUT", _) => "update",
            ("PATCH", _) => "patch",
            ("DELETE", false) => "delete",
            ("DELETE", true) => "deletecollection",
            _ => return Err(Failure::method_not_allowed()),
        };
        let attempt = Attempt {
            verb,
            group: "",
            resource,
            namespace,
            name,
        };
        if !attempt.is_allowed(self.user, self.access) {
            return Err(attempt.forbidden(self.user));
        }
        check_parameters(request)?;
        let body = match (resource, name) {
            ("pods", "") => self.pods(request, namespace),
            ("pods", name) => self.pod(request, namespace, name)?,
            ("namespaces", "") => self.namespaces(),
            ("namespaces", name) => self.namespace(name)?,
            _ => return Err(Failure::no_such_path()),
        };
        Ok((200, body))
    }

    fn pods(&self, request: &IncomingRequest, namespace: &str) -> Value {
        let is_listed = |pod: &&Pod| namespace.is_empty() || pod.namespace == namespace;
        let listed: Vec<&Pod> = self.pods.values().filter(is_listed).collect();
        if wants_table(request) {
            pods::table(&listed, self.now)
        } else {
            pods::list(&listed)
        }
    }

    fn pod(&self, request: &IncomingRequest, namespace: &str, name: &str) -> Answered<Value> {
        let pod = self.pods.get(&(namespace.to_owned(), name.to_owned()));
        let pod = pod.ok_or_else(|| Failure::not_found("pods", name))?;
        Ok(if wants_table(request) {
            pods::table(&[pod], self.now)
        } else {
            pod.to_json()
        })
    }

    /// Those that have pods.
    fn namespaces(&self) -> Value {
        let names: BTreeSet<&str> = self.pods.keys().map(|(namespace, _)| namespace.as_str()).collect();
        let items: Vec<Value> = names.into_iter().map(namespace).collect();
        json!({ "kind": "NamespaceList", "apiVersion": "v1", "metadata": { "resourceVersion": "1" }, "items": items })
    }

    fn namespace(&self, name: &str) -> Answered<Value> {
        if self.pods.keys().any(|(namespace, _)| namespace == name) {
            return Ok(namespace(name));
        }
        Err(Failure::not_found("namespaces", name))
    }
}

fn namespace(name: &str) -> Value {
    json!({
        "kind": "Namespace", "apiVersion": "v1",
        "metadata": { "name": name, "resourceVersion": "1" },
        "status": { "phase": "Active" },
    })
}

fn created(request: &IncomingRequest, body: impl FnOnce() -> Answered<Value>) -> Answered {
    if request.method == "POST" {
        return Ok((201, body()?));
    }
    Err(Failure::method_not_allowed())
}

fn wants_table(request: &IncomingRequest) -> bool {
    let accept = request.header("accept").unwrap_or_default();
    accept.split(',').any(|kind| {
        let mut parameters = kind.split(';').map(str::trim);
        parameters.next() == Some("application/json") && {
            let parameters: Vec<&str> = parameters.collect();
            parameters.contains(&"as=Table") && parameters.contains(&"v=v1")
        }
    })
}

/// What would change the answer, and is not emulated, must not be overlooked.
fn check_parameters(request: &IncomingRequest) -> Answered<()> {
    for (name, value) in form_urlencoded::parse(request.query().as_bytes()) {
        let is_off = value.is_empty() || (name == "watch" && ["0", "false"].contains(&value.as_ref()));
        if ["watch", "labelSelector", "fieldSelector", "continue"].contains(&name.as_ref()) && !is_off {
            return Err(Failure::not_emulated(&format!(
                "the parameter `{name}` is not emulated"
            )));
        }
    }
    Ok(())
}
