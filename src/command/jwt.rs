//! `yc-iam jwt`: prints a signed JWT.

use super::arguments::{Arguments, usage};
use super::credentials::{self, PLACES};
use super::output::{Done, Format};
use super::plan::{Input, Next, Plan, Readings, World};
use super::spec::{Flag, Group, Spec};
use crate::error::Error;
use crate::json;
use crate::jwt::{JwtOptions, Lifetime};
use crate::key::ServiceAccountKey;
use crate::redact;
use crate::secret::Secret;
use crate::source::{GivenKey, given_key};
use crate::timestamp::UnixTime;

pub(super) const SPEC: Spec = Spec {
    name: "jwt",
    about: "print a JWT, signed with a service account's key",
    usage: &["[--key-file FILE] [FLAGS]"],
    details: &[
        "Prints a JWT (PS256) that the service exchanges for an IAM token. Nothing is sent anywhere.",
        "With `--format json`: {\"jwt\": JWT, \"expiresAt\": RFC 3339 in UTC}.",
    ],
    groups: &[
        &Group {
            title: "The JWT",
            flags: &[
                Flag::new(
                    "key-file",
                    "FILE",
                    "a service account's key file; `-` is standard input; else YC_SERVICE_ACCOUNT_KEY_FILE",
                ),
                Flag::new(
                    "audience",
                    "URL",
                    "the claim `aud`; by default where JWTs are exchanged",
                ),
                Flag::new("lifetime", "SECONDS", "from 1 to 3600, the default"),
            ],
        },
        &PLACES,
    ],
    operands: 0,
    plan,
};

fn plan(arguments: &Arguments, world: &World<'_>) -> Result<Plan, Error> {
    let format = Format::of(arguments)?;
    let hint = "name the key file that `yc iam key create --output key.json` wrote, pass `-` and pipe it in, or set \
                `YC_SERVICE_ACCOUNT_KEY_FILE`";
    let given = match arguments.value("key-file") {
        Some(path) => Some(Given::Input(Input::new(path))),
        None => given_key(world.variable).map(Given::from),
    };
    let given = given.ok_or_else(|| usage("`--key-file` is missing".to_owned(), hint))?;
    let inputs = given.inputs();
    let lifetime = match arguments.value("lifetime") {
        None => Lifetime::MAX,
        Some(text) => Lifetime::from_secs(seconds(text)?)?,
    };
    let audience = match arguments.value("audience") {
        Some(audience) => audience.to_owned(),
        None => credentials::endpoints(arguments, world)?.audience(),
    };
    Plan::new(inputs, move |mut readings, now| {
        let key = given.key(&mut readings)?;
        let options = JwtOptions {
            now,
            lifetime,
            audience: &audience,
        };
        let expires_at = UnixTime::from_secs(now.as_secs() + lifetime.as_secs());
        sign(key, &options, move |jwt| show(jwt, expires_at, format))
    })
}

/// Where the key is.
enum Given {
    Input(Input),
    /// In a variable of this name.
    Variable(&'static str, Secret),
}

impl From<(&'static str, GivenKey)> for Given {
    fn from((name, key): (&'static str, GivenKey)) -> Self {
        match key {
            GivenKey::Path(path) => Self::Input(Input::File(path)),
            GivenKey::Content(content) => Self::Variable(name, content),
        }
    }
}

impl Given {
    fn inputs(&self) -> Vec<Input> {
        match self {
            Self::Input(input) => vec![input.clone()],
            Self::Variable(..) => Vec::new(),
        }
    }

    fn key(self, readings: &mut Readings) -> Result<ServiceAccountKey, Error> {
        match self {
            Self::Input(input) => {
                let content = readings.next()?.content()?;
                ServiceAccountKey::from_json(content.as_slice()).map_err(|error| error.about(&input.name()))
            }
            Self::Variable(name, content) => {
                ServiceAccountKey::from_json(content.expose()).map_err(|error| error.about(&format!("`{name}`")))
            }
        }
    }
}

fn seconds(text: &str) -> Result<f64, Error> {
    text.parse::<u32>().map(f64::from).map_err(|_| {
        let shown = redact::quote(text, 40);
        let hint = "pass a whole number of seconds from 1 to 3600";
        usage(format!("`--lifetime` is `{shown}`"), hint)
    })
}

#[cfg(any(feature = "aws-lc", feature = "rust-crypto"))]
fn sign(
    key: ServiceAccountKey,
    options: &JwtOptions<'_>,
    then: impl FnOnce(&Secret) -> Done + Send + Sync + 'static,
) -> Result<Next, Error> {
    let jwt = crate::jwt::sign_jwt(&key, &key.signer()?, options)?;
    Ok(Next::Done(then(&jwt)))
}

#[cfg(not(any(feature = "aws-lc", feature = "rust-crypto")))]
fn sign(
    key: ServiceAccountKey,
    options: &JwtOptions<'_>,
    then: impl FnOnce(&Secret) -> Done + Send + Sync + 'static,
) -> Result<Next, Error> {
    let input = crate::jwt::SigningInput::new(&key, options)?;
    Ok(Next::Sign(key, input, Box::new(then)))
}

fn show(jwt: &Secret, expires_at: UnixTime, format: Format) -> Done {
    match format {
        Format::Text => Done::line(jwt.expose()),
        Format::Json => Done::line(&json::object(&[
            ("jwt", json::string(jwt.expose())),
            ("expiresAt", json::string(&expires_at.to_rfc3339())),
        ])),
    }
}
