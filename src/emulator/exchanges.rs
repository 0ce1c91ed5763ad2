//! The ways to a token: a JWT, an OAuth token, an external token, the metadata service, another's token; and its end.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::body::{optional, read_object, required};
use super::clock;
use super::judge::{self, Rules};
use super::routes::{Accepted, Service};
use super::status::{Code, Refusal};
use super::subject_judge;
use super::wire::IncomingRequest;
use crate::redact;
use crate::secret::Secret;
use crate::timestamp::UnixTime;

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:id_token";

const MAX_JWT_LEN: usize = 8000;
const MAX_OAUTH_TOKEN_LEN: usize = 4000;
const MAX_ID_LEN: usize = 50;
const MAX_IAM_TOKEN_LEN: usize = 4096;

impl Service<'_> {
    pub(super) fn create_token(&mut self, body: &[u8]) -> Result<Accepted, Refusal> {
        let body = read_object(body)?;
        let jwt = optional(&body, "jwt", MAX_JWT_LEN)?;
        let oauth_token = optional(&body, "yandexPassportOauthToken", MAX_OAUTH_TOKEN_LEN)?;
        match (jwt, oauth_token) {
            (Some(jwt), None) => self.exchange_jwt(jwt),
            (None, Some(token)) => self.exchange_oauth_token(token),
            _ => {
                let message = "Request validation error: Exactly one of 'yandexPassportOauthToken' and 'jwt' should be specified.";
                Err(Refusal::in_the_services_words(Code::InvalidArgument, message))
            }
        }
    }

    fn exchange_jwt(&mut self, jwt: &str) -> Result<Accepted, Refusal> {
        let rules = Rules {
            audiences: &self.options.audiences,
            tolerance_secs: self.options.clock_tolerance,
            now: self.now,
        };
        let subject = judge::judge(jwt, self.registry, &rules)?;
        Ok(self.grant(&subject))
    }

    fn exchange_oauth_token(&mut self, token: &str) -> Result<Accepted, Refusal> {
        let user = self.registry.user_of(token);
        let user = user.ok_or_else(|| Refusal::unauthenticated("the OAuth token is not known"))?;
        let user = user.to_owned();
        Ok(self.grant(&user))
    }

    /// RFC 8693, section 2.
    pub(super) fn exchange_external_token(&mut self, request: &IncomingRequest) -> Result<Accepted, Refusal> {
        let invalid = |message: String| Refusal::oauth("invalid_request", message);
        let content_type = request.header("content-type").unwrap_or_default();
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(invalid(
                "the body's content type is not `application/x-www-form-urlencoded`".to_owned(),
            ));
        }
        let mut form = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(&request.body) {
            if form.insert(name.clone(), value).is_some() {
                return Err(invalid(format!(
                    "the parameter `{}` is there twice",
                    redact::quote(&name, 40)
                )));
            }
        }
        let field = |name: &str| {
            let value = form
                .get(name)
                .map(AsRef::as_ref)
                .filter(|value: &&str| !value.is_empty());
            value.ok_or_else(|| invalid(format!("the parameter `{name}` is missing")))
        };
        if field("grant_type")? != GRANT_TYPE {
            let message = format!("`grant_type` is not `{GRANT_TYPE}`");
            return Err(Refusal::oauth("unsupported_grant_type", message));
        }
        for (name, wanted) in [
            ("requested_token_type", ACCESS_TOKEN_TYPE),
            ("subject_token_type", ID_TOKEN_TYPE),
        ] {
            if field(name)? != wanted {
                return Err(invalid(format!("`{name}` is not `{wanted}`")));
            }
        }
        let (account, token) = (field("audience")?, field("subject_token")?);
        if !self.registry.has_account(account) {
            let account = redact::quote(account, MAX_ID_LEN);
            return Err(invalid(format!(
                "`audience` is `{account}`, which is no service account"
            )));
        }
        subject_judge::judge(token, account, self.workloads, self.options, self.now).map_err(invalid)?;
        Ok(self.lend(account))
    }

    pub(super) fn metadata_token(&mut self, request: &IncomingRequest) -> Result<Accepted, Refusal> {
        if request.header("metadata-flavor") != Some("Google") {
            let message = "the request has no header `Metadata-Flavor: Google`";
            return Err(Refusal::in_own_words(Code::PermissionDenied, message));
        }
        match self.attached {
            Some(account) => Ok(self.lend(account)),
            None => Err(Refusal::in_own_words(
                Code::NotFound,
                "no service account is attached to this machine",
            )),
        }
    }

    pub(super) fn create_token_for(&mut self, request: &IncomingRequest) -> Result<Accepted, Refusal> {
        let subject = self
            .tokens
            .subject(request.header("authorization"), self.now)?
            .to_owned();
        let body = read_object(&request.body)?;
        let account = required(&body, "serviceAccountId", MAX_ID_LEN)?;
        if !self.registry.has_account(account) {
            return Err(Refusal::not_found("service account", account));
        }
        if !self.registry.may_act_as(&subject, account) {
            return Err(Refusal::in_own_words(
                Code::PermissionDenied,
                format!("`{subject}` may not create tokens for the service account `{account}`"),
            ));
        }
        Ok(self.grant(account))
    }

    /// The token itself is all the authority that this takes.
    pub(super) fn revoke_token(&mut self, body: &[u8]) -> Result<Accepted, Refusal> {
        let body = read_object(body)?;
        let token = required(&body, "iamToken", MAX_IAM_TOKEN_LEN)?;
        let subject = self.tokens.take(token);
        let subject = subject.ok_or_else(|| Refusal::invalid("`iamToken` was not issued here, or it was revoked"))?;
        Ok(Accepted {
            body: json!({ "subjectId": subject }),
            subject,
        })
    }

    /// A new token in the shape of `CreateIamTokenResponse`.
    fn grant(&mut self, subject: &str) -> Accepted {
        let (token, expires_at) = self.issue(subject);
        let nanos = self.ids.nanos_of_milli();
        Accepted {
            subject: subject.to_owned(),
            body: json!({ "iamToken": token.expose(), "expiresAt": clock::rfc3339(expires_at, nanos) }),
        }
    }

    fn issue(&mut self, subject: &str) -> (Secret, UnixTime) {
        let token = self.ids.token();
        let expires_at = self.now.plus_millis(self.options.token_lifetime.saturating_mul(1000));
        self.tokens.add(&token, subject, self.now, expires_at);
        (token, expires_at)
    }

    /// A token in the shape of RFC 8693, section 2.2.1.
    fn lend(&mut self, subject: &str) -> Accepted {
        let (token, _) = self.issue(subject);
        let body: Value = json!({
            "access_token": token.expose(),
            "token_type": "Bearer",
            "expires_in": self.options.token_lifetime,
        });
        Accepted {
            subject: subject.to_owned(),
            body,
        }
    }
}
