//! What people hand over: key files, and anything in their place.

use yc_iam::diagnose::{self, ExpectedIdentity, ExplainOptions, KINDS};
use yc_iam::{EndpointOverrides, Endpoints, ServiceAccountKey, check_bearer_url};

use super::promises::{check_error, check_hidden};
use crate::common::at;

/// When everything happens.
const NOW: f64 = 1_767_225_600.0;

/// More than this is no explanation.
const MAX_EXPLANATION: usize = 40_000;

pub(crate) fn key_text(input: &[u8]) {
    match ServiceAccountKey::from_json(input) {
        Ok(key) => {
            assert!((2048..=4096).contains(&key.modulus_bits()) && key.has_private_key());
            for id in [key.id(), key.service_account_id()] {
                assert!(!id.is_empty() && id.len() <= 50 && id.bytes().all(|byte| byte.is_ascii_graphic()));
            }
            check_hidden(&format!("{key:?}"), input);
            assert!(key.expose_pkcs8().is_ok());
        }
        Err(error) => {
            check_error(&error, input);
            assert_eq!(
                ServiceAccountKey::from_json(input).unwrap_err(),
                error,
                "not the same again"
            );
        }
    }
    if let Ok(text) = std::str::from_utf8(input)
        && let Err(error) = ServiceAccountKey::external("id", "account", text)
    {
        check_error(&error, input);
    }
}

pub(crate) fn explain(input: &[u8]) {
    let endpoints = Endpoints::default();
    let expected = [
        None,
        ExpectedIdentity::from_json(Some(input), None).ok(),
        ExpectedIdentity::from_json(None, Some(input)).ok(),
        Some(ExpectedIdentity {
            issuer: Some("https://token.actions.githubusercontent.com".to_owned()),
            audiences: vec!["https://github.com/octo-org".to_owned()],
            subject: Some("repo:octo-org/octo-repo:ref:refs/heads/main".to_owned()),
            ..ExpectedIdentity::default()
        }),
    ];
    for (number, expected) in expected.iter().enumerate() {
        if number > 0 && expected.is_none() {
            continue;
        }
        let options = ExplainOptions {
            now: at(NOW),
            endpoints: &endpoints,
            expected: expected.as_ref(),
        };
        check_explanation(input, &options);
    }
}

/// Whatever it is, it is explained, the same way each time, and shows no secret.
pub(crate) fn check_explanation(input: &[u8], options: &ExplainOptions<'_>) {
    let explanation = diagnose::explain(input, options);
    assert!(KINDS.contains(&explanation.kind), "{}", explanation.kind);
    let (text, json) = (explanation.to_text(), explanation.to_json());
    assert!(
        text.len() <= MAX_EXPLANATION,
        "{} bytes of explanation: {text}",
        text.len()
    );
    let shown = |c: char| !c.is_control() || c == '\n';
    assert!(text.chars().all(shown), "{text:?}");
    let parsed: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(parsed["good"], explanation.is_good());
    assert_eq!(
        parsed["findings"].as_array().map(Vec::len),
        Some(explanation.findings.len())
    );
    check_hidden(&text, input);
    check_hidden(&json, input);
    assert_eq!(diagnose::explain(input, options), explanation, "not the same again");
}

pub(crate) fn redact(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let redacted = yc_iam::redact(&text);
    assert_eq!(yc_iam::redact(&redacted), redacted, "redacted twice: {text:?}");
    if let Err(error) = check_bearer_url(&text) {
        check_error(&error, b"");
    }
    let overrides = EndpointOverrides {
        iam: Some(text.clone().into_owned()),
        metadata: Some(text.into_owned()),
        ..EndpointOverrides::default()
    };
    match Endpoints::custom(overrides) {
        Ok(endpoints) => check_bearer_url(&endpoints.tokens_url()).unwrap(),
        Err(error) => check_error(&error, b""),
    }
}
