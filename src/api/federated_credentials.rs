//! Federated credentials: which external subject may act as which service account.
//!
//! <https://yandex.cloud/en/docs/iam/workload/api-ref/FederatedCredential/>

use serde_json::Value;

use super::answer::{Answer, Page};
use super::fields;
use super::resource::{Change, Get, List, PageOptions, Resource};
use super::task::Task;
use crate::credential;
use crate::error::{Error, ErrorCode};
use crate::json;
use crate::timestamp::UnixTime;

const MAX_SUBJECT_LEN: usize = 1000;

/// A federated credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FederatedCredential {
    /// Its ID.
    pub id: String,
    /// The service account that the subject may act as.
    pub service_account_id: String,
    /// The federation whose tokens count.
    pub federation_id: String,
    /// The `sub` of those tokens, letter for letter: `system:serviceaccount:<namespace>:<name>` in Kubernetes.
    pub external_subject_id: String,
    /// When it was created.
    pub created_at: Option<UnixTime>,
}

impl Resource for FederatedCredential {
    const PATH: &'static str = "/iam/v1/workload/federatedCredentials";
    const ITEMS: &'static str = "federatedCredentials";
    const HINT: &'static str = "check the IDs, and that the account has the role `iam.serviceAccounts.federatedCredentialEditor` for the service account, or `iam.serviceAccounts.federatedCredentialViewer` to read";

    fn read(object: &Value) -> Result<Self, Error> {
        let what = "the federated credential";
        let required = |name: &str| json::required_str_of(object, what, name).map(str::to_owned);
        Ok(Self {
            id: required("id")?,
            service_account_id: required("serviceAccountId")?,
            federation_id: required("federationId")?,
            external_subject_id: required("externalSubjectId")?,
            created_at: fields::time(object, what, "createdAt")?,
        })
    }

    fn answer(self) -> Answer {
        Answer::FederatedCredential(self)
    }

    fn page(items: Vec<Self>, next_page_token: Option<String>) -> Answer {
        Answer::FederatedCredentials(Page { items, next_page_token })
    }
}

/// Lets a subject of a federation act as a service account, and waits until it may: [`Answer::FederatedCredential`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible ID or subject.
pub fn create(service_account_id: &str, federation_id: &str, external_subject_id: &str) -> Result<Task, Error> {
    let service_account_id = credential::identifier("service_account_id", service_account_id)?;
    let federation_id = credential::identifier("federation_id", federation_id)?;
    let body = json::object(&[
        ("serviceAccountId", json::string(&service_account_id)),
        ("federationId", json::string(&federation_id)),
        ("externalSubjectId", json::string(subject(external_subject_id)?)),
    ]);
    Ok(Task::new(Change::<FederatedCredential>::create(body)))
}

/// Reads one: [`Answer::FederatedCredential`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible ID.
pub fn get(federated_credential_id: &str) -> Result<Task, Error> {
    Ok(Task::new(Get::<FederatedCredential>::new(id(federated_credential_id)?)))
}

/// Reads all those of a service account, page after page: [`Answer::FederatedCredentials`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible ID.
pub fn list(service_account_id: &str) -> Result<Task, Error> {
    Ok(Task::new(List::<FederatedCredential>::all(of(service_account_id)?)))
}

/// Reads one page of those of a service account: [`Answer::FederatedCredentials`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible ID, size or token.
pub fn list_page(service_account_id: &str, page: PageOptions) -> Result<Task, Error> {
    let of = of(service_account_id)?;
    Ok(Task::new(List::<FederatedCredential>::page(of, page)?))
}

/// Deletes one, and waits until it is gone: [`Answer::Nothing`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible ID.
pub fn delete(federated_credential_id: &str) -> Result<Task, Error> {
    let id = id(federated_credential_id)?;
    Ok(Task::new(Change::<FederatedCredential>::delete(id)))
}

fn id(text: &str) -> Result<String, Error> {
    credential::identifier("federated_credential_id", text)
}

fn of(service_account_id: &str) -> Result<(&'static str, String), Error> {
    let id = credential::identifier("service_account_id", service_account_id)?;
    Ok(("serviceAccountId", id))
}

/// Compared letter for letter by the service, so nothing is trimmed here.
fn subject(text: &str) -> Result<&str, Error> {
    let problem = if text.is_empty() {
        "is empty".to_owned()
    } else if text.chars().count() > MAX_SUBJECT_LEN {
        format!("is longer than {MAX_SUBJECT_LEN} characters")
    } else if text.chars().any(char::is_control) {
        "holds a line break or another control character".to_owned()
    } else if text.trim() != text {
        "has white space around it".to_owned()
    } else {
        return Ok(text);
    };
    Err(
        Error::new(ErrorCode::InvalidArgument, format!("`external_subject_id` {problem}"))
            .with_hint("pass the `sub` of the external tokens, such as `system:serviceaccount:<namespace>:<name>`"),
    )
}
