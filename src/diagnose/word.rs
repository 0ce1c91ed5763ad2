//! Tokens and keys that are one opaque word: only their kind can be told.

use super::explanation::Explanation;
use crate::credential::Kind;
use crate::header;

pub(super) fn explain(word: &str) -> Option<Explanation> {
    let mut explanation = match Kind::of(word)? {
        Kind::Iam => {
            let mut explanation = Explanation::new("iam_token", "an IAM token");
            let hint = "an IAM token lives for 12 hours at most: if it is refused, get a new one";
            explanation.note("opaque", "it does not say whose it is, nor until when it is good", hint);
            explanation
        }
        Kind::Oauth => {
            let mut explanation = Explanation::new("oauth_token", "an OAuth token of a Yandex account");
            let hint = "exchange it for an IAM token; it acts as a person: for programs, use a service account";
            explanation.note("opaque", "it does not say whose it is, nor until when it is good", hint);
            explanation
        }
        Kind::ApiKey => {
            let mut explanation = Explanation::new("api_key", "an API key of a service account");
            let hint = "send it as `Authorization: Api-Key …`, to services that take API keys; it is not exchanged";
            explanation.note("opaque", "it does not say whose it is, nor until when it is good", hint);
            explanation
        }
        Kind::StaticKey => {
            let title = if word.starts_with("YCAJE") {
                "the ID of a static access key"
            } else {
                "the secret of a static access key"
            };
            let mut explanation = Explanation::new("static_key", title);
            let hint = "ID and secret together sign requests to S3-compatible services; they bring no IAM token";
            explanation.note("opaque", "it does not say whose it is", hint);
            explanation
        }
        Kind::Jwt => return None,
    };
    explanation.fact("length", "length", &format!("{} characters", word.len()));
    if !header::is_token68(word) {
        let hint = "copy it again, alone and whole";
        explanation.error("invalid_characters", "it holds characters that no token has", hint);
    }
    Some(explanation)
}
