//! Bills of materials, in CycloneDX: which crates are inside what is published. The packages have no other contents that
//! are not ours, and depend on nothing when they run.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::version;
use crate::cargo::cargo;
use crate::failure::{Failure, Result};
use crate::repo::{self, Repo};
use crate::step::{note, step};

struct Product {
    /// The file is `<name>.cdx.json`.
    name: &'static str,
    purl: &'static str,
    /// What goes into it: flags of `cargo tree`, one set for each build.
    builds: &'static [&'static [&'static str]],
}

const WASM: &str = "wasm32-unknown-unknown";

const PRODUCTS: [Product; 3] = [
    Product {
        name: "yc-iam-crate",
        purl: "pkg:cargo/yc-iam",
        builds: &[&["--package", "yc-iam", "--all-features", "--target", "all"]],
    },
    Product {
        name: "yc-iam-wheel",
        purl: "pkg:pypi/yc-iam",
        builds: &[&["--package", "yc-iam-python", "--target", "all"]],
    },
    Product {
        name: "yc-iam-npm",
        purl: "pkg:npm/yc-iam",
        builds: &[&[
            "--package",
            "yc-iam-wasm",
            "--features",
            "signer,tools,emulator",
            "--target",
            WASM,
        ]],
    },
];

pub fn write_all(repo: &Repo, output: &Path) -> Result {
    step("writing the bills of materials", || {
        let version = version::check(repo)?;
        let hashes = hashes(&String::from_utf8_lossy(&repo::read(&repo.path("Cargo.lock"))?));
        for product in &PRODUCTS {
            let mut crates = BTreeMap::new();
            for flags in product.builds {
                // Crates that only compile or generate are not inside.
                let tree = cargo(repo)
                    .args([
                        "tree",
                        "--locked",
                        "--edges",
                        "normal,no-proc-macro",
                        "--prefix",
                        "none",
                    ])
                    .args(["--no-dedupe", "--format", "{p}|{l}"])
                    .args(*flags)
                    .run_quietly()?;
                crates.extend(tree.lines().filter_map(component));
            }
            crates.retain(|(name, _), _| !name.starts_with("yc-iam"));
            let bill = bill(product, &version, &crates, &hashes);
            let text = serde_json::to_string_pretty(&bill)
                .map_err(|error| Failure::new(format!("the bill of materials cannot be written: {error}")))?;
            let file = format!("{}-{version}.cdx.json", product.name);
            repo::write(&output.join(&file), text + "\n")?;
            note(format_args!("{file}: {} crates", crates.len()));
        }
        Ok(())
    })
}

/// Reads `name v1.2.3|MIT`, with whatever cargo puts in parentheses between.
fn component(line: &str) -> Option<((String, String), String)> {
    let (package, license) = line.split_once('|')?;
    let mut words = package.split(' ');
    let name = words.next()?.to_owned();
    let version = words.next()?.strip_prefix('v')?.to_owned();
    Some(((name, version), license.replace('/', " OR ")))
}

fn bill(
    product: &Product,
    version: &str,
    crates: &BTreeMap<(String, String), String>,
    hashes: &BTreeMap<(String, String), String>,
) -> Value {
    let components = crates.iter().map(|(id, license)| {
        let (name, version) = id;
        let purl = format!("pkg:cargo/{name}@{version}");
        let mut component = json!({
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "purl": purl,
            "licenses": [{ "expression": license }],
        });
        if let (Some(hash), Some(fields)) = (hashes.get(id), component.as_object_mut()) {
            fields.insert("hashes".into(), json!([{ "alg": "SHA-256", "content": hash }]));
        }
        component
    });
    let purl = format!("{}@{version}", product.purl);
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": purl,
                "name": "yc-iam",
                "version": version,
                "purl": purl,
                "licenses": [{ "expression": "MIT OR Apache-2.0" }],
            },
        },
        "components": components.collect::<Vec<_>>(),
    })
}

/// The checksums of the lock file, by name and version.
fn hashes(lock: &str) -> BTreeMap<(String, String), String> {
    let packages = lock.split("[[package]]").skip(1);
    packages
        .filter_map(|package| {
            let field = |name: &str| {
                let (_, rest) = package.split_once(&format!("\n{name} = \""))?;
                rest.split('"').next().map(str::to_owned)
            };
            Some(((field("name")?, field("version")?), field("checksum")?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_read_as_cargo_prints_it() {
        let expected = (("itoa".to_owned(), "1.0.1".to_owned()), "MIT OR Apache-2.0".to_owned());
        assert_eq!(component("itoa v1.0.1|MIT/Apache-2.0"), Some(expected));
        assert_eq!(component(""), None);
    }

    #[test]
    fn hashes_are_found_by_name_and_version() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"00ff\"\n\n[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n";
        let expected = BTreeMap::from([(("a".to_owned(), "1.0.0".to_owned()), "00ff".to_owned())]);
        assert_eq!(hashes(lock), expected);
    }
}
