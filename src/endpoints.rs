//! Where each service lives: one profile for each installation, so that URLs and the JWT's audience change together.

use crate::error::{Error, ErrorCode};
use crate::url_rules::{base_url, host_of};
use crate::{redact, search};

/// The path under the IAM endpoint where tokens are made; its full URL is also the JWT's audience.
const TOKENS_PATH: &str = "/iam/v1/tokens";

/// The path under the endpoint `auth` where external tokens are exchanged.
const TOKEN_EXCHANGE_PATH: &str = "/oauth/token";

/// The environment variable with the address of the metadata service, as Go's SDK reads it: a host, with or without a
/// port, or a URL.
pub(crate) const METADATA_VARIABLE: &str = "YC_METADATA_ADDR";

/// The environment variable by which Terraform's provider chooses the installation.
const INSTALLATION_VARIABLE: &str = "YC_ENDPOINT";

/// The environment variable that puts every service at one base URL.
const ENDPOINT_VARIABLE: &str = "YC_IAM_ENDPOINT";

/// The base URLs of the services, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoints {
    iam: String,
    auth: String,
    metadata: String,
    lockbox: String,
    operation: String,
    audience: Option<String>,
}

/// What [`Endpoints::custom`] and [`Endpoints::with`] are to change; what is `None` stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointOverrides {
    /// Base URL of Identity and Access Management.
    pub iam: Option<String>,
    /// Base URL of the token exchange for workload identities.
    pub auth: Option<String>,
    /// Base URL of the metadata service.
    pub metadata: Option<String>,
    /// Base URL of Lockbox's payload API.
    pub lockbox: Option<String>,
    /// Base URL of the Operation API.
    pub operation: Option<String>,
    /// The JWT's audience, where it is not the URL that the JWT is sent to.
    pub audience: Option<String>,
}

impl Endpoints {
    /// Yandex Cloud.
    #[must_use]
    pub fn global() -> Self {
        Self {
            iam: "https://iam.api.cloud.yandex.net".to_owned(),
            auth: "https://auth.yandex.cloud".to_owned(),
            metadata: "http://169.254.169.254".to_owned(),
            lockbox: "https://payload.lockbox.api.cloud.yandex.net".to_owned(),
            operation: "https://operation.api.cloud.yandex.net".to_owned(),
            audience: None,
        }
    }

    /// Yandex Cloud Kazakhstan. The hosts of IAM and Lockbox are known from public code; the others follow their pattern.
    #[must_use]
    pub fn kazakhstan() -> Self {
        Self {
            iam: "https://iam.api.yandexcloud.kz".to_owned(),
            auth: "https://auth.yandexcloud.kz".to_owned(),
            metadata: "http://169.254.169.254".to_owned(),
            lockbox: "https://dpl.lockbox.api.yandexcloud.kz".to_owned(),
            operation: "https://operation.api.yandexcloud.kz".to_owned(),
            audience: None,
        }
    }

    /// The global installation with some services elsewhere.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidEndpoint`] unless each is a plain base URL; [`ErrorCode::InsecureEndpoint`] for `http`,
    /// except on a loopback address and the metadata service's link-local one.
    pub fn custom(overrides: EndpointOverrides) -> Result<Self, Error> {
        Self::global().with(overrides)
    }

    /// These endpoints with some services elsewhere.
    ///
    /// # Errors
    /// As for [`Endpoints::custom`].
    pub fn with(mut self, overrides: EndpointOverrides) -> Result<Self, Error> {
        let services = [
            ("iam", overrides.iam, &mut self.iam),
            ("auth", overrides.auth, &mut self.auth),
            ("metadata", overrides.metadata, &mut self.metadata),
            ("lockbox", overrides.lockbox, &mut self.lockbox),
            ("operation", overrides.operation, &mut self.operation),
        ];
        for (name, url, place) in services {
            if let Some(url) = url {
                *place = base_url(name, &url)?;
            }
        }
        if let Some(audience) = overrides.audience {
            if audience.is_empty() {
                return Err(Error::new(ErrorCode::InvalidAudience, "the JWT's audience is empty")
                    .with_hint("leave it out to use the IAM endpoint's own"));
            }
            self.audience = Some(audience);
        }
        Ok(self)
    }

    /// Every service at one base URL: an emulator.
    ///
    /// # Errors
    /// As for [`Endpoints::custom`].
    pub fn all_at(url: &str) -> Result<Self, Error> {
        let service = Some(url.to_owned());
        Self::custom(EndpointOverrides {
            iam: service.clone(),
            auth: service.clone(),
            metadata: service.clone(),
            lockbox: service.clone(),
            operation: service,
            audience: None,
        })
    }

    /// What the environment asks for:
    ///
    /// - `YC_IAM_ENDPOINT`: every service at one base URL, so that a program runs against an emulator unchanged;
    /// - `YC_ENDPOINT`, as Terraform's provider knows it: `api.cloud.yandex.net:443` is the global installation,
    ///   `api.yandexcloud.kz:443` is Kazakhstan;
    /// - `YC_METADATA_ADDR`, as Go's SDK knows it: the metadata service's URL; or its host, with or without a port,
    ///   which stands for `http` there: a loopback address, `localhost` or `169.254.169.254`.
    ///
    /// # Errors
    /// As for [`Endpoints::custom`]; [`ErrorCode::InvalidEndpoint`] for a `YC_ENDPOINT` of no known installation.
    pub fn from_env(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let given = |name: &str| {
            variable(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let endpoints = match (given(ENDPOINT_VARIABLE), given(INSTALLATION_VARIABLE)) {
            (Some(url), _) => Self::all_at(&url)?,
            (None, Some(address)) => Self::installation(&address)?,
            (None, None) => Self::global(),
        };
        let metadata = given(METADATA_VARIABLE).map(|address| match search::contains(&address, "://") {
            true => address,
            false => format!("http://{address}"),
        });
        endpoints.with(EndpointOverrides {
            metadata,
            ..EndpointOverrides::default()
        })
    }

    /// The installation whose API is at this address.
    fn installation(address: &str) -> Result<Self, Error> {
        let authority = search::split_once(address, "://").map_or(address, |(_, rest)| rest);
        match host_of(authority.trim_end_matches('/')) {
            Some("api.cloud.yandex.net") => Ok(Self::global()),
            Some("api.yandexcloud.kz") => Ok(Self::kazakhstan()),
            _ => Err(Error::new(
                ErrorCode::InvalidEndpoint,
                format!(
                    "`{INSTALLATION_VARIABLE}` is `{}`, which is no known installation",
                    redact::quote(address, 100)
                ),
            )
            .with_hint("set `YC_IAM_ENDPOINT` to the base URL of its IAM service")),
        }
    }

    /// Base URL of Identity and Access Management.
    #[must_use]
    pub fn iam(&self) -> &str {
        &self.iam
    }

    /// Base URL of the token exchange for workload identities.
    #[must_use]
    pub fn auth(&self) -> &str {
        &self.auth
    }

    /// Base URL of the metadata service.
    #[must_use]
    pub fn metadata(&self) -> &str {
        &self.metadata
    }

    /// Base URL of Lockbox's payload API.
    #[must_use]
    pub fn lockbox(&self) -> &str {
        &self.lockbox
    }

    /// Base URL of the Operation API.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// Where JWTs and OAuth tokens are exchanged for IAM tokens.
    #[must_use]
    pub fn tokens_url(&self) -> String {
        format!("{}{TOKENS_PATH}", self.iam)
    }

    /// Where external tokens are exchanged for IAM tokens.
    #[must_use]
    pub fn token_exchange_url(&self) -> String {
        format!("{}{TOKEN_EXCHANGE_PATH}", self.auth)
    }

    /// Whether what answers at this URL is one of the services that give tokens.
    pub(crate) fn gives_tokens(&self, url: &str) -> bool {
        url.starts_with(&self.tokens_url())
            || url == self.token_exchange_url()
            || url.starts_with(&format!("{}/", self.metadata))
    }

    /// The JWT's audience: the URL that it is sent to, unless overridden.
    #[must_use]
    pub fn audience(&self) -> String {
        self.audience.clone().unwrap_or_else(|| self.tokens_url())
    }

    /// The JWT's audience, if it was given: then it stays where the IAM endpoint changes.
    #[must_use]
    pub fn given_audience(&self) -> Option<&str> {
        self.audience.as_deref()
    }
}

impl Default for Endpoints {
    fn default() -> Self {
        Self::global()
    }
}
