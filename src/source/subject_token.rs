//! Where the external token of a workload identity is found.

use super::subject_check::{self, SubjectToken};
use crate::effect::{Action, Outcome};
use crate::error::{Error, ErrorCode};
use crate::exchange;
use crate::header;
use crate::http::{self, Request};
use crate::redact;
use crate::secret::Secret;
use crate::timestamp::UnixTime;
use crate::url_rules;

const TIMEOUT_MILLIS: u32 = 5_000;

const HOW_TO_GET_A_TOKEN_IN_ACTIONS: &str =
    "give the job `permissions: id-token: write`: only then does GitHub Actions set this variable";

/// Where the subject token is found, each time that one is needed.
#[derive(Clone, Debug)]
pub struct SubjectTokenOrigin(Origin);

#[derive(Clone, Debug)]
enum Origin {
    File(String),
    Variable(String),
    Value(Secret),
    Supplier,
    Url {
        url: String,
        headers: Vec<(String, Secret)>,
        field: Option<String>,
    },
}

/// What a look-up comes to: the token, or something that the host must do first.
pub(super) enum Found {
    Token(SubjectToken),
    Ask(Action),
}

impl SubjectTokenOrigin {
    /// A file, which the kubelet writes anew from time to time: read at each renewal, white space trimmed.
    #[must_use]
    pub fn file(path: &str) -> Self {
        Self(Origin::File(path.to_owned()))
    }

    /// An environment variable, as GitLab's `id_tokens` sets one: read at each renewal.
    #[must_use]
    pub fn variable(name: &str) -> Self {
        Self(Origin::Variable(name.to_owned()))
    }

    /// This very token. It serves until it ends, and cannot be renewed.
    #[must_use]
    pub fn value(token: &str) -> Self {
        Self(Origin::Value(Secret::new(token.to_owned())))
    }

    /// The host supplies it at each renewal, by the effect [`Action::Supply`].
    #[must_use]
    pub fn supplier() -> Self {
        Self(Origin::Supplier)
    }

    /// A `GET` to this URL with these headers. The token is this field of the JSON answer or, without a field, the
    /// whole answer.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidEndpoint`] or [`ErrorCode::InsecureEndpoint`] unless the URL is https, or http on a loopback
    /// or the link-local metadata address; [`ErrorCode::InvalidArgument`] for a header that cannot be one.
    pub fn url(url: &str, headers: Vec<(String, Secret)>, field: Option<&str>) -> Result<Self, Error> {
        url_rules::check_token_url(url)?;
        for (name, value) in &headers {
            header::check(name, value.expose())?;
        }
        Ok(Self(Origin::Url {
            url: url.to_owned(),
            headers,
            field: field.map(str::to_owned),
        }))
    }

    /// GitHub Actions, as its environment describes it; the audience is the federation's.
    ///
    /// <https://docs.github.com/en/actions/reference/security/oidc>
    ///
    /// # Errors
    /// [`ErrorCode::MissingVariable`] outside of a job that may ask for tokens; those of [`SubjectTokenOrigin::url`].
    pub fn github_actions(audience: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let required = |name: &str| {
            variable(name).filter(|value| !value.trim().is_empty()).ok_or_else(|| {
                Error::new(
                    ErrorCode::MissingVariable,
                    format!("the environment variable `{name}` is not set"),
                )
                .with_hint(HOW_TO_GET_A_TOKEN_IN_ACTIONS)
            })
        };
        let mut url = required("ACTIONS_ID_TOKEN_REQUEST_URL")?.trim().to_owned();
        let token = required("ACTIONS_ID_TOKEN_REQUEST_TOKEN")?;
        if let Some(audience) = audience {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str("audience=");
            url.extend(form_urlencoded::byte_serialize(audience.as_bytes()));
        }
        let authorization = Secret::new(format!("Bearer {}", token.trim()));
        Self::url(&url, vec![("authorization".to_owned(), authorization)], Some("value"))
    }

    pub(super) fn look_up(&self, now: UnixTime) -> Result<Found, Error> {
        Ok(Found::Ask(match &self.0 {
            Origin::Value(token) => return subject_check::check(token.expose(), now).map(Found::Token),
            Origin::File(path) => Action::ReadFile(path.clone()),
            Origin::Variable(name) => Action::ReadVariable(name.clone()),
            Origin::Supplier => Action::Supply,
            Origin::Url { url, headers, .. } => Action::Http(token_request(url, headers)),
        }))
    }

    /// The token out of what a look-up asked for.
    pub(super) fn read(&self, outcome: Outcome, now: UnixTime) -> Result<SubjectToken, Error> {
        match (outcome, &self.0) {
            (Outcome::File(content), _) => {
                let SubjectToken { token, doubt } =
                    subject_check::check_bytes(&content, now).map_err(|error| self.located(error))?;
                let doubt = doubt.map(|doubt| match self.place() {
                    Some(place) => format!("{place}: {doubt}"),
                    None => doubt,
                });
                Ok(SubjectToken { token, doubt })
            }
            (Outcome::Response(response), Origin::Url { field, .. }) => {
                let body = exchange::read_subject_token(&response, field.as_deref(), now).map_err(|error| {
                    self.located(error)
                        .with_hint_if_refused("check the URL and the headers that subject tokens are asked for with")
                })?;
                subject_check::check(body.expose(), now)
            }
            (outcome, _) => Err(outcome.unexpected()),
        }
    }

    pub(super) fn failed(&self, error: Error) -> Error {
        self.located(error)
    }

    /// The file or the variable.
    fn place(&self) -> Option<String> {
        match &self.0 {
            Origin::File(name) | Origin::Variable(name) => Some(format!("`{}`", redact::quote(name, 200))),
            _ => None,
        }
    }

    /// Says which file, variable or URL an error is about.
    fn located(&self, error: Error) -> Error {
        if let Some(place) = self.place() {
            return error.about(&place);
        }
        match &self.0 {
            Origin::Url { headers, .. } => headers
                .iter()
                .fold(error, |error, (_, value)| error.hiding(value.expose()))
                .about("the subject token's URL"),
            _ => error,
        }
    }
}

fn token_request(url: &str, headers: &[(String, Secret)]) -> Request {
    let given = headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase().into(), value.clone()));
    let mut headers: Vec<_> = given.collect();
    for (name, value) in [
        ("accept".into(), Secret::new("application/json".to_owned())),
        http::user_agent(),
    ] {
        if !headers.iter().any(|(known, _)| *known == name) {
            headers.push((name, value));
        }
    }
    Request {
        method: "GET",
        url: url.to_owned(),
        headers,
        body: None,
        timeout_millis: TIMEOUT_MILLIS,
        ca_certificate: None,
        use_proxy: url.starts_with("https:"),
    }
}
