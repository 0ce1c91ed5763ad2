//! Who else may ask for tokens: users, external workloads, machines, and accounts that act as others.

use serde_json::Value;

use super::{Emulator, FederatedCredential, Federation, Issuer, clock};
use crate::error::{Error, ErrorCode};
use crate::redact;
use crate::secret::Secret;
use crate::timestamp::UnixTime;

impl Emulator {
    /// Creates a Yandex account and gives its ID.
    pub fn create_user(&mut self, login: &str) -> String {
        let id = self.ids.other("user");
        self.registry.add_user(id.clone(), login.to_owned());
        id
    }

    /// Creates an OAuth token for a user.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for an unknown user.
    pub fn create_oauth_token(&mut self, user_id: &str) -> Result<Secret, Error> {
        if !self.registry.has_user(user_id) {
            return Err(unknown("user", user_id));
        }
        let token = self.ids.oauth_token();
        self.registry.add_oauth_token(token.expose(), user_id);
        Ok(token)
    }

    /// Ends an OAuth token; IAM tokens that it brought live on. True if it was there.
    pub fn revoke_oauth_token(&mut self, token: &str) -> bool {
        self.registry.remove_oauth_token(token)
    }

    /// Attaches a service account to the machine that asks this emulator for metadata, or takes it away.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for an unknown service account.
    pub fn attach_service_account(&mut self, service_account_id: Option<&str>) -> Result<(), Error> {
        if let Some(id) = service_account_id {
            self.registry.check_account(id)?;
        }
        self.attached = service_account_id.map(str::to_owned);
        Ok(())
    }

    /// Lets a user or service account create tokens for a service account: the role
    /// `iam.serviceAccounts.tokenCreator`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for an unknown service account.
    pub fn allow_impersonation(&mut self, subject_id: &str, service_account_id: &str) -> Result<(), Error> {
        self.registry.check_account(service_account_id)?;
        self.registry.allow(subject_id, service_account_id);
        Ok(())
    }

    /// Creates a federation that trusts this issuer and its keys, for tokens that are meant for the issuer itself, and
    /// gives its ID: what a cluster's tokens need.
    pub fn trust(&mut self, issuer: &Issuer, now: UnixTime) -> String {
        self.publish(issuer);
        self.create_federation(
            Federation {
                name: "cluster".to_owned(),
                audiences: vec![issuer.url().to_owned()],
                issuer: issuer.url().to_owned(),
                jwks_url: issuer.jwks_url(),
                ..Federation::default()
            },
            now,
        )
    }

    /// Creates a federation and gives its ID; the one in the argument does not matter, nor the time.
    pub fn create_federation(&mut self, federation: Federation, now: UnixTime) -> String {
        let id = self.ids.other("federation");
        let federation = Federation {
            id: id.clone(),
            created_at: clock::rfc3339(self.clock(now, 0), 7),
            ..federation
        };
        self.workloads.federations.insert(id.clone(), federation);
        id
    }

    /// A federation, to be looked at and changed.
    pub fn federation(&mut self, id: &str) -> Option<&mut Federation> {
        self.workloads.federations.get_mut(id)
    }

    /// Deletes a federation; its federated credentials are worth nothing then. True if it was there.
    pub fn delete_federation(&mut self, id: &str) -> bool {
        self.workloads.federations.remove(id).is_some()
    }

    /// Lets an external subject of a federation act as a service account, and gives the federated credential's ID.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for an unknown service account or federation.
    pub fn create_federated_credential(
        &mut self,
        service_account_id: &str,
        federation_id: &str,
        external_subject_id: &str,
        now: UnixTime,
    ) -> Result<String, Error> {
        self.registry.check_account(service_account_id)?;
        if !self.workloads.federations.contains_key(federation_id) {
            return Err(unknown("federation", federation_id));
        }
        let id = self.ids.other("federated credential");
        let credential = FederatedCredential {
            id: id.clone(),
            service_account_id: service_account_id.to_owned(),
            federation_id: federation_id.to_owned(),
            external_subject_id: external_subject_id.to_owned(),
            created_at: clock::rfc3339(self.clock(now, 0), 7),
        };
        self.workloads.credentials.insert(id.clone(), credential);
        Ok(id)
    }

    /// Deletes a federated credential. True if it was there.
    pub fn delete_federated_credential(&mut self, id: &str) -> bool {
        self.workloads.credentials.remove(id).is_some()
    }

    /// Publishes an issuer's keys as they are now, where a federation looks for them.
    pub fn publish(&mut self, issuer: &Issuer) {
        let keys: Value = serde_json::from_slice(issuer.jwks().as_bytes()).unwrap_or_default();
        self.workloads.key_sets.insert(issuer.jwks_url(), keys);
    }

    /// Publishes a key set (RFC 7517, section 5) at a federation's `jwks_url`: the emulator fetches nothing.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] unless it is JSON with a list of `keys`.
    pub fn publish_keys(&mut self, jwks_url: &str, jwks: &str) -> Result<(), Error> {
        let set = serde_json::from_slice::<Value>(jwks.as_bytes()).ok();
        let set = set
            .filter(|set| set.get("keys").is_some_and(Value::is_array))
            .ok_or_else(|| {
                Error::new(
                    ErrorCode::InvalidArgument,
                    "the key set is not JSON with a list of `keys`",
                )
                .with_hint("pass what the issuer serves at its `jwks_uri`")
            })?;
        self.workloads.key_sets.insert(jwks_url.to_owned(), set);
        Ok(())
    }
}

fn unknown(what: &str, id: &str) -> Error {
    let id = redact::quote(id, 50);
    Error::new(ErrorCode::InvalidArgument, format!("the emulator has no {what} `{id}`"))
        .with_hint("create it first and use the ID that comes back")
}
