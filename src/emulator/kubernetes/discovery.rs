//! What the API server says about itself.
//!
//! <https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api>

use serde_json::{Value, json};

/// The groups besides the core's, each in the version `v1` with one resource: plural, singular and kind.
const GROUPS: &[(&str, &str, &str, &str)] = &[
    (
        "authentication.k8s.io",
        "selfsubjectreviews",
        "selfsubjectreview",
        "SelfSubjectReview",
    ),
    (
        "authorization.k8s.io",
        "selfsubjectaccessreviews",
        "selfsubjectaccessreview",
        "SelfSubjectAccessReview",
    ),
];

pub(super) fn version() -> Value {
    json!({
        "major": "1",
        "minor": "32",
        "gitVersion": "v1.32.0-emulator",
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": "2024-12-11T00:00:00Z",
        "goVersion": "",
        "compiler": "",
        "platform": "emulator",
    })
}

pub(super) fn core_versions() -> Value {
    json!({ "kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [] })
}

pub(super) fn groups() -> Value {
    let groups: Vec<Value> = GROUPS.iter().map(|group| described(group.0)).collect();
    json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups })
}

pub(super) fn group(name: &str) -> Option<Value> {
    let (name, ..) = GROUPS.iter().find(|group| group.0 == name)?;
    let mut group = described(name);
    if let Some(fields) = group.as_object_mut() {
        fields.insert("kind".to_owned(), json!("APIGroup"));
        fields.insert("apiVersion".to_owned(), json!("v1"));
    }
    Some(group)
}

pub(super) fn core_resources() -> Value {
    resource_list(
        "v1",
        &json!([
            {
                "name": "namespaces", "singularName": "namespace", "namespaced": false, "kind": "Namespace",
                "verbs": ["get", "list"], "shortNames": ["ns"],
            },
            {
                "name": "pods", "singularName": "pod", "namespaced": true, "kind": "Pod",
                "verbs": ["get", "list"], "shortNames": ["po"], "categories": ["all"],
            },
        ]),
    )
}

pub(super) fn group_resources(name: &str) -> Option<Value> {
    let (name, plural, singular, kind) = GROUPS.iter().find(|group| group.0 == name)?;
    let resource = json!({
        "name": plural, "singularName": singular, "namespaced": false, "kind": kind, "verbs": ["create"],
    });
    Some(resource_list(&format!("{name}/v1"), &json!([resource])))
}

fn described(name: &str) -> Value {
    let version = json!({ "groupVersion": format!("{name}/v1"), "version": "v1" });
    json!({ "name": name, "versions": [version], "preferredVersion": version })
}

fn resource_list(group_version: &str, resources: &Value) -> Value {
    json!({
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": group_version,
        "resources": resources,
    })
}
