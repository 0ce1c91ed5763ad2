//! Whether a JWT is worth a token: the rules of
//! <https://yandex.cloud/en/docs/iam/operations/iam-token/create-for-sa>, and how a refusal names the broken one.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde_json::Value;

use super::registry::{RegisteredKey, Registry};
use super::signature_advice;
use super::status::{Code, Refusal};
use crate::redact;
use crate::timestamp::UnixTime;

/// `exp` − `iat` at most.
const MAX_LIFETIME_SECS: i64 = 3600;

/// What a JWT is held against.
pub(super) struct Rules<'a> {
    pub(super) audiences: &'a [String],
    pub(super) tolerance_secs: i64,
    /// By the emulator's clock.
    pub(super) now: UnixTime,
}

/// The ID of the service account that the JWT speaks for.
pub(super) fn judge(jwt: &str, registry: &Registry, rules: &Rules<'_>) -> Result<String, Refusal> {
    let header = jsonwebtoken::decode_header(jwt).map_err(|error| unreadable(&error))?;
    let (key_id, key) = check_header(&header, registry)?;
    let decoding_key = DecodingKey::from_rsa_raw_components(key.public.modulus(), key.public.exponent());
    let claims = jsonwebtoken::decode::<Value>(jwt, &decoding_key, &validation(key, rules))
        .map_err(|error| refused(&error, jwt, key_id, key, rules))?
        .claims;
    // `jsonwebtoken` takes an array of issuers too.
    if claims.get("iss").and_then(Value::as_str) != Some(&key.service_account_id) {
        return Err(Refusal::unauthenticated("the JWT's `iss` is not a string"));
    }
    check_times(&claims, rules)?;
    Ok(key.service_account_id.clone())
}

fn check_header<'h, 'r>(header: &'h Header, registry: &'r Registry) -> Result<(&'h str, &'r RegisteredKey), Refusal> {
    // The page's text asks for it, and most of its samples send none. RFC 7519, section 5.1: every implementation knows it
    // in capital letters.
    if let Some(typ) = header.typ.as_deref().filter(|typ| *typ != "JWT") {
        let typ = redact::quote(typ, 40);
        return Err(Refusal::unauthenticated(format!(
            "the JWT header's `typ` is `{typ}`: write `JWT`, or leave it out"
        )));
    }
    if header.alg != Algorithm::PS256 {
        let given = header.alg;
        return Err(Refusal::unauthenticated(format!(
            "the JWT header's `alg` is `{given:?}`, but only `PS256` is accepted"
        )));
    }
    let kid = header.kid.as_deref().ok_or_else(|| {
        let message = "The required field 'kid' is missing from the JWT header";
        Refusal::in_the_services_words(Code::Unauthenticated, message)
    })?;
    let key = registry.key(kid).ok_or_else(|| {
        let message = format!("Key '{}' was not found", redact::quote(kid, 100));
        Refusal::in_the_services_words(Code::Unauthenticated, message)
    })?;
    Ok((kid, key))
}

/// What `jsonwebtoken` is to check: all but the times, because it would read the ambient clock.
fn validation(key: &RegisteredKey, rules: &Rules<'_>) -> Validation {
    let mut validation = Validation::new(Algorithm::PS256);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.set_required_spec_claims(&["iss", "aud"]);
    validation.set_issuer(&[&key.service_account_id]);
    validation.set_audience(rules.audiences);
    validation
}

fn unreadable(error: &jsonwebtoken::errors::Error) -> Refusal {
    Refusal::unauthenticated(match error.kind() {
        ErrorKind::InvalidToken => "the JWT is not three parts joined by dots".to_owned(),
        ErrorKind::Base64(_) => "a part of the JWT is not base64url without padding".to_owned(),
        ErrorKind::Json(error) => format!(
            "the JWT's header or claims do not fit: {}",
            redact::quote(&error.to_string(), 200)
        ),
        _ => format!("the JWT cannot be read: {}", redact::quote(&error.to_string(), 200)),
    })
}

fn refused(
    error: &jsonwebtoken::errors::Error,
    jwt: &str,
    key_id: &str,
    key: &RegisteredKey,
    rules: &Rules<'_>,
) -> Refusal {
    Refusal::unauthenticated(match error.kind() {
        ErrorKind::InvalidSignature => {
            format!(
                "the signature does not verify with the key `{key_id}`: {}",
                signature_advice::why(jwt, key)
            )
        }
        ErrorKind::MissingRequiredClaim(name) => format!("the JWT's `{name}` is missing or of the wrong type"),
        ErrorKind::InvalidIssuer => {
            format!(
                "the key `{key_id}` belongs to `{}`, but the JWT's `iss` is another",
                key.service_account_id
            )
        }
        ErrorKind::InvalidAudience => {
            format!(
                "the JWT's `aud` holds none of the accepted audiences: `{}`",
                rules.audiences.join("`, `")
            )
        }
        _ => return unreadable(error),
    })
}

fn check_times(claims: &Value, rules: &Rules<'_>) -> Result<(), Refusal> {
    let (now, tolerance) = (rules.now.as_secs(), rules.tolerance_secs);
    let iat = integer(claims, "iat")?.ok_or_else(|| missing("iat"))?;
    let exp = integer(claims, "exp")?.ok_or_else(|| missing("exp"))?;
    let nbf = integer(claims, "nbf")?;
    let lifetime = exp.saturating_sub(iat);
    let early = |time: i64| time.saturating_sub(now);
    let problem = if lifetime <= 0 {
        "the JWT's `exp` is not after its `iat`".to_owned()
    } else if lifetime > MAX_LIFETIME_SECS {
        format!("the JWT's `exp` is {lifetime} s after its `iat`, more than {MAX_LIFETIME_SECS} s")
    } else if early(iat) > tolerance {
        format!(
            "the JWT's `iat` is {} s ahead of the emulator's clock, more than the tolerance of {tolerance} s",
            early(iat)
        )
    } else if let Some(nbf) = nbf.filter(|nbf| early(*nbf) > tolerance) {
        format!(
            "the JWT's `nbf` is {} s ahead of the emulator's clock, more than the tolerance of {tolerance} s",
            early(nbf)
        )
    } else if early(exp) <= -tolerance {
        format!(
            "the JWT's `exp` is {} s behind the emulator's clock; the tolerance is {tolerance} s",
            early(exp).saturating_neg()
        )
    } else {
        return Ok(());
    };
    Err(Refusal::unauthenticated(problem))
}

fn integer(claims: &Value, name: &str) -> Result<Option<i64>, Refusal> {
    match claims.get(name) {
        None => Ok(None),
        Some(value) => match value.as_i64() {
            Some(number) => Ok(Some(number)),
            None => Err(Refusal::unauthenticated(format!(
                "the JWT's `{name}` is not a whole number of seconds"
            ))),
        },
    }
}

fn missing(name: &str) -> Refusal {
    Refusal::unauthenticated(format!("the JWT has no `{name}`"))
}
