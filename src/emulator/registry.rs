//! Service accounts and their keys, and the key files that are handed out for them.

use std::collections::{BTreeMap, BTreeSet};

use rsa::pkcs8::{LineEnding, SecretDocument};
use zeroize::Zeroizing;

use super::crypto::RsaPublicKey;
use crate::error::{Error, ErrorCode};
use crate::json;
use crate::key::ServiceAccountKey;
use crate::redact;

#[derive(Default)]
pub(super) struct Registry {
    /// From ID to name.
    accounts: BTreeMap<String, String>,
    keys: BTreeMap<String, RegisteredKey>,
    /// From ID to login.
    users: BTreeMap<String, String>,
    /// From OAuth token to user ID.
    oauth_tokens: BTreeMap<String, String>,
    /// Who may create tokens for which service account.
    creators: BTreeSet<(String, String)>,
}

/// Shows no OAuth token.
impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry")
            .field("accounts", &self.accounts)
            .field("keys", &self.keys)
            .field("users", &self.users)
            .field("creators", &self.creators)
            .finish_non_exhaustive()
    }
}

/// What the service keeps of a key: whose it is, and its public half.
#[derive(Clone, Debug)]
pub(super) struct RegisteredKey {
    pub(super) service_account_id: String,
    pub(super) public: RsaPublicKey,
}

impl Registry {
    pub(super) fn add_account(&mut self, id: String, name: String) {
        self.accounts.insert(id, name);
    }

    pub(super) fn accounts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.accounts.iter().map(|(id, name)| (id.as_str(), name.as_str()))
    }

    pub(super) fn has_account(&self, id: &str) -> bool {
        self.accounts.contains_key(id)
    }

    /// # Errors
    /// [`ErrorCode::InvalidArgument`] if there is none with this ID.
    pub(super) fn check_account(&self, id: &str) -> Result<(), Error> {
        if self.has_account(id) {
            return Ok(());
        }
        let account = redact::quote(id, 50);
        Err(Error::new(
            ErrorCode::InvalidArgument,
            format!("the emulator has no service account `{account}`"),
        )
        .with_hint("create it first and use the ID that comes back"))
    }

    pub(super) fn add_user(&mut self, id: String, login: String) {
        self.users.insert(id, login);
    }

    pub(super) fn has_user(&self, id: &str) -> bool {
        self.users.contains_key(id)
    }

    pub(super) fn add_oauth_token(&mut self, token: &str, user_id: &str) {
        self.oauth_tokens.insert(token.to_owned(), user_id.to_owned());
    }

    pub(super) fn remove_oauth_token(&mut self, token: &str) -> bool {
        self.oauth_tokens.remove(token).is_some()
    }

    /// Whose OAuth token this is.
    pub(super) fn user_of(&self, token: &str) -> Option<&str> {
        self.oauth_tokens.get(token).map(String::as_str)
    }

    pub(super) fn allow(&mut self, subject_id: &str, service_account_id: &str) {
        self.creators
            .insert((subject_id.to_owned(), service_account_id.to_owned()));
    }

    pub(super) fn may_act_as(&self, subject_id: &str, service_account_id: &str) -> bool {
        let pair = (subject_id.to_owned(), service_account_id.to_owned());
        self.creators.contains(&pair)
    }

    pub(super) fn key(&self, id: &str) -> Option<&RegisteredKey> {
        self.keys.get(id)
    }

    pub(super) fn delete_key(&mut self, id: &str) -> bool {
        self.keys.remove(id).is_some()
    }

    /// Registers the key under this ID and writes its file.
    pub(super) fn add_key(
        &mut self,
        id: &str,
        service_account_id: &str,
        private_key_pem: &str,
        created_at: &str,
    ) -> Result<String, Error> {
        self.check_account(service_account_id)?;
        let key = check(id, service_account_id, private_key_pem)?;
        let registered = public_half(&key).ok_or_else(unusable)?;
        let file = key_file(&key, &registered, created_at).ok_or_else(unusable)?;
        self.keys.insert(id.to_owned(), registered);
        Ok(file)
    }
}

fn unusable() -> Error {
    Error::new(ErrorCode::InvalidPrivateKey, "the private key cannot be registered")
        .with_hint("pass a PEM block of an RSA private key")
}

/// What the core accepts as a private key is accepted here.
fn check(id: &str, service_account_id: &str, private_key_pem: &str) -> Result<ServiceAccountKey, Error> {
    let file = Zeroizing::new(json::object(&[
        ("id", json::string(id)),
        ("service_account_id", json::string(service_account_id)),
        ("private_key", json::string(private_key_pem)),
    ]));
    ServiceAccountKey::from_json(file.as_bytes())
}

fn public_half(key: &ServiceAccountKey) -> Option<RegisteredKey> {
    Some(RegisteredKey {
        service_account_id: key.service_account_id().to_owned(),
        public: RsaPublicKey::of_pkcs1(key.pkcs1().ok()?)?,
    })
}

/// The file as `yc iam key create` writes it.
fn key_file(key: &ServiceAccountKey, registered: &RegisteredKey, created_at: &str) -> Option<String> {
    let public_pem = registered.public.to_pem()?;
    let pkcs8 = SecretDocument::try_from(key.expose_pkcs8().ok()?.as_slice()).ok()?;
    let private_pem = pkcs8.to_pem("PRIVATE KEY", LineEnding::LF).ok()?;
    let banner = format!(
        "PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <{}>\n",
        key.id()
    );
    let fields = [
        ("id", key.id()),
        ("service_account_id", key.service_account_id()),
        ("created_at", created_at),
        ("key_algorithm", &format!("RSA_{}", key.modulus_bits())),
        ("public_key", &public_pem),
        ("private_key", &Zeroizing::new(format!("{banner}{}", *private_pem))),
    ];
    let lines = fields.map(|(name, value)| format!("   {}: {}", json::string(name), json::string(value)));
    Some(format!("{{\n{}\n}}\n", lines.join(",\n")))
}
