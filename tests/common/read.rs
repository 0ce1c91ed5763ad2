//! Vectors as they lie in the files, and the keys and endpoints that they name.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use base64ct::{Base64, Encoding};
use serde_json::Value;
use yc_iam::{EndpointOverrides, Endpoints, Error, ServiceAccountKey};

/// A folder of `tests/`. The fuzzer's package is in there, and has no such folder of its own.
pub(crate) fn folder(name: &str) -> PathBuf {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut tests = packages.map(|package| package.join("tests"));
    tests.find(|tests| tests.is_dir()).unwrap().join(name)
}

pub(crate) fn load(path: &str) -> Value {
    let path = folder(path);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn cases(file: &str) -> Vec<Value> {
    load(&format!("vectors/{file}.json"))["cases"]
        .as_array()
        .cloned()
        .unwrap_or_default()
}

pub(crate) fn pem(name: &str) -> String {
    std::fs::read_to_string(folder("vectors/pem").join(format!("{name}.pem"))).unwrap()
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no text `{name}` in {value}"))
}

/// A number, or the name of one that JSON cannot write.
pub(crate) fn number(value: &Value) -> f64 {
    match value {
        Value::String(name) => name.parse().unwrap(),
        other => other.as_f64().unwrap_or_else(|| panic!("{other} is not a number")),
    }
}

pub(crate) fn bytes(value: &Value) -> Vec<u8> {
    if let Some(parts) = value["join"].as_array() {
        return parts.iter().flat_map(bytes).collect();
    }
    if let Some(text) = value["text"].as_str() {
        return text.as_bytes().to_vec();
    }
    if let Some(text) = value["base64"].as_str() {
        return Base64::decode_vec(text).unwrap();
    }
    text(value, "repeat")
        .repeat(value["times"].as_u64().unwrap() as usize)
        .into_bytes()
}

/// The content of each key file that is good.
pub(crate) fn key_texts() -> &'static HashMap<String, Vec<u8>> {
    static TEXTS: LazyLock<HashMap<String, Vec<u8>>> = LazyLock::new(|| {
        let good = cases("keys").into_iter().filter(|case| case["expect"].is_object());
        good.map(|case| (text(&case, "name").to_owned(), bytes(&case["content"])))
            .collect()
    });
    &TEXTS
}

/// The key of this name in `keys.json`, parsed once.
pub(crate) fn key(name: &str) -> ServiceAccountKey {
    static KEYS: LazyLock<Mutex<HashMap<String, ServiceAccountKey>>> = LazyLock::new(Mutex::default);
    let mut keys = KEYS.lock().unwrap();
    let parse =
        || ServiceAccountKey::from_json(key_texts().get(name).unwrap_or_else(|| panic!("no key `{name}`"))).unwrap();
    keys.entry(name.to_owned()).or_insert_with(parse).clone()
}

/// `"default"`, `"kazakhstan"` or overrides; a value that is not there is the default too.
pub(crate) fn endpoints(value: &Value) -> Result<Endpoints, Error> {
    match value {
        Value::Null => Ok(Endpoints::default()),
        Value::String(name) if name == "default" => Ok(Endpoints::default()),
        Value::String(name) if name == "kazakhstan" => Ok(Endpoints::kazakhstan()),
        Value::Object(_) => {
            let given = |name: &str| value[name].as_str().map(str::to_owned);
            Endpoints::custom(EndpointOverrides {
                iam: given("iam"),
                auth: given("auth"),
                metadata: given("metadata"),
                lockbox: given("lockbox"),
                operation: given("operation"),
                audience: given("audience"),
            })
        }
        other => panic!("{other} names no endpoints"),
    }
}
