//! Lockbox: the payload of a secret.
//!
//! <https://yandex.cloud/en/docs/lockbox/api-ref/Payload/>; needs the role `lockbox.payloadViewer`.

use std::fmt;

use base64ct::{Base64, Encoding};
use serde_json::Value;
use zeroize::Zeroizing;

use super::answer::Answer;
use super::task::{Method, Next, Task, read_object, with_query, without_body};
use crate::credential;
use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorCode};
use crate::http::{Request, Response};
use crate::json;
use crate::redact;
use crate::timestamp::UnixTime;

const SECRETS_PATH: &str = "/lockbox/v1/secrets";

const HINT: &str = "check the secret's ID or name, that it is active, and that the account has the role `lockbox.payloadViewer` for it";

/// Reads a secret by its ID, in its current version or another: [`Answer::LockboxPayload`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible ID.
pub fn get(secret_id: &str, version_id: Option<&str>) -> Result<Task, Error> {
    let secret_id = credential::identifier("secret_id", secret_id)?;
    Ok(Task::new(Get {
        by: By::Id(secret_id),
        version_id: version(version_id)?,
    }))
}

/// Reads a secret by its folder's ID and its name, in its current version or another: [`Answer::LockboxPayload`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for an impossible ID or name.
pub fn get_by_name(folder_id: &str, name: &str, version_id: Option<&str>) -> Result<Task, Error> {
    let folder_id = credential::identifier("folder_id", folder_id)?;
    Ok(Task::new(Get {
        by: By::Name {
            folder_id,
            name: credential::resource_name("name", name)?,
        },
        version_id: version(version_id)?,
    }))
}

fn version(id: Option<&str>) -> Result<Option<String>, Error> {
    id.map(|id| credential::identifier("version_id", id)).transpose()
}

#[derive(Debug)]
struct Get {
    by: By,
    version_id: Option<String>,
}

#[derive(Debug)]
enum By {
    Id(String),
    Name { folder_id: String, name: String },
}

impl Method for Get {
    fn request(&self, endpoints: &Endpoints) -> Request {
        let version_id = ("versionId", self.version_id.as_deref());
        let base = format!("{}{SECRETS_PATH}", endpoints.lockbox());
        let url = match &self.by {
            By::Id(id) => with_query(format!("{base}/{id}/payload"), &[version_id]),
            By::Name { folder_id, name } => with_query(
                format!("{base}:getEx"),
                &[
                    ("folderAndName.folderId", Some(folder_id)),
                    ("folderAndName.secretName", Some(name)),
                    version_id,
                ],
            ),
        };
        without_body("GET", url)
    }

    fn read(&mut self, response: &Response, now: UnixTime) -> Result<Next, Error> {
        let payload = read_object(response, now, LockboxPayload::read)?;
        Ok(Next::Done(Answer::LockboxPayload(payload)))
    }

    fn hint(&self) -> &'static str {
        HINT
    }
}

/// The payload of a secret: values by their keys. `Debug` shows the keys only.
#[derive(Clone, PartialEq, Eq)]
pub struct LockboxPayload {
    version_id: String,
    entries: Vec<(String, Zeroizing<Vec<u8>>)>,
}

impl LockboxPayload {
    /// Reads `entries`: a list with text and binary values or, where the secret was read by its name, an object of
    /// base64 values.
    fn read(answer: &Value) -> Result<Self, Error> {
        let entries = match answer.get("entries") {
            Some(Value::Array(entries)) => entries.iter().map(read_entry).collect::<Result<_, _>>()?,
            Some(Value::Object(entries)) => entries
                .iter()
                .map(|(key, value)| Ok((key.clone(), decoded(key, value.as_str())?)))
                .collect::<Result<_, Error>>()?,
            // A list without entries is left out.
            None | Some(Value::Null) => Vec::new(),
            Some(_) => {
                return Err(json::invalid_response(
                    "the answer has `entries` that are neither a list nor an object".to_owned(),
                ));
            }
        };
        Ok(Self {
            version_id: json::required_str(answer, "versionId")?.to_owned(),
            entries,
        })
    }

    /// A payload of which a host kept what it needs.
    pub fn from_entries(version_id: String, entries: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let entries = entries.into_iter();
        Self {
            version_id,
            entries: entries.map(|(key, value)| (key, Zeroizing::new(value))).collect(),
        }
    }

    /// The ID of the version that was read.
    #[must_use]
    pub fn version_id(&self) -> &str {
        &self.version_id
    }

    /// The keys, in the service's order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(key, _)| key.as_str())
    }

    /// The values, in the order of the keys.
    pub fn values(&self) -> impl Iterator<Item = &[u8]> {
        self.entries.iter().map(|(_, value)| value.as_slice())
    }

    /// The value under this key as text.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] if there is none, or it is not text.
    pub fn text(&self, key: &str) -> Result<&str, Error> {
        std::str::from_utf8(self.bytes(key)?).map_err(|_| {
            let message = format!("the secret's entry `{}` is not text", redact::quote(key, 100));
            Error::new(ErrorCode::InvalidArgument, message).with_hint("ask for its bytes")
        })
    }

    /// The value under this key, text or binary, as bytes.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] if there is none.
    pub fn bytes(&self, key: &str) -> Result<&[u8], Error> {
        let entry = self.entries.iter().find(|(known, _)| known == key);
        entry.map(|(_, value)| value.as_slice()).ok_or_else(|| {
            let known: Vec<String> = self
                .keys()
                .map(|key| format!("`{}`", redact::quote(key, 100)))
                .collect();
            let hint = match known.as_slice() {
                [] => "it has no entries".to_owned(),
                known => format!("it has {}", known.join(", ")),
            };
            let message = format!("the secret has no entry `{}`", redact::quote(key, 100));
            Error::new(ErrorCode::InvalidArgument, message).with_hint(hint)
        })
    }
}

fn read_entry(entry: &Value) -> Result<(String, Zeroizing<Vec<u8>>), Error> {
    let key = json::required_str_of(entry, "an entry of the answer", "key")?;
    let given = |name: &str| entry.get(name).filter(|value| !value.is_null());
    let value = match (given("textValue"), given("binaryValue")) {
        (Some(Value::String(text)), None) => Zeroizing::new(text.clone().into_bytes()),
        (None, Some(binary)) => decoded(key, binary.as_str())?,
        // An empty text is left out, like every empty field.
        (None, None) => Zeroizing::default(),
        _ => return Err(unreadable(key)),
    };
    Ok((key.to_owned(), value))
}

fn decoded(key: &str, base64: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Error> {
    base64
        .and_then(|text| Base64::decode_vec(text).ok())
        .map(Zeroizing::new)
        .ok_or_else(|| unreadable(key))
}

fn unreadable(key: &str) -> Error {
    let key = redact::quote(key, 100);
    json::invalid_response(format!("the answer's entry `{key}` has no value that can be read"))
}

impl fmt::Debug for LockboxPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LockboxPayload")
            .field("version_id", &self.version_id)
            .field("keys", &self.keys().collect::<Vec<_>>())
            .finish()
    }
}
