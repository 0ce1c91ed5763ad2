//! An external issuer of tokens, for tests of workload identities, and the keys that tests need.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyString;
use yc_iam::emulator::PodTokenRequest;
use yc_iam::{Error, ErrorCode};

use crate::errors::raise;
use crate::lock::locked;
use crate::time::time;

/// Makes an RSA private key of 2048, 3072 or 4096 bits, as a PKCS#8 PEM block. Raises `UsageError` for another size.
#[pyfunction]
#[pyo3(signature = (bits=2048, /))]
pub(crate) fn generate_private_key(py: Python<'_>, bits: usize) -> PyResult<Bound<'_, PyString>> {
    let pem = py
        .detach(|| yc_iam::emulator::generate_private_key(bits))
        .map_err(raise)?;
    Ok(PyString::new(py, pem.expose()))
}

/// An issuer at a URL, with one key to begin with: a PKCS#8 PEM block of an RSA or a P-256 key. Any thread may call it.
///
/// Raises `InvalidKeyError` for any other key.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct Issuer(Mutex<yc_iam::emulator::Issuer>);

#[pymethods]
impl Issuer {
    #[new]
    #[pyo3(signature = (url, private_key, /))]
    fn new(url: &str, private_key: &str) -> PyResult<Self> {
        let issuer = yc_iam::emulator::Issuer::new(url, private_key).map_err(raise)?;
        Ok(Self(Mutex::new(issuer)))
    }

    /// The claim `iss`.
    #[getter]
    fn url(&self, py: Python<'_>) -> String {
        locked(py, &self.0, |issuer| issuer.url().to_owned())
    }

    /// Where its keys would be found.
    #[getter]
    fn jwks_url(&self, py: Python<'_>) -> String {
        locked(py, &self.0, |issuer| issuer.jwks_url())
    }

    /// Its keys, as JSON (RFC 7517, section 5).
    #[getter]
    fn jwks(&self, py: Python<'_>) -> String {
        locked(py, &self.0, |issuer| issuer.jwks())
    }

    /// The ID of the key that signs now.
    #[getter]
    fn key_id(&self, py: Python<'_>) -> String {
        locked(py, &self.0, |issuer| issuer.key_id().to_owned())
    }

    /// Signs with this key from now on; those before stay published. Raises `InvalidKeyError`.
    #[pyo3(signature = (private_key, /))]
    fn rotate_key(&self, py: Python<'_>, private_key: &str) -> PyResult<()> {
        locked(py, &self.0, |issuer| issuer.rotate_key(private_key)).map_err(raise)
    }

    /// Publishes the key that signs and no other.
    fn retire_old_keys(&self, py: Python<'_>) {
        locked(py, &self.0, yc_iam::emulator::Issuer::retire_old_keys);
    }

    /// A token with any claims, given as the text of a JSON object. Raises `UsageError`.
    #[pyo3(signature = (claims, /))]
    fn sign(&self, py: Python<'_>, claims: &str) -> PyResult<String> {
        let claims = serde_json::from_str(claims)
            .map_err(|_| raise(Error::new(ErrorCode::InvalidArgument, "the claims are not JSON")))?;
        let token = locked(py, &self.0, |issuer| issuer.sign(&claims)).map_err(raise)?;
        Ok(token.expose().to_owned())
    }
}

impl Issuer {
    /// Never called by one that holds this lock, nor with the interpreter attached.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut yc_iam::emulator::Issuer) -> R) -> R {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What lies in a pod's token file: a kubelet writes a new token when four fifths of the old one's life are over.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct TokenFile {
    request: PodTokenRequest,
    file: Mutex<yc_iam::emulator::TokenFile>,
}

#[pymethods]
impl TokenFile {
    #[new]
    #[pyo3(signature = (namespace, service_account, /, *, pod=None, audiences=None, lifetime=None))]
    fn new(
        namespace: &str,
        service_account: &str,
        pod: Option<String>,
        #[pyo3(from_py_with = crate::given::optional_texts)] audiences: Option<Vec<String>>,
        lifetime: Option<i64>,
    ) -> Self {
        let default = PodTokenRequest::new(namespace, service_account);
        let request = PodTokenRequest {
            pod: pod.unwrap_or(default.pod),
            audiences: audiences.unwrap_or(default.audiences),
            lifetime: lifetime.unwrap_or(default.lifetime),
            ..default
        };
        let file = Mutex::new(yc_iam::emulator::TokenFile::new(request.clone()));
        Self { request, file }
    }

    /// The claim `sub` of its tokens.
    #[getter]
    fn subject(&self) -> String {
        self.request.subject()
    }

    /// Its content now. Raises `YcIamError` if the issuer cannot sign.
    #[pyo3(signature = (issuer, now, /))]
    fn read(&self, py: Python<'_>, issuer: &Issuer, now: f64) -> PyResult<String> {
        let now = time(now)?;
        let token = locked(py, &self.file, |file| issuer.with(|issuer| file.read(issuer, now))).map_err(raise)?;
        Ok(token.expose().to_owned())
    }
}
