//! A bare PEM block.

use serde_json::Value;

use super::explanation::Explanation;
use super::show;
use crate::key;

const HOW_TO_GET_A_KEY_FILE: &str =
    "pass the whole JSON that `yc iam key create --service-account-name NAME --output key.json` writes";

pub(super) fn explain(text: &str) -> Explanation {
    let label = text
        .split_once("-----BEGIN ")
        .and_then(|(_, rest)| rest.split_once("-----"))
        .map_or("", |(label, _)| label);
    match label {
        "PUBLIC KEY" | "RSA PUBLIC KEY" => {
            let mut explanation = Explanation::new("public_key", "a public key in PEM");
            explanation.error("public_key_given", "a public key signs nothing", HOW_TO_GET_A_KEY_FILE);
            explanation
        }
        "CERTIFICATE" => {
            let mut explanation = Explanation::new("certificate", "a certificate in PEM");
            explanation.error(
                "certificate_given",
                "a certificate signs nothing",
                HOW_TO_GET_A_KEY_FILE,
            );
            explanation
        }
        label if label.ends_with("PRIVATE KEY") => private_key(text),
        _ => {
            let mut explanation = Explanation::new("pem", "a PEM block of an unknown kind");
            explanation.error(
                "unknown",
                "this is no credential of a known kind",
                HOW_TO_GET_A_KEY_FILE,
            );
            explanation
        }
    }
}

fn private_key(text: &str) -> Explanation {
    let mut explanation = Explanation::new("private_key", "a private key in PEM");
    match key::inspect_pem(text) {
        Ok((id, bits)) => {
            if let Some(id) = show::identifier(&id.map_or(Value::Null, Value::String)) {
                explanation.fact("id", "key ID", id);
            }
            explanation.fact("bits", "modulus in bits", &bits.to_string());
        }
        Err(error) => {
            // The message speaks of a key file, and this is none.
            let message = error
                .message()
                .replace("the key file's `private_key`", "the private key");
            explanation.error(error.code().as_str(), message, error.hint());
        }
    }
    let message = "it is only the private key: a key file also says whose it is";
    explanation.error("bare_pem_given", message, HOW_TO_GET_A_KEY_FILE);
    explanation
}
