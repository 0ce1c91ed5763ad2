//! What a program in Kubernetes, or `kubectl` outside of it, needs besides a token.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use yc_iam::kubernetes::{
    self, ExecApiVersion, InClusterFiles, InteractiveMode, Kubeconfig, KubeconfigNames, KubeconfigUser,
};
use yc_iam::{Failure, FailureKind, Outcome, Secret};

use crate::environment::Environment;
use crate::errors::raise;
use crate::given;
use crate::http::Request;
use crate::pickling::not_picklable;
use crate::source::Source;
use crate::task::{self, Task, made};
use crate::token::Token;

/// What a pod knows of its cluster.
///
/// `read`: gives a file's content, or how reading it failed. Raises `ConfigurationError`.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct Cluster(kubernetes::InCluster);

#[pymethods]
impl Cluster {
    #[new]
    #[pyo3(signature = (read, directory=None, environ=None))]
    fn new<'py>(
        py: Python<'py>,
        read: &Bound<'py, PyAny>,
        directory: Option<&str>,
        environ: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let files = InClusterFiles::in_directory(directory);
        let ca_certificate = outcome(&read.call1((&files.ca_certificate,))?)?;
        let namespace = outcome(&read.call1((&files.namespace,))?)?;
        let environment = Environment::new(py, environ)?;
        let variable = |name: &str| environment.variable(name);
        kubernetes::InCluster::new(&files, variable, ca_certificate, namespace)
            .map(Self)
            .map_err(raise)
    }

    /// The API server's URL, without a slash at its end.
    #[getter]
    fn server(&self) -> &str {
        self.0.server()
    }

    /// The certificate authority, PEM.
    #[getter]
    fn ca_certificate(&self) -> &str {
        self.0.ca_certificate()
    }

    /// The pod's namespace.
    #[getter]
    fn namespace(&self) -> &str {
        self.0.namespace()
    }

    /// The path of the token file.
    #[getter]
    fn token_path(&self) -> &str {
        self.0.token_path()
    }

    /// Where tokens for the API server come from.
    fn source(&self) -> Source {
        Source::kubernetes_token(self.0.token_path())
    }

    /// A request to the API server. `body`: its content type, and its text or UTF-8 bytes. Raises `UsageError`.
    #[pyo3(signature = (method, path, token, body=None, /))]
    fn request(
        &self,
        method: &str,
        path: &str,
        token: &Token,
        body: Option<(String, Bound<'_, PyAny>)>,
    ) -> PyResult<Request> {
        let body = text_of(body)?;
        self.0
            .request(method, path, &token.0, given(&body))
            .map(Request)
            .map_err(raise)
    }

    /// The same request as a task, which gets its token when it is sent: a `Response`. Raises `UsageError`.
    #[pyo3(signature = (method, path, body=None, /))]
    fn task(&self, method: &str, path: &str, body: Option<(String, Bound<'_, PyAny>)>) -> PyResult<Task> {
        let body = text_of(body)?;
        made(self.0.task(method, path, given(&body)))
    }
}

fn text_of(body: Option<(String, Bound<'_, PyAny>)>) -> PyResult<Option<(String, Secret)>> {
    let text = |(content_type, body)| Ok((content_type, Secret::new(task::text(&body)?)));
    body.map(text).transpose()
}

fn given(body: &Option<(String, Secret)>) -> Option<(&str, Secret)> {
    body.as_ref()
        .map(|(content_type, text)| (content_type.as_str(), text.clone()))
}

/// A file's content, or how it failed and what the failure said.
fn outcome(given: &Bound<'_, PyAny>) -> PyResult<Outcome> {
    if let Ok((kind, detail)) = given.extract::<(String, String)>() {
        let kind = FailureKind::from_name(&kind).map_err(raise)?;
        return Ok(Outcome::Failure(Failure { kind, detail }));
    }
    Ok(Outcome::File(given::bytes(given)?))
}

/// A command that `kubectl` and its like call for a token. Nothing here may be secret: it stands in the file.
///
/// `command`: a name to be looked up, or a path. `env`: what it gets besides the environment that there is.
/// `install_hint`: what is shown if there is no such command. `api_version`: `v1`, or `v1beta1` for clients that are older
/// than Kubernetes 1.22. `interactive_mode`: `Never`, `IfAvailable` or `Always`. Raises `UsageError` for another version
/// and `ValueError` for another mode.
#[pyclass(frozen, eq, module = "yc_iam.kubernetes")]
#[derive(PartialEq)]
pub(crate) struct ExecPlugin(kubernetes::ExecPlugin);

#[pymethods]
impl ExecPlugin {
    #[new]
    #[pyo3(signature = (command, args=Vec::new(), *, env=None, install_hint=None, api_version="v1",
        interactive_mode="Never"))]
    fn new(
        command: &str,
        #[pyo3(from_py_with = crate::given::texts)] args: Vec<String>,
        env: Option<&Bound<'_, PyAny>>,
        install_hint: Option<String>,
        api_version: &str,
        interactive_mode: &str,
    ) -> PyResult<Self> {
        let modes = [
            InteractiveMode::Never,
            InteractiveMode::IfAvailable,
            InteractiveMode::Always,
        ];
        let mode = modes.into_iter().find(|mode| mode.as_str() == interactive_mode);
        Ok(Self(kubernetes::ExecPlugin {
            args,
            env: env.map(crate::http::pairs).transpose()?.unwrap_or_default(),
            install_hint,
            api_version: ExecApiVersion::from_name(api_version).map_err(raise)?,
            interactive_mode: mode
                .ok_or_else(|| PyValueError::new_err("interactive_mode is `Never`, `IfAvailable` or `Always`"))?,
            ..kubernetes::ExecPlugin::new(command)
        }))
    }

    /// This package's own command, `yc-iam exec-credential`, with further arguments.
    #[staticmethod]
    #[pyo3(signature = (*args))]
    fn yc_iam(args: Vec<String>) -> Self {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        Self(kubernetes::ExecPlugin::yc_iam(&args))
    }

    fn __repr__(&self) -> String {
        format!("<ExecPlugin {:?}>", self.0.command)
    }
}

/// A kubeconfig's text. `names`: the cluster's, the context's, the user's, and the namespace. Raises `ConfigurationError`.
#[pyfunction]
#[pyo3(signature = (names, server, ca_certificate, token, token_file, plugin, existing, json, /))]
#[allow(clippy::too_many_arguments, reason = "they are Python's keywords")]
pub(crate) fn kubeconfig(
    names: (String, String, String, Option<String>),
    server: &str,
    ca_certificate: Option<&str>,
    token: Option<String>,
    token_file: Option<String>,
    plugin: Option<&ExecPlugin>,
    existing: Option<&str>,
    json: bool,
) -> PyResult<String> {
    let user = match (token, token_file, plugin) {
        (Some(token), None, None) => KubeconfigUser::Token(Secret::new(token)),
        (None, Some(path), None) => KubeconfigUser::TokenFile(path),
        (None, None, Some(plugin)) => KubeconfigUser::Exec(plugin.0.clone()),
        _ => return Err(PyValueError::new_err("exactly one of token, token_file and plugin")),
    };
    let (cluster, context, user_name, namespace) = names;
    let names = KubeconfigNames {
        cluster,
        context,
        user: user_name,
        namespace,
    };
    let made = Kubeconfig::new(names, server, ca_certificate, user).map_err(raise)?;
    let text = match existing {
        Some(existing) => made.merged_into(existing).map_err(raise)?,
        None if json => made.to_json(),
        None => made.to_yaml(),
    };
    Ok(text.expose().to_owned())
}

/// What a Secret of type `kubernetes.io/service-account-token` holds, decoded. `repr()` does not show the token.
#[pyclass(frozen, eq, module = "yc_iam.kubernetes")]
#[derive(PartialEq)]
pub(crate) struct ServiceAccountSecret(kubernetes::ServiceAccountSecret);

#[pymethods]
impl ServiceAccountSecret {
    /// Reads what `kubectl get secret -o json` or `-o yaml` prints. Raises `ConfigurationError`.
    #[staticmethod]
    #[pyo3(signature = (content, /))]
    fn parse(content: &Bound<'_, PyAny>) -> PyResult<Self> {
        let bytes = match given::text(content) {
            Ok(text) => text.into_bytes(),
            Err(_) => given::bytes(content)?,
        };
        kubernetes::ServiceAccountSecret::parse(&bytes).map(Self).map_err(raise)
    }

    /// The Secret's name.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The service account's namespace, which is the Secret's too.
    #[getter]
    fn namespace(&self) -> &str {
        &self.0.namespace
    }

    /// The service account's name.
    #[getter]
    fn service_account_name(&self) -> &str {
        &self.0.service_account_name
    }

    /// The service account's token.
    #[getter]
    fn token(&self) -> &str {
        self.0.token.expose()
    }

    /// The cluster's certificate authority, PEM.
    #[getter]
    fn ca_certificate(&self) -> &str {
        &self.0.ca_certificate
    }

    fn __repr__(&self) -> String {
        let kubernetes::ServiceAccountSecret {
            name,
            namespace,
            service_account_name,
            ..
        } = &self.0;
        format!(
            "ServiceAccountSecret(name='{name}', namespace='{namespace}', \
             service_account_name='{service_account_name}', token='[redacted]')"
        )
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(not_picklable("ServiceAccountSecret", "pass on what is needed of it"))
    }
}

/// What a credential plug-in prints: JSON with this token. Raises `UsageError` for a variable that `kubectl` never sets.
#[pyfunction]
#[pyo3(signature = (token, exec_info=None, /))]
pub(crate) fn exec_credential(token: &Token, exec_info: Option<&str>) -> PyResult<String> {
    let text = kubernetes::exec_credential(&token.0, exec_info).map_err(raise)?;
    Ok(text.expose().to_owned())
}
