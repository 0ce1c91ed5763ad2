//! Which credentials a command uses, by its flags.

use super::arguments::{Arguments, usage};
use super::choice::{CredentialsChoice, CredentialsOrigin};
use super::plan::{Input, Readings, World};
use super::spec::{Flag, Group};
use crate::credential;
use crate::endpoints::Endpoints;
use crate::error::Error;
use crate::secret::Secret;

/// Flags that say where credentials come from.
pub(super) const CREDENTIALS: Group = Group {
    title: "Credentials (one of these; without any, the environment's)",
    flags: &[
        Flag::new(
            "key-file",
            "FILE",
            "a service account's key file; `-` is standard input",
        ),
        Flag::new(
            "token-file",
            "FILE",
            "an external OIDC token, for a workload identity; `-` is standard input",
        ),
        Flag::new(
            "token-env",
            "NAME",
            "the same, from an environment variable, as GitLab sets one",
        ),
        Flag::new(
            "github-actions",
            "",
            "the same, from GitHub Actions; the job needs `id-token: write`",
        ),
        Flag::new(
            "oauth-token-file",
            "FILE",
            "a Yandex account's OAuth token; `-` is standard input",
        ),
        Flag::new("metadata", "", "the service account of this VM or pod"),
    ],
};

/// Flags that add to those.
pub(super) const ACCOUNTS: Group = Group {
    title: "With these credentials",
    flags: &[
        Flag::new(
            "service-account-id",
            "ID",
            "the service account that the external token stands for; else YC_SERVICE_ACCOUNT_ID",
        ),
        Flag::new(
            "token-audience",
            "AUD",
            "the audience that GitHub Actions puts into its token",
        ),
        Flag::new("impersonate", "ID", "go on as this service account"),
    ],
};

/// Flags that say where the services are.
pub(super) const PLACES: Group = Group {
    title: "Services",
    flags: &[
        Flag::new(
            "endpoint",
            "URL",
            "every service at one base URL, such as that of the emulator; else YC_IAM_ENDPOINT",
        ),
        Flag::new(
            "installation",
            "NAME",
            "`global` (the default) or `kazakhstan`; else YC_ENDPOINT",
        ),
    ],
};

/// Flags of which one at most may be given.
const ORIGINS: &[&str] = &[
    "key-file",
    "token-file",
    "token-env",
    "github-actions",
    "oauth-token-file",
    "metadata",
];

/// Those that stand for a service account by an external token.
const WORKLOADS: &[&str] = &["token-file", "token-env", "github-actions"];

const ACCOUNT_VARIABLE: &str = "YC_SERVICE_ACCOUNT_ID";

const GLOBAL: &str = "global";
const KAZAKHSTAN: &str = "kazakhstan";

/// Where the services are, by flags and environment.
pub(super) fn endpoints(arguments: &Arguments, world: &World<'_>) -> Result<Endpoints, Error> {
    arguments.exclude("endpoint", "installation")?;
    let installation = match arguments.value("installation") {
        None => None,
        Some(GLOBAL) => Some("api.cloud.yandex.net:443"),
        Some(KAZAKHSTAN) => Some("api.yandexcloud.kz:443"),
        Some(other) => {
            let shown = crate::redact::quote(other, 40);
            return Err(usage(
                format!("there is no installation `{shown}`"),
                "pass `global` or `kazakhstan`; `--endpoint` leads anywhere else",
            ));
        }
    };
    // A flag goes before both variables.
    let is_chosen = arguments.has("endpoint") || installation.is_some();
    Endpoints::from_env(|name| match name {
        "YC_IAM_ENDPOINT" if is_chosen => arguments.value("endpoint").map(str::to_owned),
        "YC_ENDPOINT" if is_chosen => installation.map(str::to_owned),
        name => (world.variable)(name),
    })
}

/// Credentials as the flags name them, of which something may have to be read first.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) input: Option<Input>,
    choice: CredentialsChoice,
}

impl Wanted {
    /// What the flags say.
    pub(super) fn new(arguments: &Arguments, world: &World<'_>) -> Result<Self, Error> {
        let mut given = ORIGINS.iter().copied().filter(|name| arguments.has(name));
        let (origin, second) = (given.next(), given.next());
        if let (Some(one), Some(other)) = (origin, second) {
            arguments.exclude(one, other)?;
        }
        if arguments.has("token-audience") && origin != Some("github-actions") {
            let hint = "it goes with `--github-actions`; other tokens have their audience already";
            return Err(usage("`--token-audience` has nothing to go with".to_owned(), hint));
        }
        let workload = origin.is_some_and(|origin| WORKLOADS.contains(&origin));
        if arguments.has("service-account-id") && !workload {
            let hint = "it goes with `--token-file`, `--token-env` or `--github-actions`; a key file names its account \
                        itself, and `--impersonate` takes one of its own";
            return Err(usage("`--service-account-id` has nothing to go with".to_owned(), hint));
        }
        let value = |name: &str| arguments.value(name).unwrap_or_default().to_owned();
        let unread = || Secret::new(String::new());
        let account = || account(arguments, world);
        let mut input = None;
        let mut read = |name: &str| input = Some(Input::new(&value(name)));
        let origin = match origin {
            Some("key-file") if value("key-file") == "-" => {
                read("key-file");
                CredentialsOrigin::Key(unread())
            }
            Some("key-file") => CredentialsOrigin::KeyFile(value("key-file")),
            Some("token-file") if value("token-file") == "-" => {
                read("token-file");
                CredentialsOrigin::ExternalToken {
                    service_account_id: account()?,
                    token: unread(),
                }
            }
            Some("token-file") => CredentialsOrigin::TokenFile {
                service_account_id: account()?,
                path: value("token-file"),
            },
            Some("token-env") => CredentialsOrigin::TokenVariable {
                service_account_id: account()?,
                name: value("token-env"),
            },
            Some("github-actions") => CredentialsOrigin::GithubActions {
                service_account_id: account()?,
                audience: arguments.value("token-audience").map(str::to_owned),
            },
            Some("oauth-token-file") => {
                read("oauth-token-file");
                CredentialsOrigin::Oauth(unread())
            }
            Some("metadata") => CredentialsOrigin::Metadata,
            _ => CredentialsOrigin::Default,
        };
        Ok(Self {
            input,
            choice: CredentialsChoice {
                origin,
                impersonate: arguments.value("impersonate").map(str::to_owned),
                endpoints: endpoints(arguments, world)?,
            },
        })
    }

    /// The input, as a list.
    pub(super) fn inputs(&self) -> Vec<Input> {
        self.input.iter().cloned().collect()
    }

    /// The credentials, with what was read.
    pub(super) fn read(mut self, readings: &mut Readings) -> Result<CredentialsChoice, Error> {
        if self.input.is_some() {
            let text = readings.next()?.text()?;
            match &mut self.choice.origin {
                CredentialsOrigin::Key(place)
                | CredentialsOrigin::Oauth(place)
                | CredentialsOrigin::ExternalToken { token: place, .. } => *place = text,
                _ => {}
            }
        }
        Ok(self.choice)
    }
}

/// The value that a flag would have had, if the environment was taken in its place.
fn from_environment(flag: &str, arguments: &Arguments, world: &World<'_>) -> Result<Option<String>, Error> {
    let has_place = arguments.has("endpoint") || arguments.has("installation");
    let endpoint = || world.given("YC_IAM_ENDPOINT");
    match flag {
        "service-account-id" if WORKLOADS.iter().any(|origin| arguments.has(origin)) => {
            let id = world.given(ACCOUNT_VARIABLE);
            id.map(|id| credential::identifier(ACCOUNT_VARIABLE, &id)).transpose()
        }
        "endpoint" if !has_place => Ok(endpoint().map(|url| url.trim().to_owned())),
        "installation" if !has_place && endpoint().is_none() && world.given("YC_ENDPOINT").is_some() => {
            let is_kazakhstan = endpoints(arguments, world)?.iam() == Endpoints::kazakhstan().iam();
            Ok(Some(if is_kazakhstan { KAZAKHSTAN } else { GLOBAL }.to_owned()))
        }
        _ => Ok(None),
    }
}

fn account(arguments: &Arguments, world: &World<'_>) -> Result<String, Error> {
    let flag = arguments.value("service-account-id").map(str::to_owned);
    flag.or_else(|| world.given(ACCOUNT_VARIABLE)).ok_or_else(|| {
        let hint = "say which service account the external token stands for";
        usage("`--service-account-id` is missing".to_owned(), hint)
    })
}

/// The flags that say where credentials and services are, for another command line, which may be read where the
/// environment is another: what this one took from there, and is no secret, is written out.
pub(super) fn forwarded(arguments: &Arguments, world: &World<'_>) -> Result<Vec<String>, Error> {
    let groups = [&CREDENTIALS, &ACCOUNTS, &PLACES];
    let flags = groups.into_iter().flat_map(|group| group.flags);
    let mut words = Vec::new();
    for flag in flags {
        let value = match arguments.value(flag.name) {
            Some(value) => Some(value.to_owned()),
            None => from_environment(flag.name, arguments, world)?,
        };
        let Some(value) = value else { continue };
        if value == "-" {
            let message = format!("`--{} -` cannot stand in a kubeconfig", flag.name);
            return Err(usage(
                message,
                "name a file: `kubectl` gives its plug-ins no standard input",
            ));
        }
        words.push(if flag.takes_value() {
            format!("--{}={value}", flag.name)
        } else {
            format!("--{}", flag.name)
        });
    }
    Ok(words)
}
