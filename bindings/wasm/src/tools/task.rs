//! What can be done with a token: a table of the core's.

use wasm_bindgen::prelude::*;
use yc_iam::Secret;
use yc_iam::api::{self, FederationFields, PageOptions, federated_credentials, federations, lockbox, operations};

use super::given::Given;
use crate::errors::thrown;

/// Something to be done. A call takes it over.
#[wasm_bindgen]
pub struct Task(pub(super) api::Task);

fn task(made: Result<api::Task, yc_iam::Error>) -> Result<Task, JsValue> {
    made.map(Task).map_err(thrown)
}

#[wasm_bindgen]
impl Task {
    /// A secret by its ID.
    pub fn lockbox(secret_id: &str, version_id: Option<String>) -> Result<Self, JsValue> {
        task(lockbox::get(secret_id, version_id.as_deref()))
    }

    /// A secret by its folder and its name.
    #[wasm_bindgen(js_name = lockboxByName)]
    pub fn lockbox_by_name(folder_id: &str, name: &str, version_id: Option<String>) -> Result<Self, JsValue> {
        task(lockbox::get_by_name(folder_id, name, version_id.as_deref()))
    }

    /// A new federated credential.
    #[wasm_bindgen(js_name = createFederatedCredential)]
    pub fn create_federated_credential(
        service_account_id: &str,
        federation_id: &str,
        external_subject_id: &str,
    ) -> Result<Self, JsValue> {
        task(federated_credentials::create(
            service_account_id,
            federation_id,
            external_subject_id,
        ))
    }

    /// A federated credential.
    #[wasm_bindgen(js_name = getFederatedCredential)]
    pub fn get_federated_credential(id: &str) -> Result<Self, JsValue> {
        task(federated_credentials::get(id))
    }

    /// A service account's federated credentials: all, or the page that is asked for.
    #[wasm_bindgen(js_name = listFederatedCredentials)]
    pub fn list_federated_credentials(service_account_id: &str, page: &JsValue) -> Result<Self, JsValue> {
        task(match page_options(page)? {
            None => federated_credentials::list(service_account_id),
            Some(page) => federated_credentials::list_page(service_account_id, page),
        })
    }

    /// A federated credential's end.
    #[wasm_bindgen(js_name = deleteFederatedCredential)]
    pub fn delete_federated_credential(id: &str) -> Result<Self, JsValue> {
        task(federated_credentials::delete(id))
    }

    /// A new federation: `{name, issuer, audiences, jwksUrl, description?, disabled?, labels?}`
    #[wasm_bindgen(js_name = createFederation)]
    pub fn create_federation(folder_id: &str, fields: &JsValue) -> Result<Self, JsValue> {
        task(federations::create(folder_id, &federation_fields(fields)?))
    }

    /// A federation.
    #[wasm_bindgen(js_name = getFederation)]
    pub fn get_federation(id: &str) -> Result<Self, JsValue> {
        task(federations::get(id))
    }

    /// A folder's federations: all, or the page that is asked for.
    #[wasm_bindgen(js_name = listFederations)]
    pub fn list_federations(folder_id: &str, page: &JsValue) -> Result<Self, JsValue> {
        task(match page_options(page)? {
            None => federations::list(folder_id),
            Some(page) => federations::list_page(folder_id, page),
        })
    }

    /// Changes to a federation: as `createFederation` takes them, those that are given.
    #[wasm_bindgen(js_name = updateFederation)]
    pub fn update_federation(id: &str, changes: &JsValue) -> Result<Self, JsValue> {
        task(federations::update(id, &federation_fields(changes)?))
    }

    /// A federation's end.
    #[wasm_bindgen(js_name = deleteFederation)]
    pub fn delete_federation(id: &str) -> Result<Self, JsValue> {
        task(federations::delete(id))
    }

    /// A look at an operation.
    #[wasm_bindgen(js_name = getOperation)]
    pub fn get_operation(id: &str) -> Result<Self, JsValue> {
        task(operations::get(id))
    }

    /// Looks at an operation until it is done.
    #[wasm_bindgen(js_name = waitForOperation)]
    pub fn wait_for_operation(id: &str) -> Result<Self, JsValue> {
        task(operations::wait(id))
    }

    /// Any request, once more if it is refused; names and values of the headers take turns.
    pub fn request(method: &str, url: &str, headers: Vec<String>, body: Option<String>) -> Result<Self, JsValue> {
        let mut texts = headers.into_iter();
        let headers = std::iter::from_fn(|| Some((texts.next()?, Secret::new(texts.next()?)))).collect();
        task(api::request(method, url, headers, body.map(Secret::new)))
    }

    /// A token's end.
    pub fn revoke(token: String) -> Result<Self, JsValue> {
        task(api::tokens::revoke(Secret::new(token).expose()))
    }
}

/// `{pageSize?, pageToken?}`; `undefined`: every page.
fn page_options(page: &JsValue) -> Result<Option<PageOptions>, JsValue> {
    if page.is_undefined() {
        return Ok(None);
    }
    let given = Given::new("the page", page, &["pageSize", "pageToken"])?;
    Ok(Some(PageOptions {
        // What is no such number is none that the core takes.
        size: given
            .number("pageSize")?
            .map(|size| if size.fract() == 0.0 { size as u32 } else { 0 }),
        token: given.text("pageToken")?,
    }))
}

fn federation_fields(fields: &JsValue) -> Result<FederationFields, JsValue> {
    let known = [
        "name",
        "description",
        "disabled",
        "audiences",
        "issuer",
        "jwksUrl",
        "labels",
    ];
    let given = Given::new("the federation", fields, &known)?;
    Ok(FederationFields {
        name: given.text("name")?,
        description: given.text("description")?,
        disabled: given.flag("disabled")?,
        audiences: given.texts("audiences")?,
        issuer: given.text("issuer")?,
        jwks_url: given.text("jwksUrl")?,
        labels: given.pairs("labels")?.map(|labels| labels.into_iter().collect()),
    })
}
