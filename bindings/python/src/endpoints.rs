//! Where each service lives.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};
use yc_iam::EndpointOverrides;

use crate::environment::Environment;
use crate::errors::raise;
use crate::given::not_called;

/// Where each service lives: the base URLs of one installation.
#[pyclass(frozen, eq, hash, module = "yc_iam")]
#[derive(PartialEq, Hash)]
pub(crate) struct Endpoints(pub(crate) yc_iam::Endpoints);

#[pymethods]
impl Endpoints {
    /// There for its error alone.
    #[new]
    #[pyo3(signature = (*_given, **_named), text_signature = None)]
    fn new(_given: &Bound<'_, PyTuple>, _named: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        Err(not_called(
            "Endpoints",
            "use `Endpoints.default()`, `.kazakhstan()`, `.custom(iam=…)`, `.all_at(url)` or `.from_env()`",
        ))
    }

    /// Yandex Cloud.
    #[staticmethod]
    fn default() -> Self {
        Self(yc_iam::Endpoints::global())
    }

    /// Yandex Cloud Kazakhstan.
    #[staticmethod]
    fn kazakhstan() -> Self {
        Self(yc_iam::Endpoints::kazakhstan())
    }

    /// Yandex Cloud with some services elsewhere, each given by its base URL.
    ///
    /// `audience` is the JWT's, where it is not the URL that the JWT is sent to.
    /// Raises `ConfigurationError` for what is not a base URL, and for plain `http` except on a loopback address and
    /// the metadata service's own; `UsageError` for an empty audience.
    #[staticmethod]
    #[pyo3(signature = (*, iam=None, auth=None, metadata=None, lockbox=None, operation=None, audience=None))]
    fn custom(
        iam: Option<String>,
        auth: Option<String>,
        metadata: Option<String>,
        lockbox: Option<String>,
        operation: Option<String>,
        audience: Option<String>,
    ) -> PyResult<Self> {
        Self::default().replace(iam, auth, metadata, lockbox, operation, audience)
    }

    /// Every service at one base URL: an emulator. Raises as `custom` does.
    #[staticmethod]
    #[pyo3(signature = (url, /))]
    fn all_at(url: &str) -> PyResult<Self> {
        yc_iam::Endpoints::all_at(url).map(Self).map_err(raise)
    }

    /// What the environment asks for; `environ` is any mapping, `os.environ` by default.
    ///
    /// `YC_IAM_ENDPOINT` puts every service at one base URL, such as an emulator's. `YC_ENDPOINT` chooses the installation:
    /// `api.cloud.yandex.net:443` or `api.yandexcloud.kz:443`. `YC_METADATA_ADDR` is the metadata service's URL,
    /// or its host, which stands for `http` there: a loopback address, `localhost` or `169.254.169.254`.
    /// Raises as `custom` does.
    #[staticmethod]
    #[pyo3(signature = (environ=None, /))]
    fn from_env<'py>(py: Python<'py>, environ: Option<Bound<'py, PyAny>>) -> PyResult<Self> {
        let environment = Environment::new(py, environ)?;
        yc_iam::Endpoints::from_env(|name| environment.variable(name))
            .map(Self)
            .map_err(raise)
    }

    /// These endpoints with some services elsewhere. Takes and raises what `custom` does.
    #[pyo3(signature = (*, iam=None, auth=None, metadata=None, lockbox=None, operation=None, audience=None))]
    fn replace(
        &self,
        iam: Option<String>,
        auth: Option<String>,
        metadata: Option<String>,
        lockbox: Option<String>,
        operation: Option<String>,
        audience: Option<String>,
    ) -> PyResult<Self> {
        let overrides = EndpointOverrides {
            iam,
            auth,
            metadata,
            lockbox,
            operation,
            audience,
        };
        self.0.clone().with(overrides).map(Self).map_err(raise)
    }

    /// Base URL of Identity and Access Management.
    #[getter]
    fn iam(&self) -> &str {
        self.0.iam()
    }

    /// Base URL of the token exchange for workload identities.
    #[getter]
    fn auth(&self) -> &str {
        self.0.auth()
    }

    /// Base URL of the metadata service.
    #[getter]
    fn metadata(&self) -> &str {
        self.0.metadata()
    }

    /// Base URL of Lockbox's payload API.
    #[getter]
    fn lockbox(&self) -> &str {
        self.0.lockbox()
    }

    /// Base URL of the Operation API.
    #[getter]
    fn operation(&self) -> &str {
        self.0.operation()
    }

    /// Where JWTs are exchanged for IAM tokens.
    #[getter]
    fn tokens_url(&self) -> String {
        self.0.tokens_url()
    }

    /// The JWT's audience.
    #[getter]
    fn audience(&self) -> String {
        self.0.audience()
    }

    fn __repr__(&self) -> String {
        let own = [
            ("iam", self.iam()),
            ("auth", self.auth()),
            ("metadata", self.metadata()),
        ];
        let rest = [("lockbox", self.lockbox()), ("operation", self.operation())];
        let urls: Vec<_> = own
            .iter()
            .chain(&rest)
            .map(|(name, url)| format!("{name}='{url}'"))
            .collect();
        format!("Endpoints.custom({}, audience='{}')", urls.join(", "), self.audience())
    }

    /// As a call of `custom`, which copying and pickling go by.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyType>,))> {
        let (py, it) = (slf.py(), slf.get());
        let given = PyDict::new(py);
        for (name, url) in [
            ("iam", it.iam()),
            ("auth", it.auth()),
            ("metadata", it.metadata()),
            ("lockbox", it.lockbox()),
            ("operation", it.operation()),
        ] {
            given.set_item(name, url)?;
        }
        given.set_item("audience", it.0.given_audience())?;
        let make = py.import("operator")?.getattr("methodcaller")?;
        Ok((make.call(("custom",), Some(&given))?, (slf.get_type(),)))
    }
}
