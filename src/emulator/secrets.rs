//! Lockbox secrets and their versions, as far as payloads go.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use zeroize::Zeroizing;

use super::Emulator;
use crate::error::{Error, ErrorCode};
use crate::redact;
use crate::secret::Secret;

// The limits are those in `yandex/cloud/lockbox/v1/secret_service.proto`, <https://github.com/yandex-cloud/cloudapi>.
const MAX_FOLDER_ID_LEN: usize = 50;
const MAX_NAME_LEN: usize = 100;
const MAX_KEY_LEN: usize = 256;
const MAX_VALUE_LEN: usize = 65_536;

/// One entry of a secret's version.
#[derive(Clone, Debug)]
pub struct SecretEntry {
    /// Its key: letters, digits and `-_./\@`, 256 at most.
    pub key: String,
    /// Its value.
    pub value: SecretValue,
}

/// The value of an entry: 65 536 characters or bytes at most.
#[derive(Clone)]
pub enum SecretValue {
    /// Text.
    Text(Secret),
    /// Bytes.
    Binary(Zeroizing<Vec<u8>>),
}

impl SecretEntry {
    /// An entry that holds text.
    #[must_use]
    pub fn text(key: &str, value: &str) -> Self {
        Self {
            key: key.to_owned(),
            value: SecretValue::Text(Secret::new(value.to_owned())),
        }
    }

    /// An entry that holds bytes.
    #[must_use]
    pub fn binary(key: &str, value: &[u8]) -> Self {
        Self {
            key: key.to_owned(),
            value: SecretValue::Binary(Zeroizing::new(value.to_vec())),
        }
    }
}

impl SecretValue {
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.expose().as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text([redacted])",
            Self::Binary(_) => "Binary([redacted])",
        })
    }
}

#[derive(Debug)]
pub(super) struct StoredSecret {
    pub(super) folder_id: String,
    pub(super) name: String,
    pub(super) is_active: bool,
    /// IDs and entries; the last one is current.
    pub(super) versions: Vec<(String, Vec<SecretEntry>)>,
}

/// By their IDs.
#[derive(Debug, Default)]
pub(super) struct Secrets(pub(super) BTreeMap<String, StoredSecret>);

impl Emulator {
    /// Creates a Lockbox secret with a first version and gives its ID. To read it takes the role `lockbox.payloadViewer`:
    /// [`add_access_binding`](Self::add_access_binding).
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for what breaks a limit, a key that is there twice, or a name that the folder has.
    pub fn create_secret(&mut self, folder_id: &str, name: &str, entries: Vec<SecretEntry>) -> Result<String, Error> {
        let is_id = (1..=MAX_FOLDER_ID_LEN).contains(&folder_id.chars().count());
        if !is_id || name.chars().count() > MAX_NAME_LEN {
            return Err(refused(
                "the folder ID has no 1 to 50 characters, or the name has more than 100",
            ));
        }
        let is_same = |other: &StoredSecret| other.folder_id == folder_id && other.name == name;
        if !name.is_empty() && self.secrets.0.values().any(is_same) {
            let name = redact::quote(name, MAX_NAME_LEN);
            return Err(refused(&format!("the folder has a secret named `{name}`")));
        }
        check(&entries)?;
        let id = self.ids.lockbox("secret");
        let secret = StoredSecret {
            folder_id: folder_id.to_owned(),
            name: name.to_owned(),
            is_active: true,
            versions: vec![(self.ids.lockbox("secret version"), entries)],
        };
        self.secrets.0.insert(id.clone(), secret);
        Ok(id)
    }

    /// Adds a version to a secret, which becomes the current one, and gives the version's ID.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for an unknown secret and as for [`create_secret`](Self::create_secret).
    pub fn add_secret_version(&mut self, secret_id: &str, entries: Vec<SecretEntry>) -> Result<String, Error> {
        check(&entries)?;
        let id = self.ids.lockbox("secret version");
        let secret = self.secrets.0.get_mut(secret_id).ok_or_else(|| {
            let id = redact::quote(secret_id, 50);
            refused(&format!("the emulator has no secret `{id}`"))
        })?;
        secret.versions.push((id.clone(), entries));
        Ok(id)
    }

    /// Lets a secret's payload be read, or not any more. True if the secret is there.
    pub fn set_secret_active(&mut self, secret_id: &str, is_active: bool) -> bool {
        let secret = self.secrets.0.get_mut(secret_id);
        secret.map(|secret| secret.is_active = is_active).is_some()
    }

    /// Deletes a secret. True if it was there.
    pub fn delete_secret(&mut self, secret_id: &str) -> bool {
        self.secrets.0.remove(secret_id).is_some()
    }
}

fn check(entries: &[SecretEntry]) -> Result<(), Error> {
    let mut keys = BTreeSet::new();
    for entry in entries {
        let is_known = |c: char| c.is_ascii_alphanumeric() || "-_./\\@".contains(c);
        let key = redact::quote(&entry.key, MAX_KEY_LEN);
        if !(1..=MAX_KEY_LEN).contains(&entry.key.len()) || !entry.key.chars().all(is_known) {
            return Err(refused(&format!(
                "the key `{key}` is not 1 to {MAX_KEY_LEN} letters, digits and `-_./\\@`"
            )));
        }
        if !keys.insert(&entry.key) {
            return Err(refused(&format!("the key `{key}` is there twice")));
        }
        let len = match &entry.value {
            SecretValue::Text(text) => text.expose().chars().count(),
            SecretValue::Binary(bytes) => bytes.len(),
        };
        if len > MAX_VALUE_LEN {
            return Err(refused(&format!("the value of `{key}` is longer than {MAX_VALUE_LEN}")));
        }
    }
    Ok(())
}

fn refused(problem: &str) -> Error {
    Error::new(ErrorCode::InvalidArgument, problem).with_hint("pass what Lockbox would take")
}
