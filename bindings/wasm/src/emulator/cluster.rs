//! The emulated cluster's API server. The TLS server in front of it is the host's.

use wasm_bindgen::prelude::*;
use yc_iam::UnixTime;
use yc_iam::emulator::{self, IncomingRequest};

use super::issuer::Issuer;
use super::{Emulator, objects};
use crate::errors::thrown;
use crate::plain::Plain;

#[wasm_bindgen]
impl Emulator {
    /// Makes the cluster take this issuer's tokens, with the keys that it has now.
    #[wasm_bindgen(js_name = setClusterIssuer)]
    pub fn set_cluster_issuer(&mut self, issuer: &Issuer, audiences: Vec<String>) {
        let audiences: Vec<&str> = audiences.iter().map(String::as_str).collect();
        self.0.set_cluster_issuer(&issuer.0, &audiences);
    }

    /// Lets a pod run in the cluster.
    #[wasm_bindgen(js_name = addPod)]
    pub fn add_pod(&mut self, namespace: &str, name: &str, now: f64) -> Result<(), JsValue> {
        let now = UnixTime::from_secs_f64(now).map_err(thrown)?;
        self.0.add_pod(namespace, name, now);
        Ok(())
    }

    /// Removes a pod.
    #[wasm_bindgen(js_name = removePod)]
    pub fn remove_pod(&mut self, namespace: &str, name: &str) -> bool {
        self.0.remove_pod(namespace, name)
    }

    /// Answers a request to the API server, as `handle` does those to the cloud.
    #[wasm_bindgen(js_name = handleKubernetes)]
    pub fn handle_kubernetes(
        &mut self,
        method: String,
        target: String,
        headers: Vec<String>,
        body: Vec<u8>,
        now: f64,
    ) -> Result<JsValue, JsValue> {
        let now = UnixTime::from_secs_f64(now).map_err(thrown)?;
        let headers = objects::header_pairs(headers);
        let request = IncomingRequest {
            method,
            target,
            headers,
            body,
        };
        Ok(objects::reply(&self.0.handle_kubernetes(&request, now)))
    }
}

/// `{caCertificate, certificate, privateKey}`, PEM each, for a server on this machine.
#[wasm_bindgen(js_name = generateClusterTls)]
pub fn generate_cluster_tls(now: f64) -> Result<JsValue, JsValue> {
    let tls = UnixTime::from_secs_f64(now)
        .and_then(|now| emulator::generate_cluster_tls(&[], now))
        .map_err(thrown)?;
    Ok(Plain::new()
        .with("caCertificate", tls.ca_certificate_pem.as_str())
        .with("certificate", tls.certificate_pem.as_str())
        .with("privateKey", tls.private_key_pem.expose())
        .into())
}
