//! Where the services are.

use wasm_bindgen::prelude::*;

use crate::environment::Environment;
use crate::errors::thrown;
use crate::overrides::read_overrides;
use crate::plain::Plain;

/// Base URLs of the services.
#[wasm_bindgen]
pub struct Endpoints(yc_iam::Endpoints);

#[wasm_bindgen]
impl Endpoints {
    /// The global installation.
    pub fn global() -> Self {
        Self(yc_iam::Endpoints::global())
    }

    /// Kazakhstan.
    pub fn kazakhstan() -> Self {
        Self(yc_iam::Endpoints::kazakhstan())
    }

    /// `{iam?, auth?, metadata?, lockbox?, operation?, audience?}`
    pub fn custom(overrides: JsValue) -> Result<Self, JsValue> {
        let overrides = read_overrides(&overrides)?;
        yc_iam::Endpoints::custom(overrides).map(Self).map_err(thrown)
    }

    /// Every service at one base URL.
    #[wasm_bindgen(js_name = allAt)]
    pub fn all_at(url: &str) -> Result<Self, JsValue> {
        yc_iam::Endpoints::all_at(url).map(Self).map_err(thrown)
    }

    /// What the environment asks for; `variables` is an object like `process.env`.
    #[wasm_bindgen(js_name = fromEnv)]
    pub fn from_env(variables: &JsValue) -> Result<Self, JsValue> {
        let environment = Environment(variables);
        yc_iam::Endpoints::from_env(|name| environment.variable(name))
            .map(Self)
            .map_err(thrown)
    }

    /// These with others in place of some; takes what `custom` does.
    pub fn with(&self, overrides: JsValue) -> Result<Self, JsValue> {
        let overrides = read_overrides(&overrides)?;
        self.0.clone().with(overrides).map(Self).map_err(thrown)
    }

    /// `{iam, auth, metadata, lockbox, operation, audience}`
    pub fn describe(&self) -> JsValue {
        Plain::new()
            .with("iam", self.0.iam())
            .with("auth", self.0.auth())
            .with("metadata", self.0.metadata())
            .with("lockbox", self.0.lockbox())
            .with("operation", self.0.operation())
            .with("audience", self.0.audience())
            .into()
    }
}

impl Endpoints {
    pub(crate) fn inner(&self) -> &yc_iam::Endpoints {
        &self.0
    }
}
