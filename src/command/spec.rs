//! What each command takes: read by the parser and by the help, so that the two agree.

use super::arguments::Arguments;
use super::plan::{Plan, World};
use crate::error::Error;

/// A command.
pub(super) struct Spec {
    pub(super) name: &'static str,
    /// A line for the list of commands.
    pub(super) about: &'static str,
    /// What follows `yc-iam` and the command's name; one line for each way to call it.
    pub(super) usage: &'static [&'static str],
    /// Paragraphs for the command's own help.
    pub(super) details: &'static [&'static str],
    pub(super) groups: &'static [&'static Group],
    /// How many arguments without a flag it takes.
    pub(super) operands: usize,
    /// What is to be done for these arguments.
    pub(super) plan: fn(&Arguments, &World<'_>) -> Result<Plan, Error>,
}

/// Flags that belong together.
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) flags: &'static [Flag],
}

/// A flag.
pub(super) struct Flag {
    pub(super) name: &'static str,
    /// What the help calls its value; empty if it takes none.
    pub(super) value: &'static str,
    pub(super) help: &'static str,
}

impl Flag {
    pub(super) const fn new(name: &'static str, value: &'static str, help: &'static str) -> Self {
        Self { name, value, help }
    }

    pub(super) const fn takes_value(&self) -> bool {
        !self.value.is_empty()
    }
}

impl Spec {
    pub(super) fn flags(&self) -> impl Iterator<Item = &'static Flag> {
        let groups = self.groups.iter().copied().chain([&COMMON]);
        groups.flat_map(|group| group.flags)
    }

    pub(super) fn flag(&self, name: &str) -> Option<&'static Flag> {
        self.flags().find(|flag| flag.name == name)
    }
}

/// What every command takes.
pub(super) const COMMON: Group = Group {
    title: "Everywhere",
    flags: &[
        Flag::new(
            "format",
            "FORMAT",
            "`text` (the default) or `json`, for the output and for errors",
        ),
        Flag::new("help", "", "this text"),
    ],
};
