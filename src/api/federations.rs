//! Workload identity federations of OIDC issuers.
//!
//! <https://yandex.cloud/en/docs/iam/concepts/workload-identity>; the API is `yandex.cloud.iam.v1.workload.oidc`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::answer::{Answer, Page};
use super::fields;
use super::resource::{Change, Get, List, PageOptions, Resource};
use super::task::Task;
use crate::credential;
use crate::error::{Error, ErrorCode};
use crate::json;
use crate::timestamp::UnixTime;
use crate::url_rules;

const MAX_AUDIENCES: usize = 100;
const MAX_AUDIENCE_LEN: usize = 255;
const MAX_DESCRIPTION_LEN: usize = 256;
const MAX_LABELS: usize = 64;
const MAX_URL_LEN: usize = 8000;

/// An external issuer that is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Federation {
    /// Its ID.
    pub id: String,
    /// Its name, unique within the folder.
    pub name: String,
    /// The folder that it belongs to.
    pub folder_id: String,
    /// A description; may be empty.
    pub description: String,
    /// Whether its tokens are refused at present.
    pub disabled: bool,
    /// The values of `aud`, one of which a token must have.
    pub audiences: Vec<String>,
    /// The `iss` that tokens must have, letter for letter.
    pub issuer: String,
    /// Where the issuer's public keys are (RFC 7517).
    pub jwks_url: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// When it was created.
    pub created_at: Option<UnixTime>,
}

impl Resource for Federation {
    const PATH: &'static str = "/iam/v1/workload/oidc/federations";
    const ITEMS: &'static str = "federations";
    const HINT: &'static str = "check the IDs, and that the account has the role `iam.workloadIdentityFederations.editor` in the folder, or `iam.workloadIdentityFederations.viewer` to read";

    fn read(object: &Value) -> Result<Self, Error> {
        let what = "the federation";
        let text = |name: &str| fields::text(object, what, name);
        Ok(Self {
            id: json::required_str_of(object, what, "id")?.to_owned(),
            name: text("name")?,
            folder_id: text("folderId")?,
            description: text("description")?,
            disabled: is_disabled(object)?,
            audiences: fields::texts(object, what, "audiences")?,
            issuer: json::required_str_of(object, what, "issuer")?.to_owned(),
            jwks_url: text("jwksUrl")?,
            labels: fields::labels(object, what, "labels")?,
            created_at: fields::time(object, what, "createdAt")?,
        })
    }

    fn answer(self) -> Answer {
        Answer::Federation(self)
    }

    fn page(items: Vec<Self>, next_page_token: Option<String>) -> Answer {
        Answer::Federations(Page { items, next_page_token })
    }
}

/// Requests say `disabled`, answers say `enabled`, and may leave it out where it is false, as the JSON of Protocol
/// Buffers does.
fn is_disabled(object: &Value) -> Result<bool, Error> {
    let is_there = |name: &str| object.get(name).is_some_and(|value| !value.is_null());
    if is_there("disabled") && !is_there("enabled") {
        return fields::flag(object, "the federation", "disabled");
    }
    Ok(!fields::flag(object, "the federation", "enabled")?)
}

/// What can be said about a federation. In an update, what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FederationFields {
    /// Its name. Required for a new one.
    pub name: Option<String>,
    /// A description.
    pub description: Option<String>,
    /// Whether its tokens are refused.
    pub disabled: Option<bool>,
    /// The values of `aud` that count: 1 to 100 of up to 255 characters. Required for a new one.
    pub audiences: Option<Vec<String>>,
    /// The `iss` of the tokens. Required for a new one; cannot be updated.
    pub issuer: Option<String>,
    /// Where the issuer's public keys are. Required for a new one.
    pub jwks_url: Option<String>,
    /// Labels.
    pub labels: Option<BTreeMap<String, String>>,
}

/// Makes a federation, and waits until it is there: [`Answer::Federation`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible value, or where a required one is missing.
pub fn create(folder_id: &str, federation: &FederationFields) -> Result<Task, Error> {
    let folder_id = credential::identifier("folder_id", folder_id)?;
    let required = [
        ("name", federation.name.is_some()),
        ("issuer", federation.issuer.is_some()),
        ("audiences", federation.audiences.is_some()),
        ("jwks_url", federation.jwks_url.is_some()),
    ];
    if let Some((name, _)) = required.iter().find(|(_, given)| !given) {
        return Err(invalid(
            &format!("`{name}` is missing"),
            "a new federation needs a name, an issuer, audiences and a JWKS URL",
        ));
    }
    let mut members = vec![("folderId", json::string(&folder_id))];
    members.extend(federation.members()?);
    Ok(Task::new(Change::<Federation>::create(json::object(&members))))
}

/// Reads one: [`Answer::Federation`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible ID.
pub fn get(federation_id: &str) -> Result<Task, Error> {
    Ok(Task::new(Get::<Federation>::new(id(federation_id)?)))
}

/// Reads all those of a folder, page after page: [`Answer::Federations`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible ID.
pub fn list(folder_id: &str) -> Result<Task, Error> {
    Ok(Task::new(List::<Federation>::all(of(folder_id)?)))
}

/// Reads one page of those of a folder: [`Answer::Federations`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible ID, size or token.
pub fn list_page(folder_id: &str, page: PageOptions) -> Result<Task, Error> {
    Ok(Task::new(List::<Federation>::page(of(folder_id)?, page)?))
}

/// Changes the fields that are given and no other, by the update mask, and waits until it is done:
/// [`Answer::Federation`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible value, or if nothing is to change.
pub fn update(federation_id: &str, changes: &FederationFields) -> Result<Task, Error> {
    let id = id(federation_id)?;
    if changes.issuer.is_some() {
        return Err(invalid(
            "`issuer` cannot be changed",
            "delete the federation and make another",
        ));
    }
    let members = changes.members()?;
    if members.is_empty() {
        return Err(invalid(
            "nothing is to be changed",
            "pass the fields that are to change, with their new values",
        ));
    }
    let mask: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let mut all = vec![("updateMask", json::string(&mask.join(",")))];
    all.extend(members);
    Ok(Task::new(Change::<Federation>::update(id, json::object(&all))))
}

/// Deletes one, and waits until it is gone: [`Answer::Nothing`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible ID.
pub fn delete(federation_id: &str) -> Result<Task, Error> {
    Ok(Task::new(Change::<Federation>::delete(id(federation_id)?)))
}

impl FederationFields {
    /// The fields that are given, as the service names them, with their JSON.
    fn members(&self) -> Result<Vec<(&'static str, String)>, Error> {
        let mut members = Vec::new();
        if let Some(name) = &self.name {
            members.push(("name", json::string(&credential::resource_name("name", name)?)));
        }
        if let Some(text) = &self.description {
            check_text("description", text, 0, MAX_DESCRIPTION_LEN)?;
            members.push(("description", json::string(text)));
        }
        if let Some(disabled) = self.disabled {
            members.push(("disabled", disabled.to_string()));
        }
        if let Some(audiences) = &self.audiences {
            members.push(("audiences", audiences_json(audiences)?));
        }
        for (name, argument, url) in [
            ("issuer", "issuer", &self.issuer),
            ("jwksUrl", "jwks_url", &self.jwks_url),
        ] {
            if let Some(url) = url {
                members.push((name, json::string(check_url(argument, url)?)));
            }
        }
        if let Some(labels) = &self.labels {
            members.push(("labels", labels_json(labels)?));
        }
        Ok(members)
    }
}

fn audiences_json(audiences: &[String]) -> Result<String, Error> {
    if !(1..=MAX_AUDIENCES).contains(&audiences.len()) {
        let message = format!("`audiences` has {} values", audiences.len());
        return Err(invalid(&message, "pass 1 to 100 of them"));
    }
    let texts = audiences.iter().map(|audience| {
        check_text("audiences", audience, 1, MAX_AUDIENCE_LEN)?;
        Ok(json::string(audience))
    });
    Ok(format!("[{}]", texts.collect::<Result<Vec<_>, Error>>()?.join(",")))
}

fn labels_json(labels: &BTreeMap<String, String>) -> Result<String, Error> {
    if labels.len() > MAX_LABELS {
        let message = format!("`labels` has {} entries", labels.len());
        return Err(invalid(&message, "a resource has 64 labels at most"));
    }
    let members: Vec<_> = labels
        .iter()
        .map(|(key, value)| (key.as_str(), json::string(value)))
        .collect();
    Ok(json::object(&members))
}

fn check_text(argument: &str, text: &str, min: usize, max: usize) -> Result<(), Error> {
    let len = text.chars().count();
    if !(min..=max).contains(&len) {
        let message = format!("`{argument}` has a text of {len} characters");
        return Err(invalid(&message, &format!("pass {min} to {max} characters")));
    }
    if text.chars().any(char::is_control) {
        let message = format!("`{argument}` holds a line break or another control character");
        return Err(invalid(&message, "take it out"));
    }
    Ok(())
}

/// The issuer and its keys are fetched by the service: only https will do.
fn check_url<'a>(argument: &str, url: &'a str) -> Result<&'a str, Error> {
    if url.len() <= MAX_URL_LEN && url.starts_with("https://") && url_rules::is_plain(url) {
        return Ok(url);
    }
    let hint = "pass an https URL, such as `https://storage.yandexcloud.net/mk8s-oidc/v1/clusters/<cluster ID>`";
    Err(invalid(&format!("`{argument}` is not an https URL"), hint))
}

fn id(text: &str) -> Result<String, Error> {
    credential::identifier("federation_id", text)
}

fn of(folder_id: &str) -> Result<(&'static str, String), Error> {
    let id = credential::identifier("folder_id", folder_id)?;
    Ok(("folderId", id))
}

fn invalid(message: &str, hint: &str) -> Error {
    Error::new(ErrorCode::InvalidArgument, message).with_hint(hint)
}
