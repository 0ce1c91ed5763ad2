//! What tokens are used for at the emulator: secrets, roles, operations.

use js_sys::{TypeError, Uint8Array};
use wasm_bindgen::prelude::*;
use yc_iam::emulator::SecretEntry;

use super::Emulator;
use crate::errors::thrown;
use crate::foreign;

#[wasm_bindgen]
impl Emulator {
    /// Creates a secret with a first version and gives its ID; the entries are an object of strings and `Uint8Array`s.
    #[wasm_bindgen(js_name = createSecret)]
    pub fn create_secret(&mut self, folder_id: &str, name: &str, entries: &JsValue) -> Result<String, JsValue> {
        let entries = read_entries(entries)?;
        self.0.create_secret(folder_id, name, entries).map_err(thrown)
    }

    /// Adds a version, which becomes the current one, and gives its ID.
    #[wasm_bindgen(js_name = addSecretVersion)]
    pub fn add_secret_version(&mut self, secret_id: &str, entries: &JsValue) -> Result<String, JsValue> {
        let entries = read_entries(entries)?;
        self.0.add_secret_version(secret_id, entries).map_err(thrown)
    }

    /// Lets a secret's payload be read, or not any more.
    #[wasm_bindgen(js_name = setSecretActive)]
    pub fn set_secret_active(&mut self, secret_id: &str, is_active: bool) -> bool {
        self.0.set_secret_active(secret_id, is_active)
    }

    /// Deletes a secret.
    #[wasm_bindgen(js_name = deleteSecret)]
    pub fn delete_secret(&mut self, secret_id: &str) -> bool {
        self.0.delete_secret(secret_id)
    }

    /// Gives a subject a role on a resource.
    #[wasm_bindgen(js_name = addAccessBinding)]
    pub fn add_access_binding(&mut self, resource_id: &str, role: &str, subject_id: &str) {
        self.0.add_access_binding(resource_id, role, subject_id);
    }

    /// Takes a role away.
    #[wasm_bindgen(js_name = removeAccessBinding)]
    pub fn remove_access_binding(&mut self, resource_id: &str, role: &str, subject_id: &str) -> bool {
        self.0.remove_access_binding(resource_id, role, subject_id)
    }

    /// Makes the next operation that starts fail; the details are a JSON list of objects.
    #[wasm_bindgen(js_name = orderOperationFailure)]
    pub fn order_operation_failure(
        &mut self,
        code: i32,
        message: &str,
        details: &str,
        detected_early: bool,
    ) -> Result<(), JsValue> {
        self.0
            .order_operation_failure(code, message, details, detected_early)
            .map_err(thrown)
    }
}

fn read_entries(entries: &JsValue) -> Result<Vec<SecretEntry>, JsValue> {
    let entry = |(key, value): (String, JsValue)| match (value.as_string(), value.dyn_ref::<Uint8Array>()) {
        (Some(text), _) => Ok(SecretEntry::text(&key, &text)),
        (None, Some(bytes)) => Ok(SecretEntry::binary(&key, &bytes.to_vec())),
        (None, None) => Err(TypeError::new("a secret's value is neither a string nor a Uint8Array").into()),
    };
    foreign::fields("a secret", entries)?.into_iter().map(entry).collect()
}
