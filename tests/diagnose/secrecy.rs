//! No eight bytes of a secret part come out, however the secret is spelled and wherever it stands.

use std::collections::BTreeSet;

use base64ct::{Base64, Base64Url, Encoding};
use serde_json::{Value, json};

use crate::common::{bytes, cases, key_texts, pem, text};
use crate::form::{told, well_formed};

/// Secrets of every kind, by their secret parts.
fn secrets() -> Vec<(&'static str, String, Vec<String>)> {
    let mut secrets: Vec<(&str, String, Vec<String>)> = [
        ("IAM token", "t1.", "9euelMarked-Part_OneMqWx7"),
        ("OAuth token", "y0_", "AgMarkedOauthPart0187hGtRqZw53"),
        ("old OAuth token", "AQAAAA", "MarkedOldOauthPart18hGtRq53"),
        ("API key", "AQVN", "MarkedApiKeyPart0918hGtRqZ77"),
        ("static key's ID", "YCAJE", "MarkedStaticIdPart66Ab"),
        ("static key's secret", "YC", "NMarkedStaticSecretPart7712hGtRqZZ"),
    ]
    .into_iter()
    .map(|(name, start, rest)| (name, format!("{start}{rest}"), vec![rest.to_owned()]))
    .collect();
    let body: String = pem("rsa2048_a").lines().filter(|line| !line.starts_with('-')).collect();
    secrets.push(("PEM", pem("rsa2048_a"), vec![body.clone()]));
    secrets.push((
        "PKCS#1",
        pem("rsa2048_a_pkcs1"),
        vec![
            pem("rsa2048_a_pkcs1")
                .lines()
                .filter(|line| !line.starts_with('-'))
                .collect(),
        ],
    ));
    secrets.push((
        "key file",
        String::from_utf8(key_texts()["plain"].clone()).unwrap(),
        vec![body],
    ));
    for case in cases("explanations").into_iter().filter(|case| {
        let name = text(case, "name");
        ["own_jwt", "pod_token", "gitlab_token", "github_actions_token"].contains(&name)
            || name.starts_with("oidc_token_that")
    }) {
        let token = String::from_utf8(bytes(&case["content"])).unwrap();
        let parts: Vec<String> = token.split('.').map(str::to_owned).collect();
        secrets.push(("JWT", token.clone(), parts));
    }
    secrets
}

/// The same secret as people and programs hand it over.
fn spellings(secret: &str) -> Vec<String> {
    let lines = |text: &str| {
        let chunks = text.as_bytes().chunks(19);
        let chunks: Vec<&str> = chunks.map(|chunk| std::str::from_utf8(chunk).unwrap()).collect();
        chunks.join("\n")
    };
    let escaped = serde_json::to_string(secret).unwrap();
    let mut spellings = vec![
        secret.to_owned(),
        format!(" \u{feff}{secret}\r\n"),
        lines(secret),
        lines(secret).replace('\n', "\r\n"),
        lines(secret).replace('\n', "\\n"),
        escaped.clone(),
        serde_json::to_string(&escaped).unwrap(),
        format!("'{secret}'"),
        Base64::encode_string(secret.as_bytes()),
        Base64Url::encode_string(secret.as_bytes()),
        lines(&Base64::encode_string(secret.as_bytes())),
        Base64::encode_string(Base64::encode_string(secret.as_bytes()).as_bytes()),
        format!("Authorization: Bearer {secret}"),
        format!("TOKEN={secret}"),
        format!("/{secret}"),
        format!("./{secret}.json"),
        format!("{{\"value\": {escaped}}}"),
        format!("{{\"private_key\": {escaped}, \"id\": \"x\", \"service_account_id\": \"y\"}}"),
        format!(
            "{{\"private_key\": 1, \"id\": {escaped}, \"service_account_id\": {escaped}, \"created_at\": {escaped}}}"
        ),
        format!("[{escaped}]"),
        format!("{{\"a\": {escaped}"),
    ];
    for cut in [1, 2, 3, 5, 9] {
        let len = secret.len() * cut / 10;
        spellings.extend(secret.get(..len).map(str::to_owned));
        spellings.extend(secret.get(len..).map(str::to_owned));
    }
    spellings
}

/// Every eight bytes of a secret part, as they are and in base64 at each of its three alignments.
fn windows(parts: &[String]) -> BTreeSet<Vec<u8>> {
    let mut windows = BTreeSet::new();
    for part in parts {
        windows.extend(part.as_bytes().windows(8).map(<[u8]>::to_vec));
        for start in 0..3.min(part.len()) {
            let encoded = Base64::encode_string(&part.as_bytes()[start..]);
            let whole = &encoded[..encoded.len().saturating_sub(4)];
            windows.extend(whole.as_bytes().windows(8).map(<[u8]>::to_vec));
        }
    }
    windows
}

fn leak(shown: &str, windows: &BTreeSet<Vec<u8>>) -> Option<String> {
    let mut seen = shown.as_bytes().windows(8);
    seen.find(|window| windows.contains(*window))
        .map(|window| String::from_utf8_lossy(window).into_owned())
}

#[test]
fn no_explanation_holds_a_secret() {
    let mut count = 0;
    for (name, secret, parts) in secrets() {
        let windows = windows(&parts);
        assert!(leak(&secret, &windows).is_some(), "{name} would not be found");
        for spelling in spellings(&secret) {
            let found = told(spelling.as_bytes());
            let shown = format!("{}\n{}\n{found:?}", found.to_text(), found.to_json());
            if let Some(window) = leak(&shown, &windows) {
                panic!(
                    "{window} of {name}, given as {spelling:?}, is to be seen:\n{}",
                    found.to_text()
                );
            }
            well_formed(&found).unwrap_or_else(|problem| panic!("{name}: {problem}"));
            count += 1;
        }
    }
    assert!(count > 300, "only {count} spellings");
}

/// A secret where a claim should be: known by its beginning, wherever it stands.
#[test]
fn no_claim_brings_a_secret_out() {
    for (name, secret, parts) in secrets() {
        let windows = windows(&parts);
        for claim in ["iss", "aud", "sub", "namespace", "kid", secret.as_str()] {
            for value in [
                secret.clone(),
                format!("x {secret} y"),
                secret.chars().flat_map(|c| [c, '\u{200b}']).collect(),
                format!("{}\u{200b}{}", &secret[..secret.len() / 2], &secret[secret.len() / 2..]),
            ] {
                let mut claims = json!({"iss": "https://issuer.example.org", "sub": "s", "aud": "a", "exp": 1.8e9, "kubernetes.io": {}});
                if claim == "namespace" {
                    claims["kubernetes.io"]["namespace"] = json!(value);
                } else {
                    claims[claim] = json!(value);
                }
                let encode = |value: &Value| {
                    Base64Url::encode_string(value.to_string().as_bytes())
                        .trim_end_matches('=')
                        .to_owned()
                };
                let token = format!(
                    "{}.{}.AAAA",
                    encode(&json!({"alg": "RS256", "kid": if claim == "kid" { value.as_str() } else { "k" }})),
                    encode(&claims)
                );
                let found = told(token.as_bytes());
                let shown = format!("{}\n{}", found.to_text(), found.to_json());
                assert_eq!(leak(&shown, &windows), None, "{name} as {claim}:\n{shown}");
                well_formed(&found).unwrap_or_else(|problem| panic!("{name}: {problem}"));
            }
        }
    }
}
