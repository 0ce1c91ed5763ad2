//! Who else may ask the emulator for tokens.

use wasm_bindgen::prelude::*;
use yc_iam::UnixTime;
use yc_iam::emulator::Federation;

use super::Emulator;
use super::issuer::Issuer;
use super::objects::Given;
use crate::errors::thrown;

#[wasm_bindgen]
impl Emulator {
    /// Creates a Yandex account and gives its ID.
    #[wasm_bindgen(js_name = createUser)]
    pub fn create_user(&mut self, login: &str) -> String {
        self.0.create_user(login)
    }

    /// Creates an OAuth token for a user.
    #[wasm_bindgen(js_name = createOauthToken)]
    pub fn create_oauth_token(&mut self, user_id: &str) -> Result<String, JsValue> {
        let token = self.0.create_oauth_token(user_id).map_err(thrown)?;
        Ok(token.expose().to_owned())
    }

    /// Ends an OAuth token.
    #[wasm_bindgen(js_name = revokeOauthToken)]
    pub fn revoke_oauth_token(&mut self, token: &str) -> bool {
        self.0.revoke_oauth_token(token)
    }

    /// Attaches a service account to the machine that asks for metadata, or takes it away.
    #[wasm_bindgen(js_name = attachServiceAccount)]
    pub fn attach_service_account(&mut self, service_account_id: Option<String>) -> Result<(), JsValue> {
        self.0
            .attach_service_account(service_account_id.as_deref())
            .map_err(thrown)
    }

    /// Lets a user or a service account create tokens for a service account.
    #[wasm_bindgen(js_name = allowImpersonation)]
    pub fn allow_impersonation(&mut self, subject_id: &str, service_account_id: &str) -> Result<(), JsValue> {
        self.0
            .allow_impersonation(subject_id, service_account_id)
            .map_err(thrown)
    }

    /// Creates a federation that trusts this issuer and the keys that it has now, and gives its ID.
    pub fn trust(&mut self, issuer: &Issuer, now: f64) -> Result<String, JsValue> {
        let now = UnixTime::from_secs_f64(now).map_err(thrown)?;
        Ok(self.0.trust(&issuer.0, now))
    }

    /// `{name?, issuer, audiences, jwksUrl}`; gives its ID.
    #[wasm_bindgen(js_name = createFederation)]
    pub fn create_federation(&mut self, federation: &JsValue, now: f64) -> Result<String, JsValue> {
        let given = Given(federation);
        let text = |name| given.text(name).unwrap_or_default();
        let now = UnixTime::from_secs_f64(now).map_err(thrown)?;
        let federation = Federation {
            name: text("name"),
            issuer: text("issuer"),
            audiences: given.texts("audiences").unwrap_or_default(),
            jwks_url: text("jwksUrl"),
            ..Federation::default()
        };
        Ok(self.0.create_federation(federation, now))
    }

    /// Deletes a federation.
    #[wasm_bindgen(js_name = deleteFederation)]
    pub fn delete_federation(&mut self, federation_id: &str) -> bool {
        self.0.delete_federation(federation_id)
    }

    /// Lets an external subject of a federation act as a service account; gives the federated credential's ID.
    #[wasm_bindgen(js_name = createFederatedCredential)]
    pub fn create_federated_credential(
        &mut self,
        service_account_id: &str,
        federation_id: &str,
        external_subject_id: &str,
        now: f64,
    ) -> Result<String, JsValue> {
        UnixTime::from_secs_f64(now)
            .and_then(|now| {
                self.0
                    .create_federated_credential(service_account_id, federation_id, external_subject_id, now)
            })
            .map_err(thrown)
    }

    /// Deletes a federated credential.
    #[wasm_bindgen(js_name = deleteFederatedCredential)]
    pub fn delete_federated_credential(&mut self, federated_credential_id: &str) -> bool {
        self.0.delete_federated_credential(federated_credential_id)
    }

    /// Publishes a key set where federations look for it.
    #[wasm_bindgen(js_name = publishKeys)]
    pub fn publish_keys(&mut self, jwks_url: &str, jwks: &str) -> Result<(), JsValue> {
        self.0.publish_keys(jwks_url, jwks).map_err(thrown)
    }
}
