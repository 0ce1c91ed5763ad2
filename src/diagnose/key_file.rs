//! A service account's key file.

use serde_json::Value;

use super::explanation::Explanation;
use super::options::ExplainOptions;
use super::show;
use crate::key::{ServiceAccountKey, json::described};
use crate::timestamp::UnixTime;

/// Explains the text as a key file; `object` is what could be read of it, or null.
pub(super) fn explain(text: &str, object: &Value, options: &ExplainOptions<'_>) -> Explanation {
    let mut explanation = Explanation::new("service_account_key", "a service account's key file");
    let object = described(object);
    let field = |names: &[&str]| names.iter().find_map(|name| object.get(*name)).unwrap_or(&Value::Null);
    if let Some(id) = show::identifier(field(&["id"])) {
        explanation.fact("id", "key ID", id);
    }
    let account = show::identifier(field(&["service_account_id", "serviceAccountId"]));
    if let Some(account) = account {
        explanation.fact("service_account_id", "service account", account);
        super::compare::service_account(account, options.expected, &mut explanation);
    }
    if let Some(user) = show::identifier(field(&["user_account_id", "userAccountId"])) {
        explanation.fact("user_account_id", "user account", user);
    }
    let created_at = field(&["created_at", "createdAt"]).as_str();
    if let Some(time) = created_at.and_then(UnixTime::parse_rfc3339) {
        let remark = show::distance(time, options.now);
        explanation.fact_with("created_at", "created", &time.to_rfc3339(), remark);
    } else if created_at.is_some() {
        let message = "`created_at` is not a date and time of RFC 3339";
        explanation.warning(
            "invalid_created_at",
            message,
            "the file was changed after it was downloaded",
        );
    }
    let stated = field(&["key_algorithm", "keyAlgorithm"]).as_str();
    match ServiceAccountKey::from_json(text) {
        Ok(key) => {
            let bits = key.modulus_bits();
            explanation.fact("algorithm", "signs with", "PS256");
            explanation.fact("bits", "modulus in bits", &bits.to_string());
            if let Some(stated) = stated
                && stated != format!("RSA_{bits}")
            {
                let message = format!(
                    "`key_algorithm` is `{}`, but the key has {bits} bits",
                    show::quoted(stated)
                );
                explanation.warning(
                    "algorithm_mismatch",
                    message,
                    "the file may be put together from two keys",
                );
            }
        }
        Err(error) => explanation.refused(&error),
    }
    explanation
}
