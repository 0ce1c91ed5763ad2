//! The checksums of what is published.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::failure::Result;
use crate::repo;

/// The file that they are in.
pub const SUMS: &str = "SHA256SUMS";

/// As `sha256sum` prints them.
pub fn checksums(directory: &Path) -> Result<String> {
    let mut sums = String::new();
    for file in repo::entries(directory)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if name == SUMS || file.is_dir() {
            continue;
        }
        let digest = Sha256::digest(repo::read(&file)?);
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        sums.push_str(&format!("{digest}  {name}\n"));
    }
    Ok(sums)
}
