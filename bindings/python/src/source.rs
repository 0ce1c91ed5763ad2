//! The sources of credentials: a table of the core's.

use std::sync::Arc;

use pyo3::prelude::*;
use yc_iam::kubernetes::KubernetesTokenSource;
use yc_iam::{
    DefaultOptions, DefaultSource, Error, FixedSource, FunctionSource, ImpersonationSource, KeyFileSource,
    MetadataSource, OauthSource, Ps256Signer, Secret, ServiceAccountSource, Signing, SubjectTokenOrigin,
    WorkloadIdentitySource,
};

use crate::environment::{Environment, Seen};
use crate::errors::raise;
use crate::fork::Signer;
use crate::http::pairs;
use crate::key::ServiceAccountKey;
use crate::pickling::not_picklable;
use crate::time::time;

pub(crate) type Made = Box<dyn yc_iam::Source>;
type Recipe = Arc<dyn Fn() -> Result<Made, Error> + Send + Sync>;

/// Where credentials come from. Any number of sessions may be made of one: each gets a state of its own.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct Source {
    recipe: Recipe,
    name: String,
}

/// The signer that the key prepared, for as many sessions as use the key.
struct Shared(Arc<Signer>);

impl Ps256Signer for Shared {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.0.sign(message)
    }
}

#[pymethods]
impl Source {
    /// A service account's key. With `external_signing` the session asks for signatures instead of making them. Raises
    /// `ConfigurationError` if it would have to make them and the private key is elsewhere.
    #[staticmethod]
    #[pyo3(signature = (key, /, external_signing=false))]
    fn service_account(key: &ServiceAccountKey, external_signing: bool) -> PyResult<Self> {
        let name = format!("service account {}", key.key.service_account_id());
        let signer = match external_signing {
            true => None,
            false => Some(key.signer().map_err(raise)?),
        };
        let key = key.key.clone();
        Ok(Self::always(name, move || {
            let signing = match &signer {
                None => Signing::Outside,
                Some(signer) => Signing::Inside(Box::new(Shared(Arc::clone(signer)))),
            };
            ServiceAccountSource::with_signing(key.clone(), signing)
        }))
    }

    /// A service account's key in a file, which is read at each renewal.
    #[staticmethod]
    #[pyo3(signature = (path, /))]
    fn key_file(path: String) -> Self {
        Self::always("a key file", move || KeyFileSource::new(&path))
    }

    /// A Yandex account's OAuth token. Raises `ConfigurationError`.
    #[staticmethod]
    #[pyo3(signature = (token, /))]
    fn oauth(#[pyo3(from_py_with = crate::given::text)] token: String) -> PyResult<Self> {
        let source = OauthSource::new(&token).map_err(raise)?;
        Ok(Self::always("an OAuth token", move || source.clone()))
    }

    /// External tokens, exchanged for those of a service account. Raises `UsageError`.
    #[staticmethod]
    #[pyo3(signature = (service_account_id, subject_token, /))]
    fn workload_identity(service_account_id: String, subject_token: &SubjectToken) -> PyResult<Self> {
        let name = format!("workload identity of service account {}", service_account_id.trim());
        let origin = subject_token.0.clone();
        Self::checked(name, move || {
            Ok(Box::new(WorkloadIdentitySource::new(
                &service_account_id,
                origin.clone(),
            )?))
        })
    }

    /// The metadata service of a VM or a pod.
    #[staticmethod]
    fn metadata() -> Self {
        Self::always("metadata", MetadataSource::new)
    }

    /// The token file of a pod, for the API server of its own cluster.
    #[staticmethod]
    #[pyo3(signature = (path, /))]
    pub(crate) fn kubernetes_token(path: &str) -> Self {
        let source = KubernetesTokenSource::new(path);
        Self::always("a pod's token file", move || source.clone())
    }

    /// The JSON of a function's `context.token`, received `now`. Raises `ConfigurationError`.
    #[staticmethod]
    #[pyo3(signature = (context_token, now, /))]
    fn function(#[pyo3(from_py_with = crate::given::text)] context_token: String, now: f64) -> PyResult<Self> {
        let source = FunctionSource::new(&context_token, time(now)?).map_err(raise)?;
        Ok(Self::always("a function", move || source.clone()))
    }

    /// An IAM token that somebody else got, and when it ends. Raises `ConfigurationError`.
    #[staticmethod]
    #[pyo3(signature = (token, /, expires_at=None))]
    fn fixed(#[pyo3(from_py_with = crate::given::text)] token: String, expires_at: Option<f64>) -> PyResult<Self> {
        let expires_at = expires_at.map(time).transpose()?;
        let source = FixedSource::new(&token, expires_at).map_err(raise)?;
        Ok(Self::always("a fixed token", move || source.clone()))
    }

    /// Another service account, through a source that may act as it. Raises `UsageError`.
    #[staticmethod]
    #[pyo3(signature = (service_account_id, source, /))]
    fn impersonate(service_account_id: String, source: &Self) -> PyResult<Self> {
        let name = format!("service account {} through {}", service_account_id.trim(), source.name);
        let through = Arc::clone(&source.recipe);
        Self::checked(name, move || {
            Ok(Box::new(ImpersonationSource::new(&service_account_id, through()?)?))
        })
    }

    /// What the environment offers; `name` says what that is. `environ`: `os.environ` by default.
    ///
    /// `function_token`: the JSON of a function's `context.token`, received `now`. Raises what is wrong with the first
    /// variable that is set; `ConfigurationError` with all that was tried if there is nothing.
    #[staticmethod]
    #[pyo3(signature = (now, /, *, function_token=None, probe_metadata=true, environ=None))]
    fn default<'py>(
        py: Python<'py>,
        now: f64,
        function_token: Option<String>,
        probe_metadata: bool,
        environ: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let now = time(now)?;
        let options = DefaultOptions {
            function_token: function_token.map(|token| (Secret::new(token), now)),
            probe_metadata,
        };
        let environment = Environment::new(py, environ)?;
        let (chain, seen) = Seen::by(&environment, |variable| DefaultSource::new(variable, &options)).map_err(raise)?;
        Self::checked(chain.choice().to_owned(), move || {
            Ok(Box::new(DefaultSource::new(|name| seen.variable(name), &options)?))
        })
    }

    /// What it is, in a few words without a secret.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    fn __repr__(&self) -> String {
        format!("<Source: {}>", self.name)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_picklable("Source", "make one in each process"))
    }
}

impl Source {
    /// A new one for a session.
    pub(crate) fn make(&self) -> PyResult<Made> {
        (self.recipe)().map_err(raise)
    }

    /// One that is made of the environment, which is looked at once.
    pub(crate) fn seeing(
        environment: &Environment<'_>,
        name: &str,
        recipe: impl Fn(&dyn Fn(&str) -> Option<String>) -> Result<Made, Error> + Send + Sync + 'static,
    ) -> PyResult<Self> {
        let (_, seen) = Seen::by(environment, &recipe).map_err(raise)?;
        Self::checked(name.to_owned(), move || recipe(&|name| seen.variable(name)))
    }

    fn always<S: yc_iam::Source + 'static>(
        name: impl Into<String>,
        recipe: impl Fn() -> S + Send + Sync + 'static,
    ) -> Self {
        Self {
            recipe: Arc::new(move || Ok(Box::new(recipe()))),
            name: name.into(),
        }
    }

    /// For a recipe that fails always or never: found out at once.
    fn checked(name: String, recipe: impl Fn() -> Result<Made, Error> + Send + Sync + 'static) -> PyResult<Self> {
        recipe().map_err(raise)?;
        Ok(Self {
            recipe: Arc::new(recipe),
            name,
        })
    }
}

/// Where the external token of a workload identity is found, each time that one is needed.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct SubjectToken(SubjectTokenOrigin);

#[pymethods]
impl SubjectToken {
    /// A file, read at each renewal.
    #[staticmethod]
    #[pyo3(signature = (path, /))]
    fn file(path: &str) -> Self {
        Self(SubjectTokenOrigin::file(path))
    }

    /// An environment variable, read at each renewal.
    #[staticmethod]
    #[pyo3(signature = (name, /))]
    fn variable(name: &str) -> Self {
        Self(SubjectTokenOrigin::variable(name))
    }

    /// This very token.
    #[staticmethod]
    #[pyo3(signature = (token, /))]
    fn value(#[pyo3(from_py_with = crate::given::text)] token: String) -> Self {
        Self(SubjectTokenOrigin::value(&token))
    }

    /// The program's own function, by the effect `Supply`.
    #[staticmethod]
    fn supplier() -> Self {
        Self(SubjectTokenOrigin::supplier())
    }

    /// A `GET` to this URL; a field of the JSON answer, or the whole answer. Raises `ConfigurationError` or
    /// `UsageError`.
    #[staticmethod]
    #[pyo3(signature = (url, /, headers=None, field=None))]
    fn url(url: &str, headers: Option<&Bound<'_, PyAny>>, field: Option<&str>) -> PyResult<Self> {
        let headers = headers.map(pairs).transpose()?.unwrap_or_default();
        let headers = headers.into_iter().map(|(name, value)| (name, Secret::new(value)));
        SubjectTokenOrigin::url(url, headers.collect(), field)
            .map(Self)
            .map_err(raise)
    }

    /// GitHub Actions, as the environment describes it; `environ`: `os.environ` by default. Raises
    /// `ConfigurationError`.
    #[staticmethod]
    #[pyo3(signature = (audience=None, /, environ=None))]
    fn github_actions<'py>(
        py: Python<'py>,
        audience: Option<&str>,
        environ: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let environment = Environment::new(py, environ)?;
        SubjectTokenOrigin::github_actions(audience, |name| environment.variable(name))
            .map(Self)
            .map_err(raise)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_picklable("SubjectToken", "make one in each process"))
    }
}
