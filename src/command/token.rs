//! `yc-iam token`: prints an IAM token.

use super::arguments::Arguments;
use super::credentials::{ACCOUNTS, CREDENTIALS, PLACES, Wanted};
use super::output::{Done, Format};
use super::plan::{Next, Plan, World};
use super::spec::Spec;
use crate::error::Error;
use crate::json;
use crate::timestamp::UnixTime;
use crate::token::AccessToken;

pub(super) const SPEC: Spec = Spec {
    name: "token",
    about: "print an IAM token",
    usage: &["[CREDENTIALS] [FLAGS]"],
    details: &[
        "Prints an IAM token: what goes after `Bearer` in calls of Yandex Cloud. In CI, it does for a service account what \
         `yc iam create-token` does for a user:",
        "  curl -H \"Authorization: Bearer $(yc-iam token --key-file key.json)\" URL",
        "With `--format json`: {\"iamToken\": TOKEN, \"expiresAt\": RFC 3339 in UTC}, the latter where it is known.",
    ],
    groups: &[&CREDENTIALS, &ACCOUNTS, &PLACES],
    operands: 0,
    plan,
};

fn plan(arguments: &Arguments, world: &World<'_>) -> Result<Plan, Error> {
    let wanted = Wanted::new(arguments, world)?;
    let format = Format::of(arguments)?;
    Plan::new(wanted.inputs(), move |mut readings, _| {
        let then = move |token: &AccessToken| Ok(show(token, format));
        Ok(Next::Token(wanted.read(&mut readings)?, Box::new(then)))
    })
}

fn show(token: &AccessToken, format: Format) -> Done {
    let value = token.value.expose();
    match format {
        Format::Text => Done::line(value),
        Format::Json => {
            let mut fields = vec![("iamToken", json::string(value))];
            if token.expires_at < UnixTime::MAX {
                fields.push(("expiresAt", json::string(&token.expires_at.to_rfc3339())));
            }
            Done::line(&json::object(&fields))
        }
    }
}
