//! The API of OIDC workload identity federations: create, get, list, update, delete.
//!
//! `yandex/cloud/iam/v1/workload/oidc/federation_service.proto` in <https://github.com/yandex-cloud/cloudapi>

use serde_json::{Value, json};

use super::body::{boolean, check_length, labels, only_fields, read_object, required, text, texts};
use super::query::Query;
use super::routes::{Accepted, Service};
use super::status::{Code, Refusal};
use super::wire::IncomingRequest;
use super::workload_changes::{Change, FederationField};
use super::workloads::Federation;
use super::{clock, pages};
use crate::redact;

const MAX_ID_LEN: usize = 50;
const MAX_NAME_LEN: usize = 63;
const MAX_DESCRIPTION_LEN: usize = 256;
const MAX_URL_LEN: usize = 8000;
const MAX_AUDIENCES: usize = 100;
const MAX_AUDIENCE_LEN: usize = 255;

const VIEWERS: &[&str] = &[
    "iam.workloadIdentityFederations.viewer",
    "iam.workloadIdentityFederations.editor",
    "iam.workloadIdentityFederations.admin",
];
const EDITORS: &[&str] = &[
    "iam.workloadIdentityFederations.editor",
    "iam.workloadIdentityFederations.admin",
];

/// What an update can change, by the names in its mask.
const MUTABLE: &[&str] = &["name", "description", "disabled", "audiences", "jwksUrl", "labels"];
const UPDATE_MASK: &str = "updateMask";

impl Service<'_> {
    pub(super) fn create_federation(&mut self, request: &IncomingRequest, subject: &str) -> Result<Accepted, Refusal> {
        Query::read(request, &[])?;
        let body = read_object(&request.body)?;
        only_fields(&body, &[MUTABLE, &["folderId", "issuer"]].concat())?;
        let federation = Federation {
            id: String::new(),
            folder_id: required(&body, "folderId", MAX_ID_LEN)?.to_owned(),
            name: name(&body)?,
            description: text(&body, "description", MAX_DESCRIPTION_LEN)?,
            disabled: boolean(&body, "disabled")?,
            audiences: audiences(&body)?,
            issuer: required(&body, "issuer", MAX_URL_LEN)?.to_owned(),
            jwks_url: required(&body, "jwksUrl", MAX_URL_LEN)?.to_owned(),
            labels: labels(&body, "labels")?,
            created_at: clock::rfc3339(self.now, 7),
        };
        if let Some(known) = self.repeated(request, &body, subject)? {
            return Ok(known);
        }
        self.check_access(&[&federation.folder_id], EDITORS, subject)?;
        self.check_name(&federation.name, &federation.folder_id, None)?;
        let federation = Federation {
            id: self.ids.other("federation"),
            ..federation
        };
        self.start(request, &body, subject, Change::CreateFederation(federation))
    }

    pub(super) fn federation(&self, request: &IncomingRequest, id: &str, subject: &str) -> Result<Accepted, Refusal> {
        Query::read(request, &[])?;
        let federation = self.found_federation(id)?;
        self.check_access(&[id, &federation.folder_id], VIEWERS, subject)?;
        Ok(Accepted {
            subject: subject.to_owned(),
            body: federation.to_json(),
        })
    }

    pub(super) fn federations(&self, request: &IncomingRequest, subject: &str) -> Result<Accepted, Refusal> {
        let query = Query::read(request, &["folderId", pages::SIZE, pages::TOKEN])?;
        let folder = query.required("folderId", MAX_ID_LEN)?;
        self.check_access(&[folder], VIEWERS, subject)?;
        let in_folder = |federation: &Federation| federation.folder_id == folder;
        let (page, next) = pages::page(&self.workloads.federations, folder, in_folder, &query)?;
        let page: Vec<_> = page.into_iter().map(Federation::to_json).collect();
        Ok(Accepted {
            subject: subject.to_owned(),
            body: json!({ "federations": page, "nextPageToken": next }),
        })
    }

    pub(super) fn update_federation(
        &mut self,
        request: &IncomingRequest,
        id: &str,
        subject: &str,
    ) -> Result<Accepted, Refusal> {
        let query = Query::read(request, &[UPDATE_MASK])?;
        let body = read_object(&request.body)?;
        only_fields(&body, &[MUTABLE, &[UPDATE_MASK]].concat())?;
        let fields: Vec<_> = mask(&body, &query)?
            .into_iter()
            .map(|path| field(&body, path))
            .collect::<Result<_, _>>()?;
        if let Some(known) = self.repeated(request, &body, subject)? {
            return Ok(known);
        }
        let folder = self.found_federation(id)?.folder_id.clone();
        self.check_access(&[id, &folder], EDITORS, subject)?;
        for field in &fields {
            if let FederationField::Name(name) = field {
                self.check_name(name, &folder, Some(id))?;
            }
        }
        let change = Change::UpdateFederation(id.to_owned(), fields);
        self.start(request, &body, subject, change)
    }

    pub(super) fn delete_federation(
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
        let folder = self.found_federation(id)?.folder_id.clone();
        self.check_access(&[id, &folder], EDITORS, subject)?;
        self.start(request, &body, subject, Change::DeleteFederation(id.to_owned()))
    }

    pub(super) fn found_federation(&self, id: &str) -> Result<&Federation, Refusal> {
        let found = self.workloads.federations.get(id);
        found.ok_or_else(|| Refusal::not_found("federation", id))
    }

    /// A name is unique within its folder.
    fn check_name(&self, name: &str, folder: &str, own_id: Option<&str>) -> Result<(), Refusal> {
        let is_same =
            |other: &Federation| other.name == name && other.folder_id == folder && Some(other.id.as_str()) != own_id;
        let is_pending = |change: &Change| matches!(change, Change::CreateFederation(other) if is_same(other));
        if self.workloads.federations.values().any(is_same) || self.operations.pending().any(is_pending) {
            return Err(Refusal::in_own_words(
                Code::AlreadyExists,
                format!("the folder has a federation named `{name}`"),
            ));
        }
        Ok(())
    }
}

/// The fields that an update names: in the body or the query, as text with commas (the JSON of a field mask) or as
/// `{"paths": […]}`. Without a mask it names every field, as in the service's REST reference wherever there is a mask.
fn mask<'b>(body: &'b Value, query: &'b Query) -> Result<Vec<&'static str>, Refusal> {
    let in_query = query.text(UPDATE_MASK, 1000)?;
    let named: Vec<&str> = match (body.get(UPDATE_MASK), in_query) {
        (None | Some(Value::Null), "") => return Ok(MUTABLE.to_vec()),
        (None | Some(Value::Null), text) => text.split(',').collect(),
        (Some(_), text) if !text.is_empty() => {
            return Err(Refusal::invalid(format!(
                "`{UPDATE_MASK}` is in the body and in the query"
            )));
        }
        (Some(Value::String(text)), _) => text.split(',').collect(),
        (Some(mask), _) => {
            let paths = mask.get("paths").and_then(Value::as_array);
            let paths = paths.and_then(|paths| paths.iter().map(Value::as_str).collect());
            paths.ok_or_else(|| Refusal::invalid(format!("`{UPDATE_MASK}` is neither a string nor has it `paths`")))?
        }
    };
    let known = |path: &str| {
        let path = path.trim();
        // The definition's own spelling; JSON's is the other.
        let path = if path == "jwks_url" { "jwksUrl" } else { path };
        let known = MUTABLE.iter().find(|known| **known == path);
        known.copied().ok_or_else(|| {
            Refusal::invalid(format!(
                "`{UPDATE_MASK}` names `{}`, which an update does not change",
                redact::quote(path, 60)
            ))
        })
    };
    named.into_iter().map(known).collect()
}

/// The new value of a field that the mask names: its default where the body does not have it.
fn field(body: &Value, path: &str) -> Result<FederationField, Refusal> {
    Ok(match path {
        "name" => FederationField::Name(name(body)?),
        "description" => FederationField::Description(text(body, "description", MAX_DESCRIPTION_LEN)?),
        "disabled" => FederationField::Disabled(boolean(body, "disabled")?),
        "audiences" => FederationField::Audiences(audiences(body)?),
        "jwksUrl" => FederationField::JwksUrl(required(body, "jwksUrl", MAX_URL_LEN)?.to_owned()),
        _ => FederationField::Labels(labels(body, "labels")?),
    })
}

/// `[a-z]([-a-z0-9]{0,61}[a-z0-9])?`
fn name(body: &Value) -> Result<String, Refusal> {
    let name = required(body, "name", MAX_NAME_LEN)?;
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    let has_known = |c: char| c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit();
    if begins && name.chars().all(has_known) && !name.ends_with('-') {
        return Ok(name.to_owned());
    }
    Err(Refusal::invalid(
        "`name` is not a lower-case letter, then letters, digits and hyphens, and no hyphen at the end",
    ))
}

fn audiences(body: &Value) -> Result<Vec<String>, Refusal> {
    let audiences = texts(body, "audiences")?;
    if !(1..=MAX_AUDIENCES).contains(&audiences.len()) {
        return Err(Refusal::invalid(format!(
            "`audiences` has {} elements, not 1 to {MAX_AUDIENCES}",
            audiences.len()
        )));
    }
    for audience in &audiences {
        check_length("audiences", audience, MAX_AUDIENCE_LEN)?;
        if audience.is_empty() {
            return Err(Refusal::invalid("`audiences` has an empty element"));
        }
    }
    Ok(audiences)
}
