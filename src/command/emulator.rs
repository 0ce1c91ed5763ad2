//! `yc-iam emulator`: runs the testing kit's emulator, which the host has.

use super::arguments::Arguments;
use super::emulator_settings::EmulatorSettings;
use super::output::Format;
use super::plan::{Next, Plan, World};
use super::spec::{Flag, Group, Spec};
use crate::error::Error;

/// A week: longer than any test, and than any token of the service.
const MAX_SECONDS: u32 = 604_800;

pub(super) const SPEC: Spec = Spec {
    name: "emulator",
    about: "run an emulator of the service on this machine, for tests",
    usage: &["[FLAGS]"],
    details: &[
        "Emulates the service on 127.0.0.1 until it is interrupted, with a service account and a fresh key of its own. \
         Prints how a program finds it, as lines for a shell:",
        "  export YC_IAM_ENDPOINT='http://127.0.0.1:40123'",
        "  export YC_SERVICE_ACCOUNT_KEY_FILE='/tmp/yc-iam/key.json'",
        "With `--format json`: {\"url\": URL, \"keyFile\": PATH}, on one line. Its tokens open nothing.",
    ],
    groups: &[&Group {
        title: "The emulator",
        flags: &[
            Flag::new("port", "N", "the port; by default a free one"),
            Flag::new(
                "write-key-file",
                "FILE",
                "where to write the key; the file must not be there yet. By default a temporary one",
            ),
            Flag::new(
                "token-lifetime",
                "SECONDS",
                "how long its tokens live; 43200 by default",
            ),
            Flag::new(
                "clock-tolerance",
                "SECONDS",
                "by how much the times of a JWT may be off; 60 by default",
            ),
        ],
    }],
    operands: 0,
    plan,
};

fn plan(arguments: &Arguments, _world: &World<'_>) -> Result<Plan, Error> {
    let port = arguments.number("port", u32::from(u16::MAX))?;
    let settings = EmulatorSettings {
        port: port.and_then(|port| u16::try_from(port).ok()).unwrap_or(0),
        key_file: arguments.value("write-key-file").map(str::to_owned),
        token_lifetime: arguments.number("token-lifetime", MAX_SECONDS)?,
        clock_tolerance: arguments.number("clock-tolerance", MAX_SECONDS)?,
        format: Format::of(arguments)?,
    };
    Plan::new(Vec::new(), move |_, _| Ok(Next::Emulate(settings)))
}
