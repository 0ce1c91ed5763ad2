//! What stands in a JWT's header and claims, field by field: for its holder, who asked to see all of it.

use serde_json::Value;
use zeroize::Zeroizing;

use super::{show, times};
use crate::timestamp::UnixTime;
use crate::unverified::{self, Unverified};

/// More fields of one part are not shown.
const MAX_FIELDS: usize = 200;

/// Claims that are times (RFC 7519, section 4.1; OpenID Connect Core, section 2).
const TIMES: &[&str] = &["iat", "nbf", "exp", "auth_time"];

/// The two parts of a JWT that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwtPart {
    /// How it is signed.
    Header,
    /// What it says.
    Claims,
}

impl JwtPart {
    /// The part's stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Claims => "claims",
        }
    }
}

/// One field of a JWT's header or claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtField {
    /// Where it stands.
    pub part: JwtPart,
    /// Its name, as it stands there.
    pub name: String,
    /// A string as it is, anything else as JSON; shortened, and without anything that looks like a secret.
    pub value: String,
    /// For a time, what it means: `2026-01-01T00:00:00Z, in 43 min`; else empty.
    pub remark: String,
}

/// The fields of a JWT's header and claims, unverified, by name within each part. Of what is damaged, what can be read; of
/// what is no JWT, nothing. The signature, which is what makes it worth something, is not in them.
///
/// Unlike [`explain`](super::explain), this shows the claims that may be about people.
#[must_use]
pub fn decoded_jwt(content: &[u8], now: UnixTime) -> Vec<JwtField> {
    let Ok(text) = std::str::from_utf8(content) else {
        return Vec::new();
    };
    let token = token_in(text);
    let jwt = unverified::decode(&token).unwrap_or_else(|_| unverified::salvage(&token));
    fields(&jwt, now)
}

/// Without a scheme before it, quotation marks round it and line breaks in it.
fn token_in(text: &str) -> Zeroizing<String> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\u{feff}'));
    Zeroizing::new(words.skip_while(|word| !word.starts_with("eyJ")).collect())
}

fn fields(jwt: &Unverified, now: UnixTime) -> Vec<JwtField> {
    let parts = [(JwtPart::Header, &jwt.header), (JwtPart::Claims, &jwt.claims)];
    let of = |(part, object): (JwtPart, &Value)| -> Vec<JwtField> {
        let members = object.as_object().into_iter().flatten().take(MAX_FIELDS);
        let field = |(name, value): (&String, &Value)| JwtField {
            part,
            name: show::quoted(name),
            value: shown(value),
            remark: if part == JwtPart::Claims {
                remark(name, value, now)
            } else {
                String::new()
            },
        };
        members.map(field).collect()
    };
    parts.into_iter().flat_map(of).collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => show::quoted(text),
        other => show::quoted(&other.to_string()),
    }
}

fn remark(name: &str, value: &Value, now: UnixTime) -> String {
    if !TIMES.contains(&name) {
        return String::new();
    }
    match times::seconds(value) {
        Some(time) => format!("{}, {}", time.to_rfc3339(), show::distance(time, now)),
        None => String::new(),
    }
}
