//! The API server of the cluster that this pod runs in.
//!
//! <https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/>

use core::net::IpAddr;

use super::{KubernetesTokenSource, certificate, names, request};
use crate::api::Task;
use crate::effect::{FailureKind, Outcome};
use crate::error::{Error, ErrorCode};
use crate::http::Request;
use crate::redact;
use crate::secret::Secret;
use crate::token::AccessToken;

/// Where the kubelet puts a pod's credentials.
pub const SERVICE_ACCOUNT_DIRECTORY: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

const HOST: &str = "KUBERNETES_SERVICE_HOST";
const PORT: &str = "KUBERNETES_SERVICE_PORT";

/// The API server's name within every cluster.
const SERVICE_NAME: &str = "kubernetes.default";

const HINT: &str =
    "run it in a pod with `automountServiceAccountToken` not switched off, or use a kubeconfig outside of the cluster";

/// The paths of a pod's credentials. A host reads the first two and hands their content to [`InCluster::new`]; the
/// session asks for the third.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InClusterFiles {
    /// The certificate authority, PEM.
    pub ca_certificate: String,
    /// The pod's namespace.
    pub namespace: String,
    /// The service account's token, which the kubelet writes anew from time to time.
    pub token: String,
}

impl InClusterFiles {
    /// `ca.crt`, `namespace` and `token` in this directory, or in [`SERVICE_ACCOUNT_DIRECTORY`].
    #[must_use]
    pub fn in_directory(directory: Option<&str>) -> Self {
        let directory = directory.unwrap_or(SERVICE_ACCOUNT_DIRECTORY).trim_end_matches('/');
        let path = |name: &str| format!("{directory}/{name}");
        Self {
            ca_certificate: path("ca.crt"),
            namespace: path("namespace"),
            token: path("token"),
        }
    }
}

/// What a pod knows of its cluster.
///
/// The host's TLS trusts this certificate authority for requests to [`InCluster::server`], and checks are never
/// switched off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InCluster {
    server: String,
    ca_certificate: String,
    namespace: String,
    token_path: String,
}

impl InCluster {
    /// Looks at the environment (`KUBERNETES_SERVICE_HOST`, `KUBERNETES_SERVICE_PORT`; without them the server is
    /// `kubernetes.default`) and at what the host found in the files: [`Outcome::File`] or [`Outcome::Failure`].
    ///
    /// # Errors
    /// [`ErrorCode::NotInCluster`] if a file is not there or empty, or a variable or the namespace is none;
    /// [`ErrorCode::InvalidCertificate`] if the certificate authority is none; the host's failure where it is another
    /// than that of a file.
    pub fn new(
        files: &InClusterFiles,
        variable: impl Fn(&str) -> Option<String>,
        ca_certificate: Outcome,
        namespace: Outcome,
    ) -> Result<Self, Error> {
        let server = server(variable)?;
        let ca_certificate = content(&files.ca_certificate, ca_certificate)?;
        certificate::check(&shown(&files.ca_certificate), &ca_certificate)?;
        let namespace = content(&files.namespace, namespace)?.trim().to_owned();
        if !names::is_namespace(&namespace) {
            let problem = format!("{} holds no namespace", shown(&files.namespace));
            return Err(not_in_cluster(problem));
        }
        Ok(Self {
            server,
            ca_certificate,
            namespace,
            token_path: files.token.clone(),
        })
    }

    /// The API server's URL without a slash at its end: `https://10.96.128.1:443`, `https://[fd00::1]:443`.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The certificate authority as the file has it: PEM, one certificate or several.
    #[must_use]
    pub fn ca_certificate(&self) -> &str {
        &self.ca_certificate
    }

    /// The pod's namespace.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The path of the token file.
    #[must_use]
    pub fn token_path(&self) -> &str {
        &self.token_path
    }

    /// Where the tokens for [`InCluster::request`] come from: the file, read again each minute.
    #[must_use]
    pub fn source(&self) -> KubernetesTokenSource {
        KubernetesTokenSource::new(&self.token_path)
    }

    /// A request to the API server, with this token: the method is `GET`, `POST`, `PUT`, `PATCH` or `DELETE`; the path
    /// begins with `/`, may have a query, and is percent-encoded already; the body comes with its content type.
    ///
    /// No proxy is between a pod and its API server.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`], naming the argument.
    pub fn request(
        &self,
        method: &str,
        path: &str,
        token: &AccessToken,
        body: Option<(&str, Secret)>,
    ) -> Result<Request, Error> {
        request::bearing(self.unauthorized(method, path, body)?, token)
    }

    /// The same request as a task for a [`Call`](crate::api::Call), which gets the token and, if the API server
    /// answers 401, another one, once: [`Answer::Response`](crate::api::Answer::Response), whatever its status.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`], naming the argument.
    pub fn task(&self, method: &str, path: &str, body: Option<(&str, Secret)>) -> Result<Task, Error> {
        Ok(Task::bearer(self.unauthorized(method, path, body)?))
    }

    fn unauthorized(&self, method: &str, path: &str, body: Option<(&str, Secret)>) -> Result<Request, Error> {
        request::new(&self.server, &self.ca_certificate, method, path, body)
    }
}

fn server(variable: impl Fn(&str) -> Option<String>) -> Result<String, Error> {
    let given = |name: &str| {
        variable(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    };
    let Some(host) = given(HOST) else {
        return Ok(format!("https://{SERVICE_NAME}"));
    };
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(&host);
    let host = match bare.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        Ok(IpAddr::V4(address)) if bare == host => address.to_string(),
        Err(_) if names::is_object_name(&host.to_ascii_lowercase()) => host,
        _ => {
            let shown = redact::quote(&host, 60);
            return Err(not_in_cluster(format!("`{HOST}` is `{shown}`, which is no host")));
        }
    };
    match given(PORT) {
        None => Ok(format!("https://{host}")),
        Some(port) => match port.parse::<u16>() {
            Ok(number) if number > 0 => Ok(format!("https://{host}:{number}")),
            _ => {
                let shown = redact::quote(&port, 60);
                Err(not_in_cluster(format!("`{PORT}` is `{shown}`, which is no port")))
            }
        },
    }
}

fn content(path: &str, outcome: Outcome) -> Result<String, Error> {
    let bytes = match outcome {
        Outcome::File(bytes) => bytes,
        Outcome::Failure(failure) if failure.kind == FailureKind::File => {
            let error = Error::from(failure).about(&shown(path));
            return Err(not_in_cluster(error.message().to_owned()));
        }
        Outcome::Failure(failure) => return Err(Error::from(failure).about(&shown(path))),
        other => return Err(other.unexpected()),
    };
    let text = String::from_utf8(bytes).map_err(|_| not_in_cluster(format!("{} is not text", shown(path))))?;
    if text.trim().is_empty() {
        return Err(not_in_cluster(format!("{} is empty", shown(path))));
    }
    Ok(text)
}

fn shown(path: &str) -> String {
    format!("`{}`", redact::quote(path, 200))
}

fn not_in_cluster(message: String) -> Error {
    Error::new(ErrorCode::NotInCluster, message).with_hint(HINT)
}
