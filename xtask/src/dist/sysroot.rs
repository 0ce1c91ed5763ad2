//! A Python for 64-bit ARM on another machine: Debian's packages, unpacked in `target/`, for an emulator of the processor.
//!
//! apt gets a state of its own, so that the machine does not learn of a second architecture.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::repo::{self, Repo};
use crate::stamp::Stamp;
use crate::step::step;
use crate::tools::{self, Tool};

const GET_APT: &str = "this needs Debian or Ubuntu";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
const SOURCE: &str = "http://deb.debian.org/debian bookworm main";

/// The interpreter, and what it loads.
const PACKAGES: [&str; 10] = [
    "python3.11-minimal",
    "libpython3.11-minimal",
    "libpython3.11-stdlib",
    "libc6",
    "libssl3",
    "libexpat1",
    "libffi8",
    "zlib1g",
    "libbz2-1.0",
    "liblzma5",
];

pub struct Sysroot(PathBuf);

impl Sysroot {
    /// Whether this machine has what it takes.
    pub fn is_possible() -> bool {
        let is_there = |program: &str| !tools::in_path(program).is_empty();
        Path::new(KEYRING).is_file() && ["apt-get", "dpkg-deb", "qemu-aarch64-static"].into_iter().all(is_there)
    }

    /// Downloads and unpacks it, unless that was done.
    pub fn ensure(repo: &Repo) -> Result<Self> {
        let place = repo.target("sysroots/aarch64");
        let sysroot = Self(place.join("root"));
        // Recorded last: an interruption leaves half of it.
        let what = format!("{SOURCE} {PACKAGES:?}");
        let stamp = Stamp::new(place.join("xtask.stamp"), &what, &[])?;
        if stamp.is_current() {
            return Ok(sysroot);
        }
        step("getting a Python for aarch64 from Debian", || {
            let packages = download(&place)?;
            for package in repo::files_ending_in(&packages, &[".deb"])? {
                Tool::new("dpkg-deb", GET_APT)
                    .arg("--extract")
                    .arg(package)
                    .arg(&sysroot.0)
                    .run()?;
            }
            stamp.record()?;
            Ok(sysroot)
        })
    }

    fn interpreter(&self) -> PathBuf {
        self.0.join("usr/bin/python3.11")
    }

    pub fn python(&self) -> Tool {
        Tool::new(
            "qemu-aarch64-static",
            "on Debian and Ubuntu, run `apt install qemu-user-static`",
        )
        .arg("-L")
        .arg(&self.0)
        .arg(self.interpreter())
    }
}

fn download(place: &Path) -> Result<PathBuf> {
    repo::empty_directory(place)?;
    let packages = place.join("packages");
    for directory in [
        "packages",
        "state/lists/partial",
        "cache/archives/partial",
        "etc/preferences.d",
        "etc/apt.conf.d",
    ] {
        repo::make_directory(&place.join(directory))?;
    }
    let (status, sources) = (place.join("state/status"), place.join("etc/sources.list"));
    repo::write(&status, "")?;
    repo::write(&sources, format!("deb [arch=arm64 signed-by={KEYRING}] {SOURCE}\n"))?;
    let configuration = place.join("apt.conf");
    let at = |path: &Path| path.display().to_string();
    let settings = [
        ("Dir::State", at(&place.join("state"))),
        ("Dir::State::status", at(&status)),
        ("Dir::Cache", at(&place.join("cache"))),
        ("Dir::Etc", at(&place.join("etc"))),
        ("Dir::Etc::sourcelist", at(&sources)),
        ("Dir::Etc::sourceparts", at(&place.join("etc/none"))),
        ("APT::Architecture", "arm64".to_owned()),
        ("APT::Architectures", "arm64".to_owned()),
        ("APT::Sandbox::User", "root".to_owned()),
    ];
    let lines = settings.map(|(name, value)| format!("{name} \"{value}\";\n"));
    repo::write(&configuration, lines.concat())?;
    let apt = || Tool::new("apt-get", GET_APT).env("APT_CONFIG", &configuration);
    apt().args(["-qq", "update"]).run_quietly()?;
    apt()
        .args(["-qq", "download"])
        .args(PACKAGES)
        .directory(&packages)
        .run_quietly()
        .map_err(|failure| Failure::new(format!("Debian's packages for aarch64 cannot be had: {failure}")))?;
    Ok(packages)
}
