//! The emulator of the service, for tests: requests go in, replies come out. The server in front of it is Python's.

use std::sync::Mutex;

use pyo3::prelude::*;
use yc_iam::emulator::{EmulatorOptions, FaultOptions, Federation, IncomingRequest, OrderedFault};

use crate::endpoints::Endpoints;
use crate::errors::raise;
use crate::http::pairs;
use crate::issuer::Issuer;
use crate::lock::locked;
use crate::received::{Received, Reply, reply};
use crate::time::time;

/// An emulator of the service on plain data. Any thread may call it.
///
/// `audiences`: values of `aud` that are accepted. `clock_tolerance`: by how many seconds a JWT's times may be off.
/// `token_lifetime`: in seconds. `clock_offset`: by how many seconds the emulator's clock is ahead of the caller's.
/// The same `seed` gives the same IDs and tokens. `operation_polls`: which look finds an operation done. `strict_access`:
/// whether federations and operations take roles.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct Emulator(pub(crate) Mutex<yc_iam::emulator::Emulator>);

#[pymethods]
impl Emulator {
    #[new]
    #[pyo3(signature = (*, audiences=None, clock_tolerance=None, token_lifetime=None, clock_offset=None, seed=None,
        operation_polls=None, strict_access=None))]
    fn new(
        #[pyo3(from_py_with = crate::given::optional_texts)] audiences: Option<Vec<String>>,
        clock_tolerance: Option<i64>,
        token_lifetime: Option<i64>,
        clock_offset: Option<i64>,
        seed: Option<u64>,
        operation_polls: Option<u32>,
        strict_access: Option<bool>,
    ) -> Self {
        let default = EmulatorOptions::default();
        Self(Mutex::new(yc_iam::emulator::Emulator::new(EmulatorOptions {
            audiences: audiences.unwrap_or(default.audiences),
            clock_tolerance: clock_tolerance.unwrap_or(default.clock_tolerance),
            token_lifetime: token_lifetime.unwrap_or(default.token_lifetime),
            clock_offset: clock_offset.unwrap_or(default.clock_offset),
            seed: seed.unwrap_or(default.seed),
            operation_polls: operation_polls.unwrap_or(default.operation_polls),
            strict_access: strict_access.unwrap_or(default.strict_access),
            requests_kept: default.requests_kept,
        })))
    }

    /// Creates a service account and gives its ID.
    #[pyo3(signature = (name, /))]
    fn create_service_account(&self, py: Python<'_>, name: &str) -> String {
        locked(py, &self.0, |emulator| emulator.create_service_account(name))
    }

    /// Registers a key, given by its private key's PEM, and gives the key file's content. Raises `YcIamError`.
    #[pyo3(signature = (service_account_id, private_key, now, /))]
    fn create_key(&self, py: Python<'_>, service_account_id: &str, private_key: &str, now: f64) -> PyResult<String> {
        let now = time(now)?;
        locked(py, &self.0, |emulator| {
            emulator.create_key(service_account_id, private_key, now)
        })
        .map_err(raise)
    }

    /// Deletes a key: JWTs that it signed are refused from now on. True if it was there.
    #[pyo3(signature = (key_id, /))]
    fn delete_key(&self, py: Python<'_>, key_id: &str) -> bool {
        locked(py, &self.0, |emulator| emulator.delete_key(key_id))
    }

    /// Creates a Yandex account and gives its ID.
    #[pyo3(signature = (login, /))]
    fn create_user(&self, py: Python<'_>, login: &str) -> String {
        locked(py, &self.0, |emulator| emulator.create_user(login))
    }

    /// Creates an OAuth token for a user. Raises `UsageError` for an unknown one.
    #[pyo3(signature = (user_id, /))]
    fn create_oauth_token(&self, py: Python<'_>, user_id: &str) -> PyResult<String> {
        let token = locked(py, &self.0, |emulator| emulator.create_oauth_token(user_id)).map_err(raise)?;
        Ok(token.expose().to_owned())
    }

    /// Ends an OAuth token; IAM tokens that it brought live on. True if it was there.
    #[pyo3(signature = (token, /))]
    fn revoke_oauth_token(&self, py: Python<'_>, token: &str) -> bool {
        locked(py, &self.0, |emulator| emulator.revoke_oauth_token(token))
    }

    /// Attaches a service account to the machine that asks for metadata; `None` takes it away. Raises `UsageError`.
    #[pyo3(signature = (service_account_id, /))]
    fn attach_service_account(&self, py: Python<'_>, service_account_id: Option<&str>) -> PyResult<()> {
        locked(py, &self.0, |emulator| {
            emulator.attach_service_account(service_account_id)
        })
        .map_err(raise)
    }

    /// Lets a user or a service account create tokens for a service account. Raises `UsageError`.
    #[pyo3(signature = (subject_id, service_account_id, /))]
    fn allow_impersonation(&self, py: Python<'_>, subject_id: &str, service_account_id: &str) -> PyResult<()> {
        locked(py, &self.0, |emulator| {
            emulator.allow_impersonation(subject_id, service_account_id)
        })
        .map_err(raise)
    }

    /// Creates a federation that trusts this issuer and the keys that it has now, and gives its ID.
    #[pyo3(signature = (issuer, now, /))]
    fn trust(&self, py: Python<'_>, issuer: &Issuer, now: f64) -> PyResult<String> {
        let now = time(now)?;
        Ok(locked(py, &self.0, |emulator| {
            issuer.with(|issuer| emulator.trust(issuer, now))
        }))
    }

    /// Creates a federation and gives its ID.
    #[pyo3(signature = (name, issuer, audiences, jwks_url, now, /))]
    fn create_federation(
        &self,
        py: Python<'_>,
        name: String,
        issuer: String,
        #[pyo3(from_py_with = crate::given::texts)] audiences: Vec<String>,
        jwks_url: String,
        now: f64,
    ) -> PyResult<String> {
        let now = time(now)?;
        let federation = Federation {
            name,
            issuer,
            audiences,
            jwks_url,
            ..Federation::default()
        };
        Ok(locked(py, &self.0, |emulator| {
            emulator.create_federation(federation, now)
        }))
    }

    /// Deletes a federation. True if it was there.
    #[pyo3(signature = (federation_id, /))]
    fn delete_federation(&self, py: Python<'_>, federation_id: &str) -> bool {
        locked(py, &self.0, |emulator| emulator.delete_federation(federation_id))
    }

    /// Lets an external subject of a federation act as a service account; gives the federated credential's ID. Raises
    /// `UsageError`.
    #[pyo3(signature = (service_account_id, federation_id, external_subject_id, now, /))]
    fn create_federated_credential(
        &self,
        py: Python<'_>,
        service_account_id: &str,
        federation_id: &str,
        external_subject_id: &str,
        now: f64,
    ) -> PyResult<String> {
        let now = time(now)?;
        locked(py, &self.0, |emulator| {
            emulator.create_federated_credential(service_account_id, federation_id, external_subject_id, now)
        })
        .map_err(raise)
    }

    /// Deletes a federated credential. True if it was there.
    #[pyo3(signature = (federated_credential_id, /))]
    fn delete_federated_credential(&self, py: Python<'_>, federated_credential_id: &str) -> bool {
        locked(py, &self.0, |emulator| {
            emulator.delete_federated_credential(federated_credential_id)
        })
    }

    /// Publishes a key set (RFC 7517, section 5) where federations look for it. Raises `UsageError`.
    #[pyo3(signature = (jwks_url, jwks, /))]
    fn publish_keys(&self, py: Python<'_>, jwks_url: &str, jwks: &str) -> PyResult<()> {
        locked(py, &self.0, |emulator| emulator.publish_keys(jwks_url, jwks)).map_err(raise)
    }

    /// Ends a token that was issued. True if it was there.
    #[pyo3(signature = (token_value, /))]
    fn revoke_token(&self, py: Python<'_>, token_value: &str) -> bool {
        locked(py, &self.0, |emulator| emulator.revoke_token(token_value))
    }

    /// Ends every token that was issued.
    fn revoke_all_tokens(&self, py: Python<'_>) {
        locked(py, &self.0, yc_iam::emulator::Emulator::revoke_all_tokens);
    }

    /// How many tokens have been issued so far.
    #[getter]
    fn tokens_issued(&self, py: Python<'_>) -> u64 {
        locked(py, &self.0, |emulator| emulator.tokens_issued())
    }

    /// Makes something go wrong: exactly one of the faults, though `html` may have a `status`.
    ///
    /// `delay` and `clock_offset` are seconds. Raises `UsageError` for no fault, or for two.
    #[pyo3(signature = (path=None, times=1, *, status=None, retry_after=None, truncated=false, html=false,
        delay=None, dropped=false, clock_offset=None))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keywords")]
    fn order_fault(
        &self,
        py: Python<'_>,
        path: Option<String>,
        times: u32,
        status: Option<u16>,
        retry_after: Option<String>,
        truncated: bool,
        html: bool,
        delay: Option<f64>,
        dropped: bool,
        clock_offset: Option<i64>,
    ) -> PyResult<()> {
        let fault = OrderedFault::from_options(FaultOptions {
            path,
            times: Some(times),
            status,
            retry_after,
            truncated,
            html,
            delay_secs: delay,
            dropped,
            clock_offset,
        })
        .map_err(raise)?;
        locked(py, &self.0, |emulator| emulator.order(fault));
        Ok(())
    }

    /// Takes back every order that is not used up.
    fn cancel_faults(&self, py: Python<'_>) {
        locked(py, &self.0, yc_iam::emulator::Emulator::cancel_orders);
    }

    /// Says that every service is at this base URL: accepts its audience, and gives the endpoints.
    #[pyo3(signature = (url, /))]
    fn serve_at(&self, py: Python<'_>, url: &str) -> PyResult<Endpoints> {
        locked(py, &self.0, |emulator| emulator.serve_at(url))
            .map(Endpoints)
            .map_err(raise)
    }

    /// Puts the emulator's clock so many seconds ahead of the caller's.
    #[pyo3(signature = (secs, /))]
    fn set_clock_offset(&self, py: Python<'_>, secs: i64) {
        locked(py, &self.0, |emulator| emulator.set_clock_offset(secs));
    }

    /// The latest requests, the oldest first.
    #[getter]
    fn requests(&self, py: Python<'_>) -> Vec<Received> {
        locked(py, &self.0, |emulator| {
            emulator.requests().cloned().map(Received).collect()
        })
    }

    /// The requests as text.
    fn log(&self, py: Python<'_>) -> String {
        locked(py, &self.0, |emulator| emulator.log())
    }

    /// Forgets the requests so far.
    fn forget_requests(&self, py: Python<'_>) {
        locked(py, &self.0, yc_iam::emulator::Emulator::forget_requests);
    }

    /// Answers a request that arrived at `now`.
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
        let (request, now) = (
            IncomingRequest {
                method,
                target,
                headers: pairs(headers)?,
                body,
            },
            time(now)?,
        );
        reply(py, locked(py, &self.0, |emulator| emulator.handle(&request, now)))
    }
}
