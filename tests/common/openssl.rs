//! OpenSSL's command line as a judge.

use std::path::PathBuf;
use std::process::Command;

use super::{Checked, same};

pub(crate) fn scratch(name: &str, content: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path
}

pub(crate) fn openssl(arguments: &[&str]) -> (bool, String) {
    let output = Command::new("openssl")
        .args(arguments)
        .output()
        .expect("OpenSSL's command line must be installed");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

/// OpenSSL's word on a PS256 signature of the key in this PKCS#8 DER.
pub(crate) fn openssl_verifies(stem: &str, pkcs8: &[u8], message: &[u8], signature: &[u8]) -> Checked {
    let private = scratch(&format!("{stem}.der"), pkcs8);
    let public = scratch(&format!("{stem}.pub"), b"");
    let (message, signature) = (
        scratch(&format!("{stem}.msg"), message),
        scratch(&format!("{stem}.sig"), signature),
    );
    let path = |path: &PathBuf| path.to_str().unwrap().to_owned();
    let (ok, said) = openssl(&[
        "pkey",
        "-inform",
        "DER",
        "-in",
        &path(&private),
        "-pubout",
        "-out",
        &path(&public),
    ]);
    same(&format!("public key ({said})"), ok, true)?;
    let (ok, said) = openssl(&[
        "dgst",
        "-sha256",
        "-verify",
        &path(&public),
        "-sigopt",
        "rsa_padding_mode:pss",
        "-sigopt",
        "rsa_pss_saltlen:32",
        "-sigopt",
        "rsa_mgf1_md:sha256",
        "-signature",
        &path(&signature),
        &path(&message),
    ]);
    same(&format!("OpenSSL's word ({})", said.trim()), ok, true)
}
