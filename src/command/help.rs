//! The help: of the whole program and of each command. No line is longer than 80 characters.

use std::fmt::Write as _;

use super::commands::COMMANDS;
use super::spec::{COMMON, Flag, Group, Spec};

const WIDTH: usize = 80;

/// Where the descriptions of commands and flags begin.
const COLUMN: usize = 29;

/// How paragraphs begin that are to be copied: they stay as they are.
const EXAMPLE: &str = "  ";

const EXIT_CODES: &[(&str, &str)] = &[
    ("0", "it is done"),
    ("1", "`explain` found something that cannot work"),
    ("2", "the command line, or the way that the command was called"),
    ("3", "the key file is damaged or something else"),
    ("4", "the configuration: files, variables, endpoints, credentials"),
    ("5", "the service answered, and refused or failed"),
    ("6", "the network, or something on the way"),
    ("7", "a clock is wrong"),
];

/// The program's own help.
pub(super) fn overview() -> String {
    let mut out = String::from("Usage: yc-iam COMMAND [FLAGS]\n\n");
    paragraph(
        &mut out,
        "Credentials for Yandex Cloud and for workloads in its Kubernetes.",
    );
    out.push_str("\nCommands:\n");
    for spec in COMMANDS {
        row(&mut out, spec.name, spec.about);
    }
    out.push_str("\nFlags:\n");
    row(
        &mut out,
        "--help, -h",
        "this text; after a command, the help of the command",
    );
    row(&mut out, "--version, -V", "the version");
    out.push('\n');
    paragraph(
        &mut out,
        "Secrets come from files, from the environment or from standard input, never from arguments. Without flags that \
         say otherwise, credentials are those of the environment: the first that is set of YC_SERVICE_ACCOUNT_KEY_FILE, \
         YC_IAM_TOKEN, YC_TOKEN, YC_OAUTH_TOKEN, and YC_WORKLOAD_IDENTITY_TOKEN_FILE with YC_SERVICE_ACCOUNT_ID (those \
         of the YDB SDKs count too), or else the metadata service.",
    );
    out.push_str("\nExit codes:\n");
    for (code, meaning) in EXIT_CODES {
        row(&mut out, code, meaning);
    }
    out
}

/// A command's help.
pub(super) fn of(spec: &Spec) -> String {
    let mut out = String::new();
    for (index, usage) in spec.usage.iter().enumerate() {
        let lead = if index == 0 { "Usage:" } else { "      " };
        let start = format!("{lead} yc-iam {}", spec.name);
        let indent = start.chars().count() + 1;
        wrap(&mut out, &start, indent, usage);
    }
    let mut after_example = false;
    for details in spec.details {
        let is_example = details.starts_with(EXAMPLE);
        if !(after_example && is_example) {
            out.push('\n');
        }
        paragraph(&mut out, details);
        after_example = is_example;
    }
    for group in spec.groups.iter().copied().chain([&COMMON]) {
        section(&mut out, group);
    }
    out
}

fn section(out: &mut String, group: &Group) {
    let _ = write!(out, "\n{}:\n", group.title);
    for Flag { name, value, help } in group.flags {
        let name = if value.is_empty() {
            format!("--{name}")
        } else {
            format!("--{name} {value}")
        };
        row(out, &name, help);
    }
}

fn row(out: &mut String, name: &str, text: &str) {
    let start = format!("  {name}");
    if start.chars().count() < COLUMN - 1 {
        wrap(out, &format!("{start:width$}", width = COLUMN - 1), COLUMN, text);
    } else {
        out.push_str(&start);
        out.push('\n');
        wrap(out, &" ".repeat(COLUMN - 1), COLUMN, text);
    }
}

fn paragraph(out: &mut String, text: &str) {
    if text.starts_with(EXAMPLE) {
        out.push_str(text);
        out.push('\n');
    } else {
        wrap(out, "", 0, text);
    }
}

/// The words after what the line begins with; further lines are indented.
fn wrap(out: &mut String, start: &str, indent: usize, text: &str) {
    let mut line = start.to_owned();
    let mut is_empty = true;
    for word in text.split_ascii_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(line.trim_end());
            out.push('\n');
            line = " ".repeat(indent.saturating_sub(1));
        }
        if !line.is_empty() || indent > 0 {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
}
