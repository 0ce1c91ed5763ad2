//! What a token is used for: a table of the core's.

use std::collections::BTreeMap;
use std::sync::Mutex;

use pyo3::prelude::*;
use yc_iam::api::{
    self, FederationFields, PageOptions, federated_credentials, federations, lockbox, operations, tokens,
};
use yc_iam::{Error, ErrorCode, Secret};

use crate::errors::raise;
use crate::given;
use crate::http::pairs;

/// Something to be done with a token, once. Each constructor raises `UsageError` for an impossible argument.
#[pyclass(frozen, module = "yc_iam._core")]
pub(crate) struct Task {
    task: Mutex<Option<api::Task>>,
    /// Whether all items of a list are wanted, and no page of it.
    pub(crate) whole_list: bool,
}

#[pymethods]
impl Task {
    /// A secret of Lockbox by its ID: a `LockboxPayload`.
    #[staticmethod]
    #[pyo3(signature = (secret_id, version_id=None))]
    fn lockbox_get(secret_id: &str, version_id: Option<&str>) -> PyResult<Self> {
        made(lockbox::get(secret_id, version_id))
    }

    /// A secret of Lockbox by its folder and name: a `LockboxPayload`.
    #[staticmethod]
    #[pyo3(signature = (folder_id, name, version_id=None))]
    fn lockbox_get_by_name(folder_id: &str, name: &str, version_id: Option<&str>) -> PyResult<Self> {
        made(lockbox::get_by_name(folder_id, name, version_id))
    }

    /// Creates a `FederatedCredential`.
    #[staticmethod]
    #[pyo3(signature = (service_account_id, federation_id, external_subject_id))]
    fn federated_credentials_create(
        service_account_id: &str,
        federation_id: &str,
        external_subject_id: &str,
    ) -> PyResult<Self> {
        made(federated_credentials::create(
            service_account_id,
            federation_id,
            external_subject_id,
        ))
    }

    /// Reads a `FederatedCredential`.
    #[staticmethod]
    #[pyo3(signature = (federated_credential_id))]
    fn federated_credentials_get(federated_credential_id: &str) -> PyResult<Self> {
        made(federated_credentials::get(federated_credential_id))
    }

    /// All those of a service account: a list.
    #[staticmethod]
    #[pyo3(signature = (service_account_id))]
    fn federated_credentials_list(service_account_id: &str) -> PyResult<Self> {
        whole(federated_credentials::list(service_account_id))
    }

    /// A `Page` of those of a service account.
    #[staticmethod]
    #[pyo3(signature = (service_account_id, page_size=None, page_token=None))]
    fn federated_credentials_list_page(
        service_account_id: &str,
        page_size: Option<i64>,
        page_token: Option<String>,
    ) -> PyResult<Self> {
        made(federated_credentials::list_page(
            service_account_id,
            page(page_size, page_token),
        ))
    }

    /// Deletes a federated credential: `None`.
    #[staticmethod]
    #[pyo3(signature = (federated_credential_id))]
    fn federated_credentials_delete(federated_credential_id: &str) -> PyResult<Self> {
        made(federated_credentials::delete(federated_credential_id))
    }

    /// Creates a `Federation`. The first five are required; the core says so where one is `None`.
    #[staticmethod]
    #[pyo3(signature = (folder_id, name=None, issuer=None, audiences=None, jwks_url=None, description=None,
        disabled=None, labels=None))]
    #[allow(clippy::too_many_arguments, reason = "they are a federation's fields")]
    fn federations_create(
        folder_id: &str,
        name: Option<String>,
        issuer: Option<String>,
        #[pyo3(from_py_with = crate::given::optional_texts)] audiences: Option<Vec<String>>,
        jwks_url: Option<String>,
        description: Option<String>,
        disabled: Option<bool>,
        labels: Option<BTreeMap<String, String>>,
    ) -> PyResult<Self> {
        let fields = FederationFields {
            name,
            description,
            disabled,
            audiences,
            issuer,
            jwks_url,
            labels,
        };
        made(federations::create(folder_id, &fields))
    }

    /// Reads a `Federation`.
    #[staticmethod]
    #[pyo3(signature = (federation_id))]
    fn federations_get(federation_id: &str) -> PyResult<Self> {
        made(federations::get(federation_id))
    }

    /// All those of a folder: a list.
    #[staticmethod]
    #[pyo3(signature = (folder_id))]
    fn federations_list(folder_id: &str) -> PyResult<Self> {
        whole(federations::list(folder_id))
    }

    /// A `Page` of those of a folder.
    #[staticmethod]
    #[pyo3(signature = (folder_id, page_size=None, page_token=None))]
    fn federations_list_page(folder_id: &str, page_size: Option<i64>, page_token: Option<String>) -> PyResult<Self> {
        made(federations::list_page(folder_id, page(page_size, page_token)))
    }

    /// Changes what is not `None`: the `Federation` as it is then.
    #[staticmethod]
    #[pyo3(signature = (federation_id, name=None, issuer=None, audiences=None, jwks_url=None, description=None,
        disabled=None, labels=None))]
    #[allow(clippy::too_many_arguments, reason = "they are a federation's fields")]
    fn federations_update(
        federation_id: &str,
        name: Option<String>,
        issuer: Option<String>,
        #[pyo3(from_py_with = crate::given::optional_texts)] audiences: Option<Vec<String>>,
        jwks_url: Option<String>,
        description: Option<String>,
        disabled: Option<bool>,
        labels: Option<BTreeMap<String, String>>,
    ) -> PyResult<Self> {
        let changes = FederationFields {
            name,
            description,
            disabled,
            audiences,
            issuer,
            jwks_url,
            labels,
        };
        made(federations::update(federation_id, &changes))
    }

    /// Deletes a federation: `None`.
    #[staticmethod]
    #[pyo3(signature = (federation_id))]
    fn federations_delete(federation_id: &str) -> PyResult<Self> {
        made(federations::delete(federation_id))
    }

    /// Looks at an `Operation`.
    #[staticmethod]
    #[pyo3(signature = (operation_id))]
    fn operations_get(operation_id: &str) -> PyResult<Self> {
        made(operations::get(operation_id))
    }

    /// Looks at an operation until it is done: an `Operation`.
    #[staticmethod]
    #[pyo3(signature = (operation_id))]
    fn operations_wait(operation_id: &str) -> PyResult<Self> {
        made(operations::wait(operation_id))
    }

    /// Ends an IAM token: its subject's ID. Raises `ConfigurationError` for what cannot be one.
    #[staticmethod]
    #[pyo3(signature = (token))]
    fn tokens_revoke(#[pyo3(from_py_with = crate::given::text)] token: String) -> PyResult<Self> {
        made(tokens::revoke(&token))
    }

    /// Any request, with the bearer: a `Response`. Raises `ConfigurationError` for a URL that no token may go to.
    #[staticmethod]
    #[pyo3(signature = (method, url, headers=None, body=None))]
    fn request(
        method: &str,
        url: &str,
        headers: Option<&Bound<'_, PyAny>>,
        body: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let headers = headers.map(pairs).transpose()?.unwrap_or_default();
        let headers = headers.into_iter().map(|(name, value)| (name, Secret::new(value)));
        let body = body.map(text).transpose()?.map(Secret::new);
        made(api::request(method, url, headers.collect(), body))
    }
}

impl Task {
    /// The core's task: a task is done once.
    pub(crate) fn take(&self) -> PyResult<api::Task> {
        let mut task = self.task.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        task.take().ok_or_else(|| {
            raise(Error::new(
                ErrorCode::InvalidArgument,
                "this task has been used already",
            ))
        })
    }
}

pub(crate) fn made(task: Result<api::Task, Error>) -> PyResult<Task> {
    Ok(Task {
        task: Mutex::new(Some(task.map_err(raise)?)),
        whole_list: false,
    })
}

fn whole(task: Result<api::Task, Error>) -> PyResult<Task> {
    Ok(Task {
        whole_list: true,
        ..made(task)?
    })
}

fn page(size: Option<i64>, token: Option<String>) -> PageOptions {
    PageOptions {
        // No page has so many items as do not fit: the core says so.
        size: size.map(|size| u32::try_from(size).unwrap_or(if size < 0 { 0 } else { u32::MAX })),
        token,
    }
}

/// A body: `str`, or bytes that are UTF-8.
pub(crate) fn text(body: &Bound<'_, PyAny>) -> PyResult<String> {
    match given::bytes(body) {
        Ok(bytes) => {
            String::from_utf8(bytes).map_err(|_| raise(Error::new(ErrorCode::InvalidArgument, "`body` is not UTF-8")))
        }
        // It says that text is expected.
        Err(_) => given::text(body),
    }
}
