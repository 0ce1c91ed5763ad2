//! What an operation does to federations and federated credentials once it is done.

use serde_json::{Value, json};

use super::workloads::{FederatedCredential, Federation, Workloads};

/// The package of the messages that go into `metadata` and `response`.
const TYPES: &str = "type.googleapis.com/yandex.cloud.iam.v1.workload";

/// A change that was accepted and has not happened yet.
#[derive(Clone, Debug)]
pub(super) enum Change {
    CreateCredential(FederatedCredential),
    DeleteCredential(String),
    CreateFederation(Federation),
    UpdateFederation(String, Vec<FederationField>),
    DeleteFederation(String),
}

/// A field's new value.
#[derive(Clone, Debug)]
pub(super) enum FederationField {
    Name(String),
    Description(String),
    Disabled(bool),
    Audiences(Vec<String>),
    JwksUrl(String),
    Labels(std::collections::BTreeMap<String, String>),
}

/// Why a change cannot happen that could have happened when it was asked for.
#[derive(Debug)]
pub(super) struct Conflict(String);

impl Conflict {
    /// A `google.rpc.Status`: `NOT_FOUND`.
    pub(super) fn to_json(&self) -> Value {
        json!({ "code": 5, "message": format!("emulator: {}", self.0), "details": [] })
    }
}

impl Change {
    pub(super) fn description(&self) -> &'static str {
        match self {
            Self::CreateCredential(_) => "Create federated credential",
            Self::DeleteCredential(_) => "Delete federated credential",
            Self::CreateFederation(_) => "Create federation",
            Self::UpdateFederation(..) => "Update federation",
            Self::DeleteFederation(_) => "Delete federation",
        }
    }

    pub(super) fn metadata(&self) -> Value {
        let credential = |verb: &str, id: &str| json!({ "@type": format!("{TYPES}.{verb}FederatedCredentialMetadata"), "federatedCredentialId": id });
        let federation = |verb: &str, id: &str| json!({ "@type": format!("{TYPES}.oidc.{verb}FederationMetadata"), "federationId": id });
        match self {
            Self::CreateCredential(created) => credential("Create", &created.id),
            Self::DeleteCredential(id) => credential("Delete", id),
            Self::CreateFederation(created) => federation("Create", &created.id),
            Self::UpdateFederation(id, _) => federation("Update", id),
            Self::DeleteFederation(id) => federation("Delete", id),
        }
    }
}

impl Workloads {
    /// Makes a change and gives the operation's response.
    pub(super) fn apply(&mut self, change: Change) -> Result<Value, Conflict> {
        match change {
            Change::CreateCredential(credential) => {
                if !self.federations.contains_key(&credential.federation_id) {
                    return Err(gone("federation", &credential.federation_id));
                }
                let response = typed("FederatedCredential", credential.to_json());
                self.credentials.insert(credential.id.clone(), credential);
                Ok(response)
            }
            Change::DeleteCredential(id) => match self.credentials.remove(&id) {
                Some(_) => Ok(empty()),
                None => Err(gone("federated credential", &id)),
            },
            Change::CreateFederation(federation) => {
                let response = typed("oidc.Federation", federation.to_json());
                self.federations.insert(federation.id.clone(), federation);
                Ok(response)
            }
            Change::UpdateFederation(id, fields) => {
                let federation = self.federations.get_mut(&id).ok_or_else(|| gone("federation", &id))?;
                for field in fields {
                    federation.set(field);
                }
                Ok(typed("oidc.Federation", federation.to_json()))
            }
            Change::DeleteFederation(id) => match self.federations.remove(&id) {
                Some(_) => {
                    self.credentials.retain(|_, credential| credential.federation_id != id);
                    Ok(empty())
                }
                None => Err(gone("federation", &id)),
            },
        }
    }
}

impl Federation {
    fn set(&mut self, field: FederationField) {
        match field {
            FederationField::Name(name) => self.name = name,
            FederationField::Description(description) => self.description = description,
            FederationField::Disabled(disabled) => self.disabled = disabled,
            FederationField::Audiences(audiences) => self.audiences = audiences,
            FederationField::JwksUrl(url) => self.jwks_url = url,
            FederationField::Labels(labels) => self.labels = labels,
        }
    }

    /// The message `Federation`, which says `enabled` where the requests say `disabled`. Like the JSON of Protocol
    /// Buffers, it may leave out what is false; here it does, so that clients are seen to understand it.
    pub(super) fn to_json(&self) -> Value {
        let mut message = json!({
            "id": self.id,
            "name": self.name,
            "folderId": self.folder_id,
            "description": self.description,
            "audiences": self.audiences,
            "issuer": self.issuer,
            "jwksUrl": self.jwks_url,
            "labels": self.labels,
            "createdAt": self.created_at,
        });
        if let Value::Object(fields) = &mut message
            && !self.disabled
        {
            fields.insert("enabled".to_owned(), Value::Bool(true));
        }
        message
    }
}

impl FederatedCredential {
    /// The message `FederatedCredential`.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "serviceAccountId": self.service_account_id,
            "federationId": self.federation_id,
            "externalSubjectId": self.external_subject_id,
            "createdAt": self.created_at,
        })
    }
}

fn typed(name: &str, mut message: Value) -> Value {
    if let Some(fields) = message.as_object_mut() {
        fields.insert("@type".to_owned(), Value::from(format!("{TYPES}.{name}")));
    }
    message
}

/// JSON of an `Any` with an `Empty` in it.
///
/// <https://protobuf.dev/reference/protobuf/google.protobuf/#any>
fn empty() -> Value {
    json!({ "@type": "type.googleapis.com/google.protobuf.Empty", "value": {} })
}

fn gone(what: &str, id: &str) -> Conflict {
    Conflict(format!("there is no {what} `{id}` any more"))
}
