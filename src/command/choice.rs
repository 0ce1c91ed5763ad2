//! The credentials that a command line asks for, as a value that can cross from one module to another.

use serde_json::Value;

use crate::endpoints::{EndpointOverrides, Endpoints};
use crate::error::{Error, ErrorCode};
use crate::json;
use crate::key::ServiceAccountKey;
use crate::secret::Secret;
use crate::source::{
    DefaultOptions, DefaultSource, ImpersonationSource, KeyFileSource, MetadataSource, OauthSource,
    ServiceAccountSource, Source, SubjectTokenOrigin, WorkloadIdentitySource,
};

/// Where a command's credentials come from, and where the services are. A host makes a
/// [`Session`](crate::Session) of it: [`CredentialsChoice::source`] with [`CredentialsChoice::endpoints`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialsChoice {
    /// Where the credentials come from.
    pub origin: CredentialsOrigin,
    /// The service account to go on as.
    pub impersonate: Option<String>,
    /// Where the services are.
    pub endpoints: Endpoints,
}

/// Where credentials come from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsOrigin {
    /// The environment.
    Default,
    /// A key file at this path.
    KeyFile(String),
    /// The content of a key file.
    Key(Secret),
    /// A workload identity with an external token in a file.
    TokenFile {
        /// The service account that the external token stands for.
        service_account_id: String,
        /// The file's path.
        path: String,
    },
    /// A workload identity with an external token in an environment variable.
    TokenVariable {
        /// The service account that the external token stands for.
        service_account_id: String,
        /// The variable's name.
        name: String,
    },
    /// A workload identity with this external token.
    ExternalToken {
        /// The service account that the external token stands for.
        service_account_id: String,
        /// The token.
        token: Secret,
    },
    /// A workload identity in GitHub Actions.
    GithubActions {
        /// The service account that the external token stands for.
        service_account_id: String,
        /// The audience to ask for.
        audience: Option<String>,
    },
    /// An OAuth token.
    Oauth(Secret),
    /// The metadata service.
    Metadata,
}

const DEFAULT: &str = "default";
const KEY_FILE: &str = "keyFile";
const KEY: &str = "key";
const TOKEN_FILE: &str = "tokenFile";
const TOKEN_VARIABLE: &str = "tokenEnv";
const EXTERNAL_TOKEN: &str = "token";
const GITHUB_ACTIONS: &str = "githubActions";
const OAUTH: &str = "oauth";
const METADATA: &str = "metadata";

impl CredentialsOrigin {
    /// A name, a value, and a service account.
    fn parts(&self) -> (&'static str, Option<&str>, Option<&str>) {
        match self {
            Self::Default => (DEFAULT, None, None),
            Self::KeyFile(path) => (KEY_FILE, Some(path), None),
            Self::Key(content) => (KEY, Some(content.expose()), None),
            Self::TokenFile {
                service_account_id,
                path,
            } => (TOKEN_FILE, Some(path), Some(service_account_id)),
            Self::TokenVariable {
                service_account_id,
                name,
            } => (TOKEN_VARIABLE, Some(name), Some(service_account_id)),
            Self::ExternalToken {
                service_account_id,
                token,
            } => (EXTERNAL_TOKEN, Some(token.expose()), Some(service_account_id)),
            Self::GithubActions {
                service_account_id,
                audience,
            } => (GITHUB_ACTIONS, audience.as_deref(), Some(service_account_id)),
            Self::Oauth(token) => (OAUTH, Some(token.expose()), None),
            Self::Metadata => (METADATA, None, None),
        }
    }

    fn from_parts(kind: &str, value: Option<&str>, account: Option<&str>) -> Option<Self> {
        let value = |name: &str| value.filter(|_| kind == name).map(str::to_owned);
        let service_account_id = account.unwrap_or_default().to_owned();
        Some(match kind {
            DEFAULT => Self::Default,
            METADATA => Self::Metadata,
            KEY_FILE => Self::KeyFile(value(KEY_FILE)?),
            KEY => Self::Key(Secret::new(value(KEY)?)),
            OAUTH => Self::Oauth(Secret::new(value(OAUTH)?)),
            TOKEN_FILE => Self::TokenFile {
                service_account_id,
                path: value(TOKEN_FILE)?,
            },
            TOKEN_VARIABLE => Self::TokenVariable {
                service_account_id,
                name: value(TOKEN_VARIABLE)?,
            },
            EXTERNAL_TOKEN => Self::ExternalToken {
                service_account_id,
                token: Secret::new(value(EXTERNAL_TOKEN)?),
            },
            GITHUB_ACTIONS => Self::GithubActions {
                service_account_id,
                audience: value(GITHUB_ACTIONS),
            },
            _ => return None,
        })
    }

    fn source(&self, variable: &dyn Fn(&str) -> Option<String>) -> Result<Box<dyn Source>, Error> {
        let workload = |id: &str, origin| -> Result<Box<dyn Source>, Error> {
            Ok(Box::new(WorkloadIdentitySource::new(id, origin)?))
        };
        match self {
            Self::Default => Ok(Box::new(DefaultSource::new(variable, &DefaultOptions::default())?)),
            Self::KeyFile(path) => Ok(Box::new(KeyFileSource::new(path))),
            Self::Key(content) => {
                let key = ServiceAccountKey::from_json(content.expose()).and_then(ServiceAccountSource::new);
                Ok(Box::new(key.map_err(|error| error.about("standard input"))?))
            }
            Self::TokenFile {
                service_account_id,
                path,
            } => workload(service_account_id, SubjectTokenOrigin::file(path)),
            Self::TokenVariable {
                service_account_id,
                name,
            } => workload(service_account_id, SubjectTokenOrigin::variable(name)),
            Self::ExternalToken {
                service_account_id,
                token,
            } => workload(service_account_id, SubjectTokenOrigin::value(token.expose())),
            Self::GithubActions {
                service_account_id,
                audience,
            } => {
                let origin = SubjectTokenOrigin::github_actions(audience.as_deref(), variable)?;
                workload(service_account_id, origin)
            }
            Self::Oauth(token) => Ok(Box::new(OauthSource::new(token.expose())?)),
            Self::Metadata => Ok(Box::new(MetadataSource::new())),
        }
    }
}

impl CredentialsChoice {
    /// The source that tokens come from.
    ///
    /// # Errors
    /// Whatever that source's `new` says.
    pub fn source(&self, variable: impl Fn(&str) -> Option<String>) -> Result<Box<dyn Source>, Error> {
        let source = self.origin.source(&variable)?;
        Ok(match &self.impersonate {
            None => source,
            Some(id) => Box::new(ImpersonationSource::new(id, source)?),
        })
    }

    /// As one JSON object: from one module of a host to another, and nowhere else, since it may hold a secret.
    #[must_use]
    pub fn to_json(&self) -> Secret {
        let endpoints = &self.endpoints;
        let mut places = vec![
            ("iam", json::string(endpoints.iam())),
            ("auth", json::string(endpoints.auth())),
            ("metadata", json::string(endpoints.metadata())),
            ("lockbox", json::string(endpoints.lockbox())),
            ("operation", json::string(endpoints.operation())),
        ];
        let audience = endpoints.audience();
        if audience != endpoints.tokens_url() {
            places.push(("audience", json::string(&audience)));
        }
        let (kind, value, account) = self.origin.parts();
        let mut fields = vec![("origin", json::string(kind)), ("endpoints", json::object(&places))];
        let optional = [
            ("value", value),
            ("serviceAccountId", account),
            ("impersonate", self.impersonate.as_deref()),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                fields.push((name, json::string(value)));
            }
        }
        Secret::new(json::object(&fields))
    }

    /// Reads what [`CredentialsChoice::to_json`] wrote.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for anything else; those of [`Endpoints::custom`].
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let invalid = || {
            Error::new(ErrorCode::InvalidArgument, "the choice of credentials is damaged")
                .with_hint("pass what the program's step gave")
        };
        let value: Value = serde_json::from_str(text).map_err(|_| invalid())?;
        let field = |name: &str| value.get(name).and_then(Value::as_str);
        let place = |name: &str| value.get("endpoints")?.get(name)?.as_str().map(str::to_owned);
        let origin = field("origin").ok_or_else(invalid)?;
        let origin = CredentialsOrigin::from_parts(origin, field("value"), field("serviceAccountId"));
        Ok(Self {
            origin: origin.ok_or_else(invalid)?,
            impersonate: field("impersonate").map(str::to_owned),
            endpoints: Endpoints::custom(EndpointOverrides {
                iam: place("iam"),
                auth: place("auth"),
                metadata: place("metadata"),
                lockbox: place("lockbox"),
                operation: place("operation"),
                audience: place("audience"),
            })?,
        })
    }
}
