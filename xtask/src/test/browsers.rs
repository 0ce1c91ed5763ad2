//! Chromium and Firefox, under the names that systems have for them; where there are none, Debian's packages.

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::step::{note, step};
use crate::tools::{self, Tool};

struct Browser {
    /// Says where it is; from the user to us, and from us to the tests.
    variable: &'static str,
    /// The first that runs is taken.
    programs: &'static [&'static str],
    /// Debian's.
    package: &'static str,
}

const BROWSERS: [Browser; 2] = [
    Browser {
        variable: "CHROMIUM",
        programs: &["chromium", "chromium-browser", "google-chrome"],
        package: "chromium",
    },
    Browser {
        variable: "FIREFOX",
        programs: &["firefox-esr", "firefox"],
        package: "firefox-esr",
    },
];

const GET_BROWSERS: &str = "install Chromium or Chrome, and Firefox: on Debian with `apt-get install chromium firefox-esr` as root, on Ubuntu, \
                            which has only snaps of them, from Google's and Mozilla's archives; or say with CHROMIUM and FIREFOX where they are";

/// The variables that tell the tests where the browsers are. Installs those that are missing, where that is allowed.
pub fn ensure() -> Result<Vec<(&'static str, PathBuf)>> {
    let mut missing = Vec::new();
    for browser in &BROWSERS {
        if find(browser)?.is_none() {
            missing.push(browser.package);
        }
    }
    if !missing.is_empty() {
        install(&missing)?;
    }
    let places = BROWSERS.iter().map(|browser| match find(browser)? {
        Some(place) => Ok((browser.variable, place)),
        None => Err(Failure::new(format!(
            "{} was installed and does not run: {GET_BROWSERS}",
            browser.package
        ))),
    });
    places.collect()
}

fn find(browser: &Browser) -> Result<Option<PathBuf>> {
    if let Some(given) = env::var_os(browser.variable).filter(|given| !given.is_empty()) {
        let found = tools::in_path(&given).into_iter().find(|program| runs(program));
        let wrong = || {
            let given = given.to_string_lossy();
            Failure::new(format!("{} says `{given}`, and that does not run", browser.variable))
        };
        return found.ok_or_else(wrong).map(Some);
    }
    let found = browser.programs.iter().flat_map(tools::in_path);
    Ok(found.into_iter().find(|program| !is_snap(program) && runs(program)))
}

fn runs(program: &Path) -> bool {
    let version = Tool::new(program, GET_BROWSERS).arg("--version").try_output();
    version.is_ok_and(|output| output.status.success())
}

/// A snap has a /tmp of its own, and so does not see the profile that a test gives it.
fn is_snap(program: &Path) -> bool {
    let mut beginning = Vec::new();
    if let Ok(file) = File::open(program) {
        // What cannot be read is left to `runs`.
        let _ = file.take(16_384).read_to_end(&mut beginning);
    }
    let is_snap = starts_snap(&program.canonicalize().unwrap_or_default(), &beginning);
    if is_snap {
        note(format_args!(
            "{} is a snap, which does not see the tests' files: not taken",
            program.display()
        ));
    }
    is_snap
}

/// A link to `snap`, which goes by the name it is called, or the script in Ubuntu's package.
fn starts_snap(real: &Path, beginning: &[u8]) -> bool {
    let is_script = beginning.starts_with(b"#!");
    real.file_name() == Some(OsStr::new("snap"))
        || real.starts_with("/snap")
        || (is_script && String::from_utf8_lossy(beginning).contains("exec /snap/bin/"))
}

fn install(packages: &[&str]) -> Result {
    let names = packages.join(" and ");
    step(format_args!("installing {names}"), || {
        apt(&["update"], &[])
            .and_then(|()| apt(&["install", "-y", "--no-install-recommends"], packages))
            .map_err(|failure| Failure::new(format!("{names} could not be installed ({failure}): {GET_BROWSERS}")))
    })
}

/// As root, or as someone whom `sudo` asks for no password.
fn apt(arguments: &[&str], packages: &[&str]) -> Result {
    let user = Tool::new("id", GET_BROWSERS).arg("-u").run_quietly()?;
    let tool = match user.trim() {
        "0" => Tool::new("env", GET_BROWSERS),
        _ => Tool::new("sudo", GET_BROWSERS).args(["-n", "env"]),
    };
    tool.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
        .args(arguments)
        .args(packages)
        .run_quietly()
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snap_is_told_from_a_browser() {
        let stub = b"#!/bin/sh\nif ! [ -x /snap/bin/firefox ]; then\n    exit 1\nfi\nexec /snap/bin/firefox \"$@\"\n";
        assert!(starts_snap(Path::new("/usr/bin/firefox"), stub));
        assert!(starts_snap(Path::new("/usr/bin/snap"), b"\x7fELF"));
        assert!(!starts_snap(
            Path::new("/usr/bin/chromium"),
            b"#!/bin/sh\nexec /usr/lib/chromium/chromium\n"
        ));
        assert!(!starts_snap(
            Path::new("/usr/lib/firefox-esr/firefox-esr"),
            b"\x7fELF exec /snap/bin/"
        ));
    }
}
