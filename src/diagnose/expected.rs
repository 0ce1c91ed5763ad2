//! What a federation and a federated credential expect of an external token.

use serde_json::Value;

use crate::error::{Error, ErrorCode};

/// What an external token is compared with. What is not known is left empty and not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpectedIdentity {
    /// The federation's issuer: the claim `iss`.
    pub issuer: Option<String>,
    /// The federation's audiences: the claim `aud` must have one of them.
    pub audiences: Vec<String>,
    /// The federated credential's external subject: the claim `sub`.
    pub subject: Option<String>,
    /// The service account that the federated credential is for.
    pub service_account_id: Option<String>,
    /// Whether the federation is switched off.
    pub disabled: Option<bool>,
    /// The federation's ID.
    pub federation_id: Option<String>,
    /// The ID of the federation that the federated credential belongs to.
    pub credential_federation_id: Option<String>,
}

const HOW_TO_GET_THEM: &str = "pass what `yc iam workload-identity oidc federation get ID --format json` and \
     `yc iam workload-identity federated-credential get ID --format json` print";

impl ExpectedIdentity {
    /// Reads the API's JSON objects `Federation` and `FederatedCredential`, with field names in camel case as the API
    /// writes them, or in snake case as `yc … --format json` prints them. A list of exactly one of them will do.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for anything else.
    pub fn from_json(federation: Option<&[u8]>, credential: Option<&[u8]>) -> Result<Self, Error> {
        let mut expected = Self::default();
        if let Some(content) = federation {
            expected.read_federation(&parse("federation", content)?)?;
        }
        if let Some(content) = credential {
            expected.read_credential(&parse("federated credential", content)?)?;
        }
        Ok(expected)
    }

    fn read_federation(&mut self, object: &Value) -> Result<(), Error> {
        let what = "federation";
        self.federation_id = text(what, object, &["id"])?;
        self.issuer = text(what, object, &["issuer"])?;
        if self.issuer.is_none() {
            return Err(invalid("the federation has no `issuer`".to_owned()));
        }
        // Requests say `disabled`, answers say `enabled`.
        self.disabled = match flag(object, "enabled")? {
            Some(enabled) => Some(!enabled),
            None => flag(object, "disabled")?,
        };
        let not_texts = || invalid("the federation's `audiences` are not a list of strings".to_owned());
        self.audiences = match field(object, &["audiences"]) {
            None => Vec::new(),
            Some(Value::Array(items)) => {
                let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
                texts.collect::<Option<_>>().ok_or_else(not_texts)?
            }
            Some(_) => return Err(not_texts()),
        };
        Ok(())
    }

    fn read_credential(&mut self, object: &Value) -> Result<(), Error> {
        let what = "federated credential";
        self.subject = text(what, object, &["externalSubjectId", "external_subject_id"])?;
        if self.subject.is_none() {
            return Err(invalid(
                "the federated credential has no `externalSubjectId`".to_owned(),
            ));
        }
        self.service_account_id = text(what, object, &["serviceAccountId", "service_account_id"])?;
        self.credential_federation_id = text(what, object, &["federationId", "federation_id"])?;
        Ok(())
    }
}

/// The first of these fields that is there; an explicit `null` counts as absent.
pub(super) fn field<'v>(object: &'v Value, names: &[&str]) -> Option<&'v Value> {
    let mut values = names.iter().filter_map(|name| object.get(*name));
    values.find(|value| !value.is_null())
}

fn flag(object: &Value, name: &str) -> Result<Option<bool>, Error> {
    match field(object, &[name]) {
        None => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(invalid(format!("the federation's `{name}` is neither true nor false"))),
    }
}

fn text(what: &str, object: &Value, names: &[&str]) -> Result<Option<String>, Error> {
    match field(object, names) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => {
            let name = names.first().copied().unwrap_or_default();
            Err(invalid(format!("the {what}'s `{name}` is not a string")))
        }
    }
}

fn parse(what: &str, content: &[u8]) -> Result<Value, Error> {
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    let value = serde_json::from_slice(content).map_err(|error| {
        // The parser's own message may quote the input: only the place is safe to show.
        let place = format!("line {} column {}", error.line(), error.column());
        invalid(format!("the {what} is not valid JSON: it breaks at {place}"))
    })?;
    let value = match value {
        Value::Array(mut items) => match (items.pop(), items.len()) {
            (Some(only), 0) => only,
            (_, others) => {
                let count = others + usize::from(others > 0);
                return Err(invalid(format!(
                    "a list of {count} was given where one {what} was expected"
                )));
            }
        },
        other => other,
    };
    if !value.is_object() {
        return Err(invalid(format!("the {what} is not a JSON object")));
    }
    Ok(value)
}

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::InvalidArgument, message).with_hint(HOW_TO_GET_THEM)
}
