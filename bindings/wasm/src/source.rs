//! The sources of credentials: a table of the core's.

use wasm_bindgen::prelude::*;
use yc_iam::kubernetes::KubernetesTokenSource;
use yc_iam::{
    DefaultOptions, DefaultSource, FixedSource, FunctionSource, ImpersonationSource, KeyFileSource, MetadataSource,
    OauthSource, Secret, ServiceAccountSource, Signing, SubjectTokenOrigin, UnixTime, WorkloadIdentitySource,
};

use crate::environment::Environment;
use crate::errors::thrown;
use crate::key::ServiceAccountKey;

/// Where credentials come from. A session, or another source, takes it over.
#[wasm_bindgen]
pub struct Source {
    source: Box<dyn yc_iam::Source>,
    choice: Option<String>,
}

#[wasm_bindgen]
impl Source {
    /// A service account's key; each signature is asked for by an effect.
    #[wasm_bindgen(js_name = serviceAccount)]
    pub fn service_account(key: &ServiceAccountKey) -> Self {
        let key = key.inner().clone();
        Self::new(ServiceAccountSource::with_signing(key, Signing::Outside))
    }

    /// A service account's key in a file, which is read at each renewal.
    #[wasm_bindgen(js_name = keyFile)]
    pub fn key_file(path: &str) -> Self {
        Self::new(KeyFileSource::new(path))
    }

    /// A Yandex account's OAuth token.
    pub fn oauth(token: String) -> Result<Self, JsValue> {
        let token = Secret::new(token);
        OauthSource::new(token.expose()).map(Self::new).map_err(thrown)
    }

    /// External tokens, exchanged for those of a service account.
    #[wasm_bindgen(js_name = workloadIdentity)]
    pub fn workload_identity(service_account_id: &str, subject_token: SubjectToken) -> Result<Self, JsValue> {
        WorkloadIdentitySource::new(service_account_id, subject_token.0)
            .map(Self::new)
            .map_err(thrown)
    }

    /// The token of a pod's Kubernetes service account, in this file.
    #[wasm_bindgen(js_name = kubernetesToken)]
    pub fn kubernetes_token(path: &str) -> Self {
        Self::new(KubernetesTokenSource::new(path))
    }

    /// The metadata service of a VM or a pod.
    pub fn metadata() -> Self {
        Self::new(MetadataSource::new())
    }

    /// The JSON of a function's `context.token`, received `now`.
    pub fn function(context_token: String, now: f64) -> Result<Self, JsValue> {
        let token = Secret::new(context_token);
        UnixTime::from_secs_f64(now)
            .and_then(|now| FunctionSource::new(token.expose(), now))
            .map(Self::new)
            .map_err(thrown)
    }

    /// An IAM token that somebody else got, and when it ends.
    pub fn fixed(token: String, expires_at: Option<f64>) -> Result<Self, JsValue> {
        let token = Secret::new(token);
        expires_at
            .map(UnixTime::from_secs_f64)
            .transpose()
            .and_then(|end| FixedSource::new(token.expose(), end))
            .map(Self::new)
            .map_err(thrown)
    }

    /// Another service account, through a source that may act as it.
    pub fn impersonate(service_account_id: &str, through: Source) -> Result<Self, JsValue> {
        ImpersonationSource::new(service_account_id, through.source)
            .map(Self::new)
            .map_err(thrown)
    }

    /// What the environment offers; `variables` is an object like `process.env`. `function_token`: the JSON of a
    /// function's `context.token`, received `now`.
    #[wasm_bindgen(js_name = byEnvironment)]
    pub fn by_environment(
        variables: &JsValue,
        function_token: Option<String>,
        now: f64,
        probe_metadata: bool,
    ) -> Result<Self, JsValue> {
        let now = UnixTime::from_secs_f64(now).map_err(thrown)?;
        let options = DefaultOptions {
            function_token: function_token.map(|token| (Secret::new(token), now)),
            probe_metadata,
        };
        let environment = Environment(variables);
        let source = DefaultSource::new(|name| environment.variable(name), &options).map_err(thrown)?;
        Ok(Self {
            choice: Some(source.choice().to_owned()),
            source: Box::new(source),
        })
    }

    /// What the environment offered.
    #[wasm_bindgen(getter)]
    pub fn choice(&self) -> Option<String> {
        self.choice.clone()
    }
}

impl Source {
    fn new(source: impl yc_iam::Source + 'static) -> Self {
        Self {
            source: Box::new(source),
            choice: None,
        }
    }

    pub(crate) fn into_inner(self) -> Box<dyn yc_iam::Source> {
        self.source
    }
}

/// Where the external token of a workload identity is found, each time that one is needed.
#[wasm_bindgen]
pub struct SubjectToken(SubjectTokenOrigin);

#[wasm_bindgen]
impl SubjectToken {
    /// A file, read at each renewal.
    pub fn file(path: &str) -> Self {
        Self(SubjectTokenOrigin::file(path))
    }

    /// An environment variable, read at each renewal.
    pub fn variable(name: &str) -> Self {
        Self(SubjectTokenOrigin::variable(name))
    }

    /// This very token.
    pub fn value(token: String) -> Self {
        let token = Secret::new(token);
        Self(SubjectTokenOrigin::value(token.expose()))
    }

    /// The program's own function, by the effect `supply`.
    pub fn supplier() -> Self {
        Self(SubjectTokenOrigin::supplier())
    }

    /// A `GET` to this URL; names and values of the headers take turns. A field of the JSON answer, or the whole answer.
    pub fn url(url: &str, headers: Vec<String>, field: Option<String>) -> Result<Self, JsValue> {
        let mut texts = headers.into_iter();
        let headers = std::iter::from_fn(|| Some((texts.next()?, Secret::new(texts.next()?)))).collect();
        SubjectTokenOrigin::url(url, headers, field.as_deref())
            .map(Self)
            .map_err(thrown)
    }

    /// GitHub Actions; `variables` is an object like `process.env`.
    #[wasm_bindgen(js_name = githubActions)]
    pub fn github_actions(audience: Option<String>, variables: &JsValue) -> Result<Self, JsValue> {
        let environment = Environment(variables);
        SubjectTokenOrigin::github_actions(audience.as_deref(), |name| environment.variable(name))
            .map(Self)
            .map_err(thrown)
    }
}
