//! A service account's key.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyMapping, PyString, PyTuple};
use yc_iam::{Error, ErrorCode, JwtOptions, Lifetime};
use zeroize::Zeroizing;

use crate::errors::raise;
use crate::fork::Signer;
use crate::given::not_called;
use crate::pickling::not_picklable;
use crate::time::time;

/// An authorized key of a service account, as `yc iam key create` writes it to a file: read and checked once.
#[pyclass(frozen, module = "yc_iam", weakref)]
pub(crate) struct ServiceAccountKey {
    pub(crate) key: yc_iam::ServiceAccountKey,
    /// None where the private key is elsewhere.
    signer: Option<Arc<Signer>>,
}

#[pymethods]
impl ServiceAccountKey {
    /// There for its error alone.
    #[new]
    #[pyo3(signature = (*_given, **_named), text_signature = None)]
    fn new(_given: &Bound<'_, PyTuple>, _named: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        Err(not_called(
            "ServiceAccountKey",
            "use `ServiceAccountKey.from_file(path)`, `.from_json(content)` or `.from_dict(mapping)`",
        ))
    }

    /// Reads a key file.
    ///
    /// Raises `ConfigurationError` if the file cannot be read, `InvalidKeyError` if it is not a key file.
    #[staticmethod]
    #[pyo3(signature = (path, /))]
    fn from_file(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        py.detach(|| Self::read(&path)).map_err(raise)
    }

    /// Takes the content of a key file, or the base64 of it.
    ///
    /// Raises `InvalidKeyError`, which says what was given in its place.
    #[staticmethod]
    #[pyo3(signature = (content, /))]
    fn from_json(content: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = content.py();
        if let Ok(text) = content.cast::<PyString>() {
            let text = text.to_string_lossy();
            py.detach(|| Self::parse(text.as_bytes())).map_err(raise)
        } else if let Ok(bytes) = content.cast::<PyBytes>() {
            let bytes = bytes.as_bytes();
            py.detach(|| Self::parse(bytes)).map_err(raise)
        } else if let Ok(bytes) = content.cast::<PyByteArray>() {
            let bytes = Zeroizing::new(bytes.to_vec());
            py.detach(|| Self::parse(&bytes)).map_err(raise)
        } else {
            let given = content.get_type().name()?;
            Err(PyTypeError::new_err(format!(
                "a key file's content is str or bytes, not `{given}`"
            )))
        }
    }

    /// Takes a key file that was read as JSON already.
    ///
    /// Raises `InvalidKeyError`, which names the field that is wrong or missing.
    #[staticmethod]
    #[pyo3(signature = (mapping, /))]
    fn from_dict(mapping: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = mapping.py();
        crate::given::mapping(mapping)?;
        // What `dict()` and `json` say quotes at most a type.
        let dict = py.get_type::<PyDict>().call1((mapping,))?;
        Self::from_json(&py.import("json")?.call_method1("dumps", (dict,))?)
    }

    /// A key whose private half is elsewhere, in a KMS for instance: `id`, `service_account_id` and `public_key` (PEM) of
    /// the key file. It goes with a `signer`.
    ///
    /// Raises `InvalidKeyError` for an impossible ID or public key.
    #[staticmethod]
    #[pyo3(signature = (id, service_account_id, public_key))]
    fn external(id: &str, service_account_id: &str, public_key: &str) -> PyResult<Self> {
        let key = yc_iam::ServiceAccountKey::external(id, service_account_id, public_key).map_err(raise)?;
        Ok(Self { key, signer: None })
    }

    /// The key that is meant: a key as it is, a path, a key file's content, or a mapping.
    ///
    /// A `str` is content if it begins as a JSON object does, else a path. Raises what the others raise.
    #[staticmethod]
    #[pyo3(signature = (given, /))]
    fn from_any<'py>(given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Self>> {
        let py = given.py();
        if let Ok(key) = given.cast::<Self>() {
            return Ok(key.clone());
        }
        let key = if let Ok(text) = given.cast::<PyString>() {
            let text = text.to_string_lossy();
            py.detach(|| Self::content_or_path(&text)).map_err(raise)?
        } else if given.is_instance_of::<PyBytes>() || given.is_instance_of::<PyByteArray>() {
            Self::from_json(given)?
        } else if given.hasattr(intern!(py, "__fspath__"))? {
            Self::from_file(py, given.extract()?)?
        } else if given.is_instance_of::<PyMapping>() {
            Self::from_dict(given)?
        } else {
            let given = given.get_type().name()?;
            let wanted = "a ServiceAccountKey, a path, a key file's content or a mapping";
            return Err(PyTypeError::new_err(format!("{wanted} was expected, not `{given}`")));
        };
        Bound::new(py, key)
    }

    /// The key's ID: the JWT's `kid`.
    #[getter]
    fn id(&self) -> &str {
        self.key.id()
    }

    /// The ID of the service account that the key belongs to: the JWT's `iss`.
    #[getter]
    fn service_account_id(&self) -> &str {
        self.key.service_account_id()
    }

    /// When the key was created, RFC 3339, if the file says so.
    #[getter]
    fn created_at(&self) -> Option<&str> {
        self.key.created_at()
    }

    /// The length of the RSA modulus: 2048 to 4096.
    #[getter]
    fn modulus_bits(&self) -> u32 {
        self.key.modulus_bits()
    }

    /// Signs a JWT (RFC 7519) with PS256 (RFC 7518), to be exchanged for an IAM token.
    ///
    /// `now`: seconds since the epoch, by default the system's time. `lifetime`: whole seconds, 1 to 3600.
    /// `audience`: by default the global installation's. Raises `UsageError` for an impossible value.
    #[pyo3(signature = (now=None, lifetime=3600.0, audience=None))]
    fn sign_jwt(&self, py: Python<'_>, now: Option<f64>, lifetime: f64, audience: Option<&str>) -> PyResult<String> {
        let now = match now {
            Some(now) => now,
            // Python's own clock, so that whoever replaces it in a test replaces it here too.
            None => py
                .import(intern!(py, "time"))?
                .call_method0(intern!(py, "time"))?
                .extract()?,
        };
        let (now, lifetime) = (time(now)?, Lifetime::from_secs(lifetime).map_err(raise)?);
        let sign = || match audience {
            Some(audience) => self.sign(&JwtOptions {
                now,
                lifetime,
                audience,
            }),
            None => self.sign(&JwtOptions {
                now,
                lifetime,
                audience: &yc_iam::Endpoints::global().audience(),
            }),
        };
        py.detach(sign).map_err(raise)
    }

    fn __repr__(&self) -> String {
        let (id, account) = (self.id(), self.service_account_id());
        let private_key = if self.signer.is_some() {
            "[redacted]"
        } else {
            "elsewhere"
        };
        format!("ServiceAccountKey(id='{id}', service_account_id='{account}', private_key='{private_key}')")
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_picklable("ServiceAccountKey", "read the key file again"))
    }
}

impl ServiceAccountKey {
    fn parse(content: &[u8]) -> Result<Self, Error> {
        Self::prepared(yc_iam::ServiceAccountKey::from_json(content)?)
    }

    fn prepared(key: yc_iam::ServiceAccountKey) -> Result<Self, Error> {
        let signer = Some(Arc::new(Signer(key.signer()?)));
        Ok(Self { key, signer })
    }

    /// The signer, which was prepared once.
    pub(crate) fn signer(&self) -> Result<Arc<Signer>, Error> {
        // Where there is none, the core says why.
        self.signer
            .clone()
            .map_or_else(|| self.key.signer().map(Signer).map(Arc::new), Ok)
    }

    fn content_or_path(text: &str) -> Result<Self, Error> {
        if yc_iam::ServiceAccountKey::begins_as_json(text) {
            return Self::parse(text.as_bytes());
        }
        match read_file(Path::new(text)) {
            Ok(content) => Self::parse(&content),
            Err(failure) => Self::unreadable(text, &failure),
        }
    }

    fn read(path: &Path) -> Result<Self, Error> {
        match read_file(path) {
            Ok(content) => Self::parse(&content),
            Err(failure) => Self::unreadable(&path.to_string_lossy(), &failure).and_then(|_| {
                Err(Error::new(
                    ErrorCode::UnreadableFile,
                    "a key file's content was given in place of its path",
                ))
            }),
        }
    }

    fn unreadable(path: &str, failure: &io::Error) -> Result<Self, Error> {
        yc_iam::ServiceAccountKey::from_unreadable_path(path, &failure.to_string()).and_then(Self::prepared)
    }

    fn sign(&self, options: &JwtOptions<'_>) -> Result<String, Error> {
        Ok(yc_iam::sign_jwt(&self.key, &*self.signer()?, options)?
            .expose()
            .to_owned())
    }
}

/// No key file comes near this: more is not read, or a device would be read for ever.
const MOST_BYTES: usize = 4 * 1024 * 1024;

fn read_file(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut content = Zeroizing::new(Vec::new());
    File::open(path)?
        .take(MOST_BYTES as u64 + 1)
        .read_to_end(&mut content)?;
    if content.len() > MOST_BYTES {
        let problem = format!("it has more than {} MiB", MOST_BYTES / 1024 / 1024);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, problem));
    }
    Ok(content)
}
