//! Doing slow things only when what they depend on has changed.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::failure::Result;
use crate::repo;

/// A file that remembers which inputs a piece of work was last done with.
pub struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// `settings` stands for whatever shapes the work besides the files: flags, versions.
    pub fn new(file: PathBuf, settings: &str, inputs: &[&Path]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        settings.hash(&mut hasher);
        for input in inputs {
            repo::read(input)?.hash(&mut hasher);
        }
        Ok(Self {
            file,
            digest: format!("{:016x}\n", hasher.finish()),
        })
    }

    /// Whether the work was done with these very inputs.
    pub fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|seen| seen == self.digest)
    }

    /// To be called when the work is done, and only if it succeeded.
    pub fn record(&self) -> Result {
        if let Some(directory) = self.file.parent() {
            repo::make_directory(directory)?;
        }
        repo::write(&self.file, &self.digest)
    }
}
