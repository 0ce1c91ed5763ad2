//! Files of Kubernetes that others wrote: kubeconfigs, Secrets, and what `kubectl` says of itself.

use std::sync::LazyLock;

use yc_iam::kubernetes::{Kubeconfig, KubeconfigNames, KubeconfigUser, ServiceAccountSecret, exec_credential};
use yc_iam::{AccessToken, Secret, UnixTime};

use super::promises::{check_error, check_hidden};

const SERVER: &str = "https://203.0.113.5";

/// Larger files are not read.
const MAX_LEN: usize = 2 * 1024 * 1024;

fn names() -> KubeconfigNames {
    KubeconfigNames {
        cluster: "prod".to_owned(),
        context: "prod-web".to_owned(),
        user: "robot".to_owned(),
        namespace: Some("web".to_owned()),
    }
}

/// The text of an existing kubeconfig.
pub(crate) fn kubeconfig(input: &[u8]) {
    static CONFIG: LazyLock<Kubeconfig> = LazyLock::new(|| {
        let user = KubeconfigUser::Token(Secret::new("t1.fuzzedTokenOfNoAccount".to_owned()));
        Kubeconfig::new(names(), SERVER, None, user).unwrap()
    });
    let Ok(text) = std::str::from_utf8(input) else { return };
    match CONFIG.merged_into(text) {
        // What was written can be read, and changes no more, unless its aliases make a large file.
        Ok(merged) if merged.expose().len() > MAX_LEN => {}
        Ok(merged) => {
            let again = CONFIG.merged_into(merged.expose());
            let again = again.unwrap_or_else(|error| panic!("{error}: {}", merged.expose()));
            assert!(again.expose() == merged.expose(), "from {text:?}");
            assert!(!format!("{merged:?}").contains("t1.fuzzed"));
        }
        Err(error) => check_error(&error, input),
    }
    let token = AccessToken {
        value: Secret::new("t1.fuzzedTokenOfNoAccount".to_owned()),
        expires_at: UnixTime::from_secs(1_767_268_800),
        issued_at: UnixTime::from_secs(1_767_225_600),
    };
    match exec_credential(&token, Some(text)) {
        Ok(said) => {
            let said: serde_json::Value = serde_json::from_str(said.expose()).unwrap();
            assert_eq!(said["status"]["token"], token.value.expose());
            assert_eq!(said["status"]["expirationTimestamp"], "2026-01-01T12:00:00Z");
        }
        Err(error) => check_error(&error, input),
    }
}

/// What `kubectl get secret` printed.
pub(crate) fn secret(input: &[u8]) {
    match ServiceAccountSecret::parse(input) {
        Ok(secret) => {
            let token = secret.token.expose();
            assert!(!format!("{secret:?}").contains(token) || token.len() < 16);
            let config = secret.kubeconfig(names(), SERVER).unwrap();
            let merged = config.merged_into(config.to_yaml().expose()).unwrap();
            assert!(merged == config.to_yaml());
            let json: serde_json::Value = serde_json::from_str(config.to_json().expose()).unwrap();
            assert_eq!(json["users"][0]["user"]["token"], token);
            assert!(config.merged_into(config.to_json().expose()).unwrap() == config.to_yaml());
            assert_eq!(
                ServiceAccountSecret::parse(input).as_ref(),
                Ok(&secret),
                "not the same again"
            );
        }
        Err(error) => {
            check_error(&error, input);
            check_hidden(error.message(), input);
        }
    }
}
