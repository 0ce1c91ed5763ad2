//! Whether an external token is worth an IAM token: the federations that trust its issuer, the issuer's keys, the
//! audience, the times, and the federated credential of exactly its subject.
//!
//! <https://yandex.cloud/en/docs/iam/concepts/workload-identity>

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde_json::Value;

use super::EmulatorOptions;
use super::workloads::{FederatedCredential, Federation, Workloads};
use crate::redact;
use crate::timestamp::UnixTime;
use crate::unverified::object;

/// What is wrong, in our own words: the service's are not public.
type Judged<T = ()> = Result<T, String>;

/// Accepts the token for this service account, or says why not.
pub(super) fn judge(
    token: &str,
    service_account_id: &str,
    workloads: &Workloads,
    options: &EmulatorOptions,
    now: UnixTime,
) -> Judged {
    let header = read_header(token)?;
    let claims = unverified(token)?;
    let candidates: Vec<_> = workloads.of(service_account_id).collect();
    let trial = Trial {
        token,
        header: &header,
        claims: &claims,
        candidates: &candidates,
        workloads,
        tolerance: options.clock_tolerance,
        now,
    };
    let mut farthest: Option<(Stage, String)> = None;
    for federation in federations(&claims, &candidates)? {
        match trial.by(federation) {
            Ok(()) => return Ok(()),
            Err(refusal) if farthest.as_ref().is_none_or(|known| known.0 < refusal.0) => farthest = Some(refusal),
            Err(_) => {}
        }
    }
    Err(farthest.map_or_else(String::new, |(_, problem)| problem))
}

/// Accepts the token of one issuer, whatever its subject, and gives the claims.
pub(super) fn authenticate(
    token: &str,
    issuer: &Federation,
    keys: &Value,
    tolerance: i64,
    now: UnixTime,
) -> Judged<Value> {
    let header = read_header(token)?;
    let claims = unverified(token)?;
    let given = text(&claims, "iss")?;
    if given != issuer.issuer {
        return Err(format!(
            "the subject token's `iss` is `{}`, but `{}` is expected",
            shown(given),
            issuer.issuer
        ));
    }
    verify(token, &header, issuer, Some(keys))?;
    check_audience(&claims, issuer)?;
    check_times(&claims, tolerance, now)?;
    Ok(claims)
}

fn read_header(token: &str) -> Judged<Header> {
    jsonwebtoken::decode_header(token).map_err(|error| format!("the subject token is not a JWT: {}", said(&error)))
}

/// How far a token comes with a federation. Of several refusals, the last one is worth telling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Signature,
    Audience,
    Times,
    Subject,
}

/// What one federation says to a token.
struct Trial<'a> {
    token: &'a str,
    header: &'a Header,
    claims: &'a Value,
    candidates: &'a [(&'a FederatedCredential, &'a Federation)],
    workloads: &'a Workloads,
    tolerance: i64,
    now: UnixTime,
}

impl Trial<'_> {
    fn by(&self, federation: &Federation) -> Result<(), (Stage, String)> {
        let at = |stage: Stage| move |problem: String| (stage, problem);
        let keys = self.workloads.key_sets.get(&federation.jwks_url);
        verify(self.token, self.header, federation, keys).map_err(at(Stage::Signature))?;
        check_audience(self.claims, federation).map_err(at(Stage::Audience))?;
        check_times(self.claims, self.tolerance, self.now).map_err(at(Stage::Times))?;
        check_subject(self.claims, self.candidates, federation).map_err(at(Stage::Subject))
    }
}

/// The claims before anything is verified: they only say which federation to verify with.
fn unverified(token: &str) -> Judged<Value> {
    object(token.split('.').nth(1).unwrap_or_default())
        .ok_or_else(|| "the subject token's claims cannot be decoded".to_owned())
}

/// The federations of the token's issuer that are enabled, each once; not none.
fn federations<'a>(
    claims: &Value,
    candidates: &[(&FederatedCredential, &'a Federation)],
) -> Judged<Vec<&'a Federation>> {
    if candidates.is_empty() {
        return Err("the service account has no federated credential".to_owned());
    }
    let issuer = text(claims, "iss")?;
    let mut known: Vec<&Federation> = candidates.iter().map(|candidate| candidate.1).collect();
    known.retain(|federation| federation.issuer == issuer);
    known.sort_by(|one, other| one.id.cmp(&other.id));
    known.dedup_by(|one, other| one.id == other.id);
    let Some(first) = known.first() else {
        let issuers: Vec<&str> = candidates.iter().map(|candidate| candidate.1.issuer.as_str()).collect();
        return Err(format!(
            "the subject token's `iss` is `{}`, but the service account's federations expect `{}`",
            shown(issuer),
            issuers.join("`, `")
        ));
    };
    let first = first.id.clone();
    known.retain(|federation| !federation.disabled);
    if known.is_empty() {
        return Err(format!("the federation `{first}` is disabled"));
    }
    Ok(known)
}

fn verify(token: &str, header: &Header, federation: &Federation, keys: Option<&Value>) -> Judged {
    let url = shown(&federation.jwks_url);
    let kid = header.kid.as_deref().ok_or("the subject token's header has no `kid`")?;
    let keys = keys
        .and_then(|set| set.get("keys")?.as_array())
        .ok_or_else(|| format!("no keys are published at the federation's `jwksUrl` `{url}`"))?;
    let key = keys
        .iter()
        .find(|key| key.get("kid").and_then(Value::as_str) == Some(kid))
        .ok_or_else(|| format!("the key `{}` is not among those published at `{url}`", shown(kid)))?;
    let part = |name: &str| key.get(name).and_then(Value::as_str).unwrap_or_default();
    let (algorithm, decoding_key) = match (part("kty"), part("crv")) {
        ("RSA", _) => (Algorithm::RS256, DecodingKey::from_rsa_components(part("n"), part("e"))),
        ("EC", "P-256") => (Algorithm::ES256, DecodingKey::from_ec_components(part("x"), part("y"))),
        _ => return Err(format!("the key `{}` is neither RSA nor P-256", shown(kid))),
    };
    let decoding_key = decoding_key.map_err(|error| format!("the published key cannot be used: {}", said(&error)))?;
    if header.alg != algorithm {
        let given = header.alg;
        return Err(format!(
            "the subject token's `alg` is `{given:?}`, but its key is for `{algorithm:?}`"
        ));
    }
    // Only the signature: each claim gets a message of its own.
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.set_required_spec_claims::<&str>(&[]);
    match jsonwebtoken::decode::<Value>(token, &decoding_key, &validation) {
        Ok(_) => Ok(()),
        Err(error) if *error.kind() == ErrorKind::InvalidSignature => Err(format!(
            "the subject token's signature does not verify with the key `{}`",
            shown(kid)
        )),
        Err(error) => Err(format!("the subject token cannot be verified: {}", said(&error))),
    }
}

fn check_audience(claims: &Value, federation: &Federation) -> Judged {
    let given: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => return Err("the subject token has no `aud`".to_owned()),
    };
    if given
        .iter()
        .any(|one| federation.audiences.iter().any(|known| known == one))
    {
        return Ok(());
    }
    Err(format!(
        "the subject token's `aud` is `{}`, but the federation accepts `{}`",
        shown(&given.join("`, `")),
        federation.audiences.join("`, `")
    ))
}

fn check_times(claims: &Value, tolerance: i64, now: UnixTime) -> Judged {
    let seconds = |name: &str| claims.get(name).and_then(Value::as_f64).map(|secs| secs as i64);
    let now = now.as_secs();
    let exp = seconds("exp").ok_or("the subject token has no `exp`")?;
    if exp <= now.saturating_sub(tolerance) {
        return Err(format!("the subject token ended {} s ago", now.saturating_sub(exp)));
    }
    for name in ["nbf", "iat"] {
        if let Some(time) = seconds(name)
            && time > now.saturating_add(tolerance)
        {
            let early = time.saturating_sub(now);
            return Err(format!(
                "the subject token's `{name}` is {early} s ahead of the emulator's clock"
            ));
        }
    }
    Ok(())
}

fn check_subject(
    claims: &Value,
    candidates: &[(&FederatedCredential, &Federation)],
    federation: &Federation,
) -> Judged {
    let subject = text(claims, "sub")?;
    let own = candidates.iter().filter(|candidate| candidate.1.id == federation.id);
    let expected: Vec<&str> = own.map(|candidate| candidate.0.external_subject_id.as_str()).collect();
    if expected.contains(&subject) {
        return Ok(());
    }
    Err(format!(
        "the subject token's `sub` is `{}`, but the service account's federated credentials are for `{}`",
        shown(subject),
        expected.join("`, `")
    ))
}

fn text<'c>(claims: &'c Value, name: &str) -> Judged<&'c str> {
    let text = claims.get(name).and_then(Value::as_str);
    text.ok_or_else(|| format!("the subject token has no `{name}`"))
}

fn shown(text: &str) -> String {
    redact::quote(text, 300)
}

fn said(error: &jsonwebtoken::errors::Error) -> String {
    shown(&error.to_string())
}
