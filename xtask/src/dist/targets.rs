//! What wheels are built for.

/// Those that one Linux machine builds, with Zig as the C compiler and linker.
pub const LINUX: [&str; 4] = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
];

pub struct Target {
    pub triple: String,
    /// The oldest system that the wheel runs on; none where the platform's own tools decide (macOS, Windows).
    pub compatibility: Option<&'static str>,
}

impl Target {
    pub fn named(triple: &str) -> Self {
        let compatibility = match triple {
            _ if triple.ends_with("-linux-gnu") => Some("manylinux_2_17"),
            _ if triple.ends_with("-linux-musl") => Some("musllinux_1_2"),
            _ => None,
        };
        Self {
            triple: triple.to_owned(),
            compatibility,
        }
    }

    pub fn architecture(&self) -> &str {
        self.triple.split('-').next().unwrap_or_default()
    }

    /// As in the names of wheels: `manylinux_2_17_aarch64`.
    pub fn platform(&self) -> Option<String> {
        let compatibility = self.compatibility?;
        Some(format!("{compatibility}_{}", self.architecture()))
    }
}
