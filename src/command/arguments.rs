//! A command's flags and operands, and what their values must be.

use crate::error::{Error, ErrorCode};
use crate::redact;

/// A command's flags and operands.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) flags: Vec<(&'static str, String)>,
    pub(super) operands: Vec<String>,
}

impl Arguments {
    /// The value of a flag.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let flag = self.flags.iter().find(|(known, _)| *known == name);
        flag.map(|(_, value)| value.as_str())
    }

    /// Whether a flag was given.
    pub(super) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// The value of a flag that the command cannot do without.
    pub(super) fn required(&self, name: &str, hint: &str) -> Result<&str, Error> {
        self.value(name)
            .ok_or_else(|| usage(format!("`--{name}` is missing"), hint))
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str, max: u32) -> Result<Option<u32>, Error> {
        let read = |text: &str| {
            let number = text.parse::<u32>().ok().filter(|number| *number <= max);
            number.ok_or_else(|| {
                let shown = redact::quote(text, 40);
                usage(
                    format!("`--{name}` is `{shown}`"),
                    &format!("pass a whole number from 0 to {max}"),
                )
            })
        };
        self.value(name).map(read).transpose()
    }

    /// What stands without a flag.
    pub(super) fn operand(&self, index: usize) -> Option<&str> {
        self.operands.get(index).map(String::as_str)
    }

    /// Refuses two flags that say different things.
    pub(super) fn exclude(&self, one: &str, other: &str) -> Result<(), Error> {
        if self.has(one) && self.has(other) {
            let message = format!("`--{one}` and `--{other}` exclude each other");
            return Err(usage(message, "leave one of them out"));
        }
        Ok(())
    }
}

/// An error of whoever wrote the command line.
pub(super) fn usage(message: String, hint: &str) -> Error {
    Error::new(ErrorCode::InvalidArgument, message).with_hint(hint)
}
