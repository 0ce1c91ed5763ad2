//! The API of Lockbox payloads: by the secret's ID, or by its folder and name.
//!
//! `yandex/cloud/lockbox/v1/payload_service.proto` in <https://github.com/yandex-cloud/cloudapi>

use base64ct::{Base64, Encoding};
use serde_json::{Map, Value, json};

use super::query::Query;
use super::routes::{Accepted, Service};
use super::secrets::{SecretEntry, SecretValue, StoredSecret};
use super::status::{Code, Refusal};
use super::wire::IncomingRequest;
use crate::redact;

const MAX_ID_LEN: usize = 50;
const MAX_NAME_LEN: usize = 100;
const VIEWERS: &[&str] = &["lockbox.payloadViewer"];

const SECRET_ID: &str = "secretId";
const VERSION_ID: &str = "versionId";
// How a field of a message within the request is written in a query.
const FOLDER_ID: &str = "folderAndName.folderId";
const SECRET_NAME: &str = "folderAndName.secretName";

impl Service<'_> {
    pub(super) fn payload(&self, request: &IncomingRequest, id: &str, subject: &str) -> Result<Accepted, Refusal> {
        let query = Query::read(request, &[VERSION_ID])?;
        let (version_id, entries) = self.version(id, &query, subject)?;
        let entries: Vec<Value> = entries.iter().map(to_json).collect();
        Ok(Accepted {
            subject: subject.to_owned(),
            body: json!({ "entries": entries, "versionId": version_id }),
        })
    }

    pub(super) fn payload_by_name(&self, request: &IncomingRequest, subject: &str) -> Result<Accepted, Refusal> {
        let query = Query::read(request, &[SECRET_ID, FOLDER_ID, SECRET_NAME, VERSION_ID])?;
        let id = query.text(SECRET_ID, MAX_ID_LEN)?;
        let folder = query.text(FOLDER_ID, MAX_ID_LEN)?;
        let name = query.text(SECRET_NAME, MAX_NAME_LEN)?;
        let id = match (id, folder, name) {
            ("", folder, name) if !folder.is_empty() && !name.is_empty() => self.find_secret(folder, name)?,
            (id, "", "") if !id.is_empty() => id,
            _ => {
                return Err(Refusal::invalid(format!(
                    "the query names no secret: either `{SECRET_ID}`, or `{FOLDER_ID}` and `{SECRET_NAME}`"
                )));
            }
        };
        let (version_id, entries) = self.version(id, &query, subject)?;
        // In this answer every value is of the type `bytes`.
        let values = entries.iter().map(|entry| {
            let value = Base64::encode_string(entry.value.as_bytes());
            (entry.key.clone(), Value::from(value))
        });
        Ok(Accepted {
            subject: subject.to_owned(),
            body: json!({ "secretId": id, "versionId": version_id, "entries": values.collect::<Map<_, _>>() }),
        })
    }

    fn find_secret(&self, folder: &str, name: &str) -> Result<&str, Refusal> {
        let is_wanted = |secret: &StoredSecret| secret.folder_id == folder && secret.name == name;
        let mut found = self.secrets.0.iter().filter(|(_, secret)| is_wanted(secret));
        found.next().map(|(id, _)| id.as_str()).ok_or_else(|| {
            let name = redact::quote(name, MAX_NAME_LEN);
            Refusal::in_own_words(Code::NotFound, format!("the folder has no secret named `{name}`"))
        })
    }

    /// The ID and the entries of the version that the query names, or of the current one.
    fn version(&self, secret_id: &str, query: &Query, subject: &str) -> Result<(&str, &[SecretEntry]), Refusal> {
        let wanted = query.text(VERSION_ID, MAX_ID_LEN)?;
        let secret = self.secrets.0.get(secret_id);
        let secret = secret.ok_or_else(|| Refusal::not_found("secret", secret_id))?;
        self.access.check(&[secret_id, &secret.folder_id], VIEWERS, subject)?;
        if !secret.is_active {
            return Err(Refusal::in_own_words(
                Code::FailedPrecondition,
                format!("the secret `{secret_id}` is not active"),
            ));
        }
        let mut versions = secret.versions.iter().rev();
        let version = versions.find(|(id, _)| wanted.is_empty() || id == wanted);
        let (id, entries) = version.ok_or_else(|| Refusal::not_found("version", wanted))?;
        Ok((id, entries))
    }
}

fn to_json(entry: &SecretEntry) -> Value {
    match &entry.value {
        SecretValue::Text(text) => json!({ "key": entry.key, "textValue": text.expose() }),
        SecretValue::Binary(bytes) => json!({ "key": entry.key, "binaryValue": Base64::encode_string(bytes) }),
    }
}
