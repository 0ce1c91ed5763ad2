//! `yc-iam lockbox get`: prints a secret's payload.

use base64ct::{Base64, Encoding};

use super::arguments::{Arguments, usage};
use super::credentials::{ACCOUNTS, CREDENTIALS, PLACES, Wanted};
use super::output::{Done, Format};
use super::plan::{Next, Plan, World};
use super::spec::{Flag, Group, Spec};
use crate::api::{Answer, Call, CallOptions, LockboxPayload, Task, lockbox};
use crate::error::{Error, ErrorCode};
use crate::json;
use crate::redact;

pub(super) const SPEC: Spec = Spec {
    name: "lockbox",
    about: "print a secret of Lockbox",
    usage: &[
        "get SECRET_ID [--key KEY] [CREDENTIALS] [FLAGS]",
        "get --folder-id ID --name NAME [--key KEY] [CREDENTIALS] [FLAGS]",
    ],
    details: &[
        "With `--key`, prints the value under this key, byte for byte and without a line break after it:",
        "  PGPASSWORD=$(yc-iam lockbox get SECRET_ID --key password) psql",
        "Without `--key`, prints the keys, each on a line, so that no secret lands on the screen by accident.",
        "With `--format json`: {\"versionId\": ID, \"entries\": [{\"key\": KEY, \"textValue\": TEXT}]} with every value or \
         that of `--key`; a value that is not text is {\"key\": KEY, \"binaryValue\": BASE64}.",
        "Needs the role `lockbox.payloadViewer`.",
    ],
    groups: &[
        &Group {
            title: "The secret",
            flags: &[
                Flag::new("folder-id", "ID", "the folder of a secret that is named by `--name`"),
                Flag::new("name", "NAME", "the secret's name, in place of its ID"),
                Flag::new("key", "KEY", "the one value to print"),
                Flag::new("version-id", "ID", "a version other than the current one"),
            ],
        },
        &CREDENTIALS,
        &ACCOUNTS,
        &PLACES,
    ],
    operands: 2,
    plan,
};

fn plan(arguments: &Arguments, world: &World<'_>) -> Result<Plan, Error> {
    let wanted = Wanted::new(arguments, world)?;
    let format = Format::of(arguments)?;
    let task = task(arguments)?;
    let key = arguments.value("key").map(str::to_owned);
    let entropy = world.entropy;
    Plan::new(wanted.inputs(), move |mut readings, _| {
        let choice = wanted.read(&mut readings)?;
        let options = CallOptions {
            endpoints: choice.endpoints.clone(),
            timeout_millis: None,
            entropy,
        };
        let call = Box::new(Call::new(task, options));
        let then = move |answer: Answer| match answer {
            Answer::LockboxPayload(payload) => show(&payload, key.as_deref(), format),
            _ => Err(
                Error::new(ErrorCode::InvalidResponse, "the answer is no secret's payload")
                    .with_hint("report this as a bug"),
            ),
        };
        Ok(Next::Call(choice, call, Box::new(then)))
    })
}

fn task(arguments: &Arguments) -> Result<Task, Error> {
    let see = "write `yc-iam lockbox get SECRET_ID`; see `yc-iam lockbox --help`";
    match arguments.operand(0) {
        Some("get") => {}
        None => return Err(usage("`lockbox` has nothing to do".to_owned(), see)),
        Some(other) => {
            let shown = redact::quote(other, 40);
            return Err(usage(format!("`lockbox` cannot do `{shown}`"), see));
        }
    }
    let version_id = arguments.value("version-id");
    let by_name = (arguments.value("folder-id"), arguments.value("name"));
    match (arguments.operand(1), by_name) {
        (Some(id), (None, None)) => lockbox::get(id, version_id),
        (None, (Some(folder_id), Some(name))) => lockbox::get_by_name(folder_id, name, version_id),
        (None, (None, None)) => Err(usage("no secret was named".to_owned(), see)),
        (Some(_), _) => {
            let hint = "pass its ID, or its folder's ID and its name";
            Err(usage("the secret is named twice".to_owned(), hint))
        }
        (None, (None, Some(_))) => Err(usage(
            "`--folder-id` is missing".to_owned(),
            "names are unique in a folder only",
        )),
        (None, (Some(_), None)) => Err(usage(
            "`--name` is missing".to_owned(),
            "say which secret of the folder it is",
        )),
    }
}

fn show(payload: &LockboxPayload, key: Option<&str>, format: Format) -> Result<Done, Error> {
    match (format, key) {
        (Format::Text, Some(key)) => Ok(Done::bytes(payload.bytes(key)?)),
        (Format::Text, None) => {
            let lines: Vec<String> = payload.keys().map(|key| redact::quote(key, 1000) + "\n").collect();
            Ok(Done::bytes(lines.concat().as_bytes()))
        }
        (Format::Json, Some(key)) => as_json(payload, [key].into_iter()),
        (Format::Json, None) => as_json(payload, payload.keys()),
    }
}

fn as_json<'a>(payload: &LockboxPayload, keys: impl Iterator<Item = &'a str>) -> Result<Done, Error> {
    let entry = |key: &str| -> Result<String, Error> {
        let bytes = payload.bytes(key)?;
        let value = match std::str::from_utf8(bytes) {
            Ok(text) => ("textValue", json::string(text)),
            Err(_) => ("binaryValue", json::string(&Base64::encode_string(bytes))),
        };
        Ok(json::object(&[("key", json::string(key)), value]))
    };
    let entries = keys.map(entry).collect::<Result<Vec<_>, _>>()?;
    Ok(Done::line(&json::object(&[
        ("versionId", json::string(payload.version_id())),
        ("entries", format!("[{}]", entries.join(","))),
    ])))
}
