//! Reads the command line: which command, with which flags. Values are not judged here.

use lexopt::{Arg, Parser};

use super::arguments::{Arguments, usage};
use super::commands::COMMANDS;
use super::help;
use super::secrets;
use super::spec::{Flag, Spec};
use crate::error::Error;
use crate::redact;

/// So much of a stranger's word is shown, and compared with names.
const MAX_SHOWN: usize = 40;

/// What the command line asks for.
pub(super) enum Request {
    /// A text for standard output: help or the version.
    Show(String),
    /// A command.
    Run(&'static Spec, Arguments),
}

/// Reads the command line.
pub(super) fn read(arguments: &[String]) -> Result<Request, Error> {
    for (index, argument) in arguments.iter().enumerate() {
        secrets::refuse(index + 1, argument)?;
    }
    let mut parser = Parser::from_args(arguments);
    let spec = match parser.next().map_err(unreadable)? {
        None => return Err(usage("no command was given".to_owned(), &commands())),
        Some(Arg::Long("help") | Arg::Short('h')) => return Ok(Request::Show(help::overview())),
        Some(Arg::Long("version") | Arg::Short('V')) => return Ok(Request::Show(version())),
        Some(Arg::Value(word)) => match word.to_str() {
            Some("help") => return help_on(&mut parser),
            word => command(word.unwrap_or_default())?,
        },
        Some(Arg::Long(name)) => {
            let shown = redact::quote(name, MAX_SHOWN);
            let message = format!("`--{shown}` stands where a command belongs");
            return Err(usage(message, &format!("begin with the command; {}", commands())));
        }
        Some(Arg::Short(letter)) => {
            let shown = redact::quote(&letter.to_string(), 1);
            return Err(usage(format!("there is no flag `-{shown}`"), "see `yc-iam --help`"));
        }
    };
    let mut found = Arguments::default();
    loop {
        let name = match parser.next().map_err(unreadable)? {
            None => break,
            Some(Arg::Long("help") | Arg::Short('h')) => return Ok(Request::Show(help::of(spec))),
            Some(Arg::Long(name)) => name.to_owned(),
            Some(Arg::Short(letter)) => return Err(unknown_flag(spec, "-", &letter.to_string())),
            Some(Arg::Value(word)) => {
                found.operands.push(word.to_string_lossy().into_owned());
                continue;
            }
        };
        let flag = spec.flag(&name).ok_or_else(|| unknown_flag(spec, "--", &name))?;
        if found.has(flag.name) {
            let message = format!("`--{}` was given twice", flag.name);
            return Err(usage(message, "leave one of them out"));
        }
        let value = flag_value(&mut parser, flag)?;
        found.flags.push((flag.name, value));
    }
    if let Some(word) = found.operands.get(spec.operands) {
        let shown = redact::quote(word, MAX_SHOWN);
        let hint = format!("see `yc-iam {} --help`", spec.name);
        return Err(usage(format!("`{shown}` is one argument too many"), &hint));
    }
    Ok(Request::Run(spec, found))
}

/// The value of a flag; empty for one that takes none.
fn flag_value(parser: &mut Parser, flag: &Flag) -> Result<String, Error> {
    let attached = parser.optional_value();
    if !flag.takes_value() {
        return match attached {
            None => Ok(String::new()),
            Some(_) => Err(usage(format!("`--{}` takes no value", flag.name), "leave it out")),
        };
    }
    let missing = || {
        let hint = format!("write `--{} {}`", flag.name, flag.value);
        usage(format!("`--{}` has no value", flag.name), &hint)
    };
    let is_attached = attached.is_some();
    let value = match attached {
        Some(value) => value,
        None => parser.value().map_err(|_| missing())?,
    };
    let value = value.to_string_lossy().into_owned();
    // The next flag is not this one's value, and neither is a variable of the shell that is not set.
    if value.trim().is_empty() || (!is_attached && value.starts_with("--")) {
        return Err(missing());
    }
    Ok(value)
}

fn help_on(parser: &mut Parser) -> Result<Request, Error> {
    match parser.next().map_err(unreadable)? {
        Some(Arg::Value(word)) => Ok(Request::Show(help::of(command(&word.to_string_lossy())?))),
        _ => Ok(Request::Show(help::overview())),
    }
}

fn command(word: &str) -> Result<&'static Spec, Error> {
    COMMANDS.iter().copied().find(|spec| spec.name == word).ok_or_else(|| {
        let shown = redact::quote(word, MAX_SHOWN);
        let meant = nearest(word, COMMANDS.iter().map(|spec| spec.name));
        let hint = meant.map_or_else(commands, |name| format!("did you mean `{name}`?"));
        usage(format!("there is no command `{shown}`"), &hint)
    })
}

fn unknown_flag(spec: &Spec, dashes: &str, name: &str) -> Error {
    let shown = redact::quote(name, MAX_SHOWN);
    let meant = nearest(name, spec.flags().map(|flag| flag.name));
    let hint = meant.map_or_else(
        || format!("see `yc-iam {} --help`", spec.name),
        |name| format!("did you mean `--{name}`?"),
    );
    usage(format!("`{}` has no flag `{dashes}{shown}`", spec.name), &hint)
}

/// What a misspelt word was meant to be, if it is near enough to anything.
fn nearest(word: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    const NEAR_ENOUGH: f64 = 0.84;
    // The comparison takes time by the square of the length.
    let word: String = word.chars().take(MAX_SHOWN).collect();
    let rated = names.map(|name| (strsim::jaro_winkler(&word, name), name));
    let best = rated.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.filter(|(rating, _)| *rating >= NEAR_ENOUGH).map(|(_, name)| name)
}

fn commands() -> String {
    let names: Vec<String> = COMMANDS.iter().map(|spec| format!("`{}`", spec.name)).collect();
    format!("the commands are {}; see `yc-iam --help`", names.join(", "))
}

fn version() -> String {
    concat!("yc-iam ", env!("CARGO_PKG_VERSION"), "\n").to_owned()
}

fn unreadable(error: lexopt::Error) -> Error {
    let message = match error {
        lexopt::Error::UnexpectedValue { option, .. } => {
            format!("`{}` takes no value", redact::quote(&option, MAX_SHOWN))
        }
        _ => "the arguments cannot be read".to_owned(),
    };
    usage(message, "see `yc-iam --help`")
}
