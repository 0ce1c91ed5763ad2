//! Pods, one or many, as objects or as the table that `kubectl get` asks for.

use serde_json::{Value, json};

use crate::emulator::clock;
use crate::timestamp::UnixTime;

/// There is no history: every object is as old as the others.
const RESOURCE_VERSION: &str = "1";

#[derive(Debug)]
pub(super) struct Pod {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) uid: String,
    pub(super) created_at: UnixTime,
}

impl Pod {
    fn metadata(&self) -> Value {
        json!({
            "name": self.name,
            "namespace": self.namespace,
            "uid": self.uid,
            "resourceVersion": RESOURCE_VERSION,
            "creationTimestamp": clock::rfc3339_seconds(self.created_at),
        })
    }

    /// One running container.
    pub(super) fn to_json(&self) -> Value {
        let started_at = clock::rfc3339_seconds(self.created_at);
        json!({
            "kind": "Pod",
            "apiVersion": "v1",
            "metadata": self.metadata(),
            "spec": { "containers": [{ "name": "main", "image": "emulated", "resources": {} }] },
            "status": {
                "phase": "Running",
                "startTime": started_at,
                "containerStatuses": [{
                    "name": "main", "image": "emulated", "imageID": "", "ready": true, "restartCount": 0, "started": true,
                    "state": { "running": { "startedAt": started_at } },
                }],
            },
        })
    }

    fn row(&self, now: UnixTime) -> Value {
        json!({
            "cells": [self.name, "1/1", "Running", 0, age(self.created_at, now)],
            "object": { "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": self.metadata() },
        })
    }
}

pub(super) fn list(pods: &[&Pod]) -> Value {
    let items: Vec<Value> = pods.iter().map(|pod| pod.to_json()).collect();
    json!({
        "kind": "PodList",
        "apiVersion": "v1",
        "metadata": { "resourceVersion": RESOURCE_VERSION },
        "items": items,
    })
}

/// <https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables>
pub(super) fn table(pods: &[&Pod], now: UnixTime) -> Value {
    let column = |name: &str, kind: &str, format: &str| json!({ "name": name, "type": kind, "format": format, "description": name, "priority": 0 });
    let rows: Vec<Value> = pods.iter().map(|pod| pod.row(now)).collect();
    json!({
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": { "resourceVersion": RESOURCE_VERSION },
        "columnDefinitions": [
            column("Name", "string", "name"),
            column("Ready", "string", ""),
            column("Status", "string", ""),
            column("Restarts", "integer", ""),
            column("Age", "string", ""),
        ],
        "rows": rows,
    })
}

fn age(from: UnixTime, now: UnixTime) -> String {
    let secs = now.millis_since(from).max(0) / 1000;
    match secs {
        0..120 => format!("{secs}s"),
        120..7_200 => format!("{}m", secs / 60),
        7_200..172_800 => format!("{}h", secs / 3_600),
        _ => format!("{}d", secs / 86_400),
    }
}
