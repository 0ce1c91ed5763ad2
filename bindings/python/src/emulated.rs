//! What an emulator holds besides accounts and federations: secrets, access bindings, operations, and a cluster.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use yc_iam::emulator::{IncomingRequest, SecretEntry, generate_cluster_tls};

use crate::emulator::Emulator;
use crate::errors::raise;
use crate::given;
use crate::http::pairs;
use crate::issuer::Issuer;
use crate::lock::locked;
use crate::received::{Reply, reply};
use crate::time::time;

/// The secrets, access bindings and operations of an emulator. Any thread may call it.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct EmulatedResources(Py<Emulator>);

#[pymethods]
impl EmulatedResources {
    #[new]
    #[pyo3(signature = (emulator, /))]
    fn new(emulator: Py<Emulator>) -> Self {
        Self(emulator)
    }

    /// Creates a Lockbox secret with a first version, from `str` and `bytes` by their keys; gives its ID. Raises
    /// `UsageError`.
    #[pyo3(signature = (folder_id, name, entries, /))]
    fn create_secret(
        &self,
        py: Python<'_>,
        folder_id: &str,
        name: &str,
        entries: &Bound<'_, PyDict>,
    ) -> PyResult<String> {
        let entries = secret_entries(entries)?;
        self.on(py, |emulator| emulator.create_secret(folder_id, name, entries))
            .map_err(raise)
    }

    /// Adds a version, which becomes the current one; gives its ID. Raises `UsageError`.
    #[pyo3(signature = (secret_id, entries, /))]
    fn add_secret_version(&self, py: Python<'_>, secret_id: &str, entries: &Bound<'_, PyDict>) -> PyResult<String> {
        let entries = secret_entries(entries)?;
        self.on(py, |emulator| emulator.add_secret_version(secret_id, entries))
            .map_err(raise)
    }

    /// Lets a secret be read, or not any more. True if it is there.
    #[pyo3(signature = (secret_id, is_active, /))]
    fn set_secret_active(&self, py: Python<'_>, secret_id: &str, is_active: bool) -> bool {
        self.on(py, |emulator| emulator.set_secret_active(secret_id, is_active))
    }

    /// Deletes a secret. True if it was there.
    #[pyo3(signature = (secret_id, /))]
    fn delete_secret(&self, py: Python<'_>, secret_id: &str) -> bool {
        self.on(py, |emulator| emulator.delete_secret(secret_id))
    }

    /// Gives a subject a role on a resource.
    #[pyo3(signature = (resource_id, role, subject_id, /))]
    fn add_access_binding(&self, py: Python<'_>, resource_id: &str, role: &str, subject_id: &str) {
        self.on(py, |emulator| {
            emulator.add_access_binding(resource_id, role, subject_id)
        });
    }

    /// Takes a role away. True if it was there.
    #[pyo3(signature = (resource_id, role, subject_id, /))]
    fn remove_access_binding(&self, py: Python<'_>, resource_id: &str, role: &str, subject_id: &str) -> bool {
        self.on(py, |emulator| {
            emulator.remove_access_binding(resource_id, role, subject_id)
        })
    }

    /// Makes the next operation fail. `details` is a JSON list of objects, or empty. Raises `UsageError`.
    #[pyo3(signature = (code, message, details, detected_early, /))]
    fn order_operation_failure(
        &self,
        py: Python<'_>,
        code: i32,
        message: &str,
        details: &str,
        detected_early: bool,
    ) -> PyResult<()> {
        self.on(py, |emulator| {
            emulator.order_operation_failure(code, message, details, detected_early)
        })
        .map_err(raise)
    }
}

impl EmulatedResources {
    fn on<R: Send>(&self, py: Python<'_>, work: impl FnOnce(&mut yc_iam::emulator::Emulator) -> R + Send) -> R {
        locked(py, &self.0.get().0, work)
    }
}

fn secret_entries(entries: &Bound<'_, PyDict>) -> PyResult<Vec<SecretEntry>> {
    entries
        .iter()
        .map(|(key, value)| {
            let key: String = key.extract()?;
            Ok(match value.extract::<String>() {
                Ok(text) => SecretEntry::text(&key, &text),
                Err(_) => SecretEntry::binary(&key, &given::bytes(&value)?),
            })
        })
        .collect()
}

/// The API server of an emulator's Kubernetes cluster, on plain data. Any thread may call it.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct EmulatedCluster(Py<Emulator>);

#[pymethods]
impl EmulatedCluster {
    #[new]
    #[pyo3(signature = (emulator, /))]
    fn new(emulator: Py<Emulator>) -> Self {
        Self(emulator)
    }

    /// Takes the tokens of an issuer, with the keys that it has now, for these audiences: its own URL if there are none.
    #[pyo3(signature = (issuer, audiences, /))]
    fn set_issuer(
        &self,
        py: Python<'_>,
        issuer: &Issuer,
        #[pyo3(from_py_with = crate::given::texts)] audiences: Vec<String>,
    ) {
        let audiences: Vec<&str> = audiences.iter().map(String::as_str).collect();
        locked(py, &self.0.get().0, |emulator| {
            issuer.with(|issuer| emulator.set_cluster_issuer(issuer, &audiences));
        });
    }

    /// Lets a pod run.
    #[pyo3(signature = (namespace, name, now, /))]
    fn add_pod(&self, py: Python<'_>, namespace: &str, name: &str, now: f64) -> PyResult<()> {
        let now = time(now)?;
        locked(py, &self.0.get().0, |emulator| emulator.add_pod(namespace, name, now));
        Ok(())
    }

    /// Removes a pod. True if it was there.
    #[pyo3(signature = (namespace, name, /))]
    fn remove_pod(&self, py: Python<'_>, namespace: &str, name: &str) -> bool {
        locked(py, &self.0.get().0, |emulator| emulator.remove_pod(namespace, name))
    }

    /// Answers a request that arrived at the API server at `now`.
    #[pyo3(signature = (method, target, headers, body, now, /))]
    fn handle(
        &self,
        py: Python<'_>,
        method: String,
        target: String,
        headers: &Bound<'_, PyAny>,
        #[pyo3(from_py_with = crate::given::bytes)] body: Vec<u8>,
        now: f64,
    ) -> PyResult<Reply> {
        let headers = pairs(headers)?;
        let (request, now) = (
            IncomingRequest {
                method,
                target,
                headers,
                body,
            },
            time(now)?,
        );
        reply(
            py,
            locked(py, &self.0.get().0, |emulator| {
                emulator.handle_kubernetes(&request, now)
            }),
        )
    }
}

/// A CA's certificate, and a server's with its private key, for these names and addresses; all PEM. Raises `UsageError`.
#[pyfunction]
#[pyo3(signature = (names, now, /))]
pub(crate) fn cluster_tls(
    #[pyo3(from_py_with = crate::given::texts)] names: Vec<String>,
    now: f64,
) -> PyResult<(String, String, String)> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let made = generate_cluster_tls(&names, time(now)?).map_err(raise)?;
    let private_key = made.private_key_pem.expose().to_owned();
    Ok((made.ca_certificate_pem, made.certificate_pem, private_key))
}
