//! The API of federated credentials: create, get, list, delete.
//!
//! `yandex/cloud/iam/v1/workload/federated_credential_service.proto` in <https://github.com/yandex-cloud/cloudapi>

use serde_json::json;

use super::body::{only_fields, read_object, required};
use super::query::Query;
use super::routes::{Accepted, Service};
use super::status::{Code, Refusal};
use super::wire::IncomingRequest;
use super::workload_changes::Change;
use super::workloads::FederatedCredential;
use super::{clock, pages};

const MAX_ID_LEN: usize = 50;
const MAX_SUBJECT_LEN: usize = 1000;

const VIEWERS: &[&str] = &[
    "iam.serviceAccounts.federatedCredentialViewer",
    "iam.serviceAccounts.federatedCredentialEditor",
];
const EDITORS: &[&str] = &["iam.serviceAccounts.federatedCredentialEditor"];
const FEDERATION_USERS: &[&str] = &[
    "iam.workloadIdentityFederations.user",
    "iam.workloadIdentityFederations.admin",
];

impl Service<'_> {
    pub(super) fn create_federated_credential(
        &mut self,
        request: &IncomingRequest,
        subject: &str,
    ) -> Result<Accepted, Refusal> {
        Query::read(request, &[])?;
        let body = read_object(&request.body)?;
        only_fields(&body, &["serviceAccountId", "federationId", "externalSubjectId"])?;
        let service_account_id = required(&body, "serviceAccountId", MAX_ID_LEN)?.to_owned();
        let federation_id = required(&body, "federationId", MAX_ID_LEN)?.to_owned();
        let external_subject_id = required(&body, "externalSubjectId", MAX_SUBJECT_LEN)?.to_owned();
        if let Some(known) = self.repeated(request, &body, subject)? {
            return Ok(known);
        }
        self.check_service_account(&service_account_id)?;
        let folder = self.found_federation(&federation_id)?.folder_id.clone();
        self.check_access(&[&service_account_id], EDITORS, subject)?;
        self.check_access(&[&federation_id, &folder], FEDERATION_USERS, subject)?;
        let credential = FederatedCredential {
            id: self.ids.other("federated credential"),
            service_account_id,
            federation_id,
            external_subject_id,
            created_at: clock::rfc3339(self.now, 7),
        };
        let is_same = |other: &FederatedCredential| {
            other.service_account_id == credential.service_account_id
                && other.federation_id == credential.federation_id
                && other.external_subject_id == credential.external_subject_id
        };
        let is_pending = |change: &Change| matches!(change, Change::CreateCredential(other) if is_same(other));
        if self.workloads.credentials.values().any(is_same) || self.operations.pending().any(is_pending) {
            return Err(Refusal::in_own_words(
                Code::AlreadyExists,
                "the service account has a federated credential for this subject of this federation",
            ));
        }
        self.start(request, &body, subject, Change::CreateCredential(credential))
    }

    pub(super) fn federated_credential(
        &self,
        request: &IncomingRequest,
        id: &str,
        subject: &str,
    ) -> Result<Accepted, Refusal> {
        Query::read(request, &[])?;
        let credential = self.found_credential(id)?;
        self.check_access(&[&credential.service_account_id], VIEWERS, subject)?;
        Ok(Accepted {
            subject: subject.to_owned(),
            body: credential.to_json(),
        })
    }

    pub(super) fn federated_credentials(&self, request: &IncomingRequest, subject: &str) -> Result<Accepted, Refusal> {
        let query = Query::read(request, &["serviceAccountId", pages::SIZE, pages::TOKEN])?;
        let account = query.required("serviceAccountId", MAX_ID_LEN)?;
        self.check_service_account(account)?;
        self.check_access(&[account], VIEWERS, subject)?;
        let all = &self.workloads.credentials;
        let of_account = |credential: &FederatedCredential| credential.service_account_id == account;
        let (page, next) = pages::page(all, account, of_account, &query)?;
        let page: Vec<_> = page.into_iter().map(FederatedCredential::to_json).collect();
        Ok(Accepted {
            subject: subject.to_owned(),
            body: json!({ "federatedCredentials": page, "nextPageToken": next }),
        })
    }

    pub(super) fn delete_federated_credential(
        &mut self,
        request: &IncomingRequest,
        id: &str,
        subject: &str,
    ) -> Result<Accepted, Refusal> {
        Query::read(request, &[])?;
        let body = json!({});
        if let Some(known) = self.repeated(request, &body, subject)? {
            return Ok(known);
        }
        let account = self.found_credential(id)?.service_account_id.clone();
        self.check_access(&[&account], EDITORS, subject)?;
        self.start(request, &body, subject, Change::DeleteCredential(id.to_owned()))
    }

    fn found_credential(&self, id: &str) -> Result<&FederatedCredential, Refusal> {
        let found = self.workloads.credentials.get(id);
        found.ok_or_else(|| Refusal::not_found("federated credential", id))
    }

    fn check_service_account(&self, id: &str) -> Result<(), Refusal> {
        if self.registry.has_account(id) {
            return Ok(());
        }
        Err(Refusal::not_found("service account", id))
    }
}
