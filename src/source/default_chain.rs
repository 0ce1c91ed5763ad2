//! Credentials by the environment; the table is that of [`DefaultSource`].

use std::fmt::Write as _;

use super::{
    Context, FixedSource, FunctionSource, KeyFileSource, MetadataSource, OauthSource, Progress, ServiceAccountSource,
    Source, SubjectTokenOrigin, WorkloadIdentitySource, metadata,
};
use crate::credential::{self, Kind};
use crate::effect::Outcome;
use crate::endpoints::METADATA_VARIABLE;
use crate::error::{Error, ErrorCode, Fault};
use crate::key::{self, ServiceAccountKey};
use crate::secret::Secret;
use crate::timestamp::UnixTime;
use crate::{pem_block, search};

const TOKEN_FILE: &str = "YC_WORKLOAD_IDENTITY_TOKEN_FILE";
const SERVICE_ACCOUNT_ID: &str = "YC_SERVICE_ACCOUNT_ID";
const YDB_METADATA: &str = "YDB_METADATA_CREDENTIALS";

/// How the value of a variable becomes a source.
type Reader = fn(&str) -> Result<Box<dyn Source>, Error>;

/// A service account's key, as a variable gives it.
pub(crate) enum GivenKey {
    /// The path of a key file.
    Path(String),
    /// The content of one.
    Content(Secret),
}

/// How the value of a variable becomes a key.
type KeyReader = fn(&str, &dyn Fn(&str) -> Option<String>) -> GivenKey;

/// The variables that hold a key or its path, in their order, before all others.
const KEY_VARIABLES: &[(&str, KeyReader)] = &[
    ("YC_SERVICE_ACCOUNT_KEY_FILE", |value, variable| {
        if key::looks_like_content(value) || Kind::of(value).is_some() || search::contains(value, pem_block::BEGIN) {
            GivenKey::Content(Secret::new(value.to_owned()))
        } else {
            GivenKey::Path(at_home(value, variable))
        }
    }),
    ("YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS", |value, variable| {
        GivenKey::Path(at_home(value, variable))
    }),
    ("YDB_SERVICE_ACCOUNT_KEY_CREDENTIALS", |value, _| {
        GivenKey::Content(Secret::new(value.to_owned()))
    }),
];

/// The key that the environment gives, and the variable that it is in.
pub(crate) fn given_key(variable: &dyn Fn(&str) -> Option<String>) -> Option<(&'static str, GivenKey)> {
    KEY_VARIABLES.iter().find_map(|(name, reader)| {
        let value = variable(name).filter(|value| !value.trim().is_empty())?;
        Some((*name, reader(value.trim(), variable)))
    })
}

/// The variables that hold a token, in their order.
const VARIABLES: &[(&str, Reader)] = &[
    ("YC_IAM_TOKEN", fixed),
    ("YC_TOKEN", |value| match Kind::of(value) {
        Some(Kind::Iam) => fixed(value),
        _ => oauth(value),
    }),
    ("YDB_ACCESS_TOKEN_CREDENTIALS", fixed),
    ("YC_OAUTH_TOKEN", oauth),
];

/// What the default chain looks at besides the environment.
#[derive(Clone, Debug)]
pub struct DefaultOptions {
    /// The JSON of a function's `context.token`, with the time at which it came; a handler has one.
    pub function_token: Option<(crate::Secret, UnixTime)>,
    /// Whether the metadata service is probed when nothing else is there. Where there can be no such service, as in a
    /// browser, it is not.
    pub probe_metadata: bool,
}

impl Default for DefaultOptions {
    fn default() -> Self {
        Self {
            function_token: None,
            probe_metadata: true,
        }
    }
}

/// Credentials by the environment: the first of these that is set is used, and no other is tried.
///
/// | | variable | what it holds | who else reads it |
/// | --- | --- | --- | --- |
/// | 1 | `YC_SERVICE_ACCOUNT_KEY_FILE` | a key file's path, or its content | Terraform's provider |
/// | 2 | `YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS` | a key file's path | the YDB SDKs |
/// | 3 | `YDB_SERVICE_ACCOUNT_KEY_CREDENTIALS` | a key file's content | the YDB SDK for Go |
/// | 4 | `YC_IAM_TOKEN` | an IAM token | the Yandex Cloud ML SDK |
/// | 5 | `YC_TOKEN` | an IAM token (`t1.…`), or else an OAuth token | Terraform's provider; the ML SDK, IAM tokens only |
/// | 6 | `YDB_ACCESS_TOKEN_CREDENTIALS` | an IAM token | the YDB SDKs |
/// | 7 | `YC_OAUTH_TOKEN` | an OAuth token | the Yandex Cloud ML SDK |
/// | 8 | `YC_WORKLOAD_IDENTITY_TOKEN_FILE` with `YC_SERVICE_ACCOUNT_ID` | the path of an external token, and the service account that it stands for | nobody: these are this library's own |
/// | 9 | | a function's `context.token`, if it was passed in | |
/// | 10 | `YDB_METADATA_CREDENTIALS` = `1`, or `YC_METADATA_ADDR` | the metadata service, not only by way of trial | the YDB SDKs; Go's SDK and the ML SDK |
/// | 11 | | the metadata service, if it answers a probe within a second with an IAM token (`t1.…`) | Terraform's provider and the ML SDK do the like |
///
/// As in Terraform's provider, a key goes before a token: a key renews itself. A variable that is empty counts as not
/// set; one that holds something else than it should is an error, and is not passed over. `yc` itself keeps its
/// credentials in profiles and not in variables: `YC_TOKEN=$(yc iam create-token)` brings one of its tokens here.
#[cfg_attr(not(target_family = "wasm"), derive(Debug))]
pub struct DefaultSource {
    chosen: String,
    source: Box<dyn Source>,
    passed_over: Vec<String>,
    /// Whether this is a guess that may turn out wrong.
    probing: bool,
}

impl DefaultSource {
    /// Looks at the environment, once. A value that is not Unicode must not count as not set:
    /// `|name| Some(std::env::var_os(name)?.to_string_lossy().into_owned())`.
    ///
    /// # Errors
    /// What is wrong with the first variable that is set; [`ErrorCode::NoCredentials`] if nothing is set and nothing is
    /// to be probed, with a list of everything that was tried and why each was passed over.
    pub fn new(variable: impl Fn(&str) -> Option<String>, options: &DefaultOptions) -> Result<Self, Error> {
        let given = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let mut passed_over = Vec::new();
        let mut pass = |name: &str| {
            let why = if variable(name).is_some() {
                "is empty"
            } else {
                "is not set"
            };
            passed_over.push(format!("`{name}` {why}"));
        };
        let key = given_key(&variable);
        let first = key.as_ref().map(|(name, _)| *name);
        let names = KEY_VARIABLES.iter().map(|(name, _)| *name);
        names.take_while(|name| Some(*name) != first).for_each(&mut pass);
        if let Some((name, key)) = key {
            let source = key_source(key).map_err(|error| error.about(&format!("`{name}`")))?;
            return Ok(Self::chosen(format!("`{name}`"), source, passed_over));
        }
        for (name, reader) in VARIABLES {
            match given(name) {
                Some(value) => {
                    let source = reader(value.trim()).map_err(|error| error.about(&format!("`{name}`")))?;
                    return Ok(Self::chosen(format!("`{name}`"), source, passed_over));
                }
                None => pass(name),
            }
        }
        match (given(TOKEN_FILE), given(SERVICE_ACCOUNT_ID)) {
            (Some(path), Some(id)) => {
                let origin = SubjectTokenOrigin::file(&at_home(path.trim(), &variable));
                let source = WorkloadIdentitySource::new(&id, origin)
                    .map_err(|error| error.about(&format!("`{SERVICE_ACCOUNT_ID}`")))?;
                return Ok(Self::chosen(format!("`{TOKEN_FILE}`"), Box::new(source), passed_over));
            }
            (Some(_), None) => {
                let message = format!("`{TOKEN_FILE}` is set, but `{SERVICE_ACCOUNT_ID}` is not");
                return Err(Error::new(ErrorCode::MissingVariable, message)
                    .with_hint("set it to the ID of the service account that the external token stands for"));
            }
            (None, _) => pass(TOKEN_FILE),
        }
        match &options.function_token {
            Some((token, now)) => {
                let source = Box::new(FunctionSource::new(token.expose(), *now)?);
                return Ok(Self::chosen("`context.token`".to_owned(), source, passed_over));
            }
            None => passed_over.push("no `context.token` of a function was passed in".to_owned()),
        }
        if given(YDB_METADATA).is_some_and(|value| value.trim() == "1") || given(METADATA_VARIABLE).is_some() {
            let source = Box::new(MetadataSource::new());
            return Ok(Self::chosen("metadata".to_owned(), source, passed_over));
        }
        passed_over.push(format!(
            "`{YDB_METADATA}` is not `1` and `{METADATA_VARIABLE}` is not set"
        ));
        if !options.probe_metadata {
            passed_over.push("the metadata service was not to be probed".to_owned());
            return Err(no_credentials(&passed_over));
        }
        let source = Self::chosen("metadata".to_owned(), Box::new(MetadataSource::new()), passed_over);
        Ok(Self {
            probing: true,
            ..source
        })
    }

    fn chosen(chosen: String, source: Box<dyn Source>, passed_over: Vec<String>) -> Self {
        Self {
            chosen,
            source,
            passed_over,
            probing: false,
        }
    }

    /// What is used: a variable's name between backticks, `` `context.token` ``, or `metadata`.
    #[must_use]
    pub fn choice(&self) -> &str {
        &self.chosen
    }

    /// What was passed over before it, in order, and why: a few words each.
    #[must_use]
    pub fn passed_over(&self) -> &[String] {
        &self.passed_over
    }

    /// Other clouds have a metadata service at this address too, and their tokens are not to be sent to this one.
    fn check(&mut self, progress: Progress) -> Result<Progress, Error> {
        if let Progress::Done(token) = &progress
            && self.probing
        {
            if !credential::is_iam_token(token.value.expose()) {
                return Err(metadata::not_here("gave something else than an IAM token"));
            }
            self.probing = false;
        }
        Ok(progress)
    }

    /// A probe that finds nothing ends the chain. So does one that other clouds refuse, each in its own way.
    fn end(&self, error: Error) -> Error {
        if !self.probing {
            return error;
        }
        let found = match error.code() {
            ErrorCode::MetadataUnavailable | ErrorCode::NoServiceAccount => error.message().to_owned(),
            code if is_refusal(code) => format!("the metadata service gave no token: {}", error.message()),
            _ => return error,
        };
        let mut tried = self.passed_over.clone();
        tried.push(found);
        no_credentials(&tried)
    }
}

/// Whether an answer came that no second try would change.
fn is_refusal(code: ErrorCode) -> bool {
    let is_answer =
        code.fault() == Fault::Remote || code == ErrorCode::HtmlResponse || code == ErrorCode::RedirectRefused;
    is_answer && !code.transient()
}

impl Source for DefaultSource {
    fn start(&mut self, context: Context<'_>) -> Result<Progress, Error> {
        self.source.start(context)
    }

    fn resume(&mut self, context: Context<'_>, outcome: Outcome) -> Result<Progress, Error> {
        let result = self.source.resume(context, outcome);
        result
            .and_then(|progress| self.check(progress))
            .map_err(|error| self.end(error))
    }

    fn failed(&mut self, error: Error) -> Error {
        let error = self.source.failed(error);
        self.end(error)
    }

    fn refused(&mut self) {
        self.source.refused();
    }

    fn renewal_interval_millis(&self) -> i64 {
        self.source.renewal_interval_millis()
    }

    fn signing_key(&self) -> Option<&ServiceAccountKey> {
        self.source.signing_key()
    }
}

fn no_credentials(tried: &[String]) -> Error {
    let mut message = "the environment offers no credentials".to_owned();
    for (index, attempt) in tried.iter().enumerate() {
        let _ = write!(message, "{} {attempt}", if index == 0 { ":" } else { "," });
    }
    Error::new(ErrorCode::NoCredentials, message)
        .with_hint("set one of these variables, for instance `YC_SERVICE_ACCOUNT_KEY_FILE` to the path of a key file")
}

fn key_source(key: GivenKey) -> Result<Box<dyn Source>, Error> {
    Ok(match key {
        GivenKey::Path(path) => Box::new(KeyFileSource::new(&path)),
        GivenKey::Content(content) => {
            let key = ServiceAccountKey::from_json(content.expose())?;
            Box::new(ServiceAccountSource::new(key)?)
        }
    })
}

fn fixed(token: &str) -> Result<Box<dyn Source>, Error> {
    Ok(Box::new(FixedSource::new(token, None)?))
}

fn oauth(token: &str) -> Result<Box<dyn Source>, Error> {
    Ok(Box::new(OauthSource::new(token)?))
}

/// The path, with `~` for the user's home directory written out, as Terraform's provider does it.
fn at_home(path: &str, variable: &dyn Fn(&str) -> Option<String>) -> String {
    let home = || variable("HOME").or_else(|| variable("USERPROFILE"));
    match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '\\']) => {
            home().map_or_else(|| path.to_owned(), |home| format!("{home}{rest}"))
        }
        _ => path.to_owned(),
    }
}
