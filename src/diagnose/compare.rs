//! An external token against what a federation and a federated credential expect.

use serde_json::Value;

use super::difference::Difference;
use super::expected::ExpectedIdentity;
use super::explanation::Explanation;
use super::platform::Platform;
use super::subject::{MAX_SUBJECT, kubernetes_subject};
use super::{advice, federation, fields, show, subject};

pub(super) fn identity(claims: &Value, platform: Platform, expected: &ExpectedIdentity, explanation: &mut Explanation) {
    federation::state(expected, explanation);
    if let (Some(own), Some(other)) = (&expected.federation_id, &expected.credential_federation_id)
        && own != other
    {
        let message = format!(
            "the federated credential belongs to the federation `{}`, not to `{}`",
            show::quoted(other),
            show::quoted(own)
        );
        let hint = "create a federated credential in this federation, or compare with the other one";
        explanation.error("credential_of_other_federation", message, hint);
    }
    issuer(claims, expected, explanation);
    audience(claims, platform, expected, explanation);
    subject(claims, expected, explanation);
    if let Some(account) = &expected.service_account_id {
        explanation.fact("acts_as", "would act as", account);
    }
}

/// Whether a service account's own key or JWT is of the account that was expected.
pub(super) fn service_account(id: &str, expected: Option<&ExpectedIdentity>, explanation: &mut Explanation) {
    if let Some(wanted) = expected.and_then(|expected| expected.service_account_id.as_deref())
        && wanted != id
    {
        let message = format!(
            "it is of the service account `{}`, not of `{}`",
            show::quoted(id),
            show::quoted(wanted)
        );
        explanation.error(
            "other_service_account",
            message,
            "take the key of the service account that was meant",
        );
    }
}

fn issuer(claims: &Value, expected: &ExpectedIdentity, explanation: &mut Explanation) {
    let (Some(given), Some(wanted)) = (fields::text(claims, "iss"), expected.issuer.as_deref()) else {
        return;
    };
    let Some(difference) = Difference::between(given, wanted) else {
        explanation.note("issuer_matches", "`iss` is the federation's issuer", "");
        return;
    };
    let code = match difference {
        Difference::WhiteSpace => "issuer_white_space",
        Difference::TrailingSlash => "issuer_trailing_slash",
        Difference::Scheme => "issuer_scheme",
        Difference::LetterCase => "issuer_letter_case",
        Difference::OtherCluster => "issuer_other_cluster",
        Difference::Several | Difference::Other => "issuer_differs",
    };
    let message = format!(
        "`iss` is `{}`, but the federation's issuer is `{}`: {}",
        show::quoted(given),
        show::quoted(wanted),
        difference.words()
    );
    let hint = match difference {
        Difference::OtherCluster => "create a federation for this cluster too, or take a token of the other cluster",
        Difference::Other => "take a token of that issuer, or a federation of this one",
        _ => "the federation's issuer must be the token's `iss`, character by character",
    };
    explanation.error(code, message, hint);
}

fn audience(claims: &Value, platform: Platform, expected: &ExpectedIdentity, explanation: &mut Explanation) {
    let Some(first) = expected.audiences.first() else {
        return;
    };
    let wanted: Vec<&str> = expected.audiences.iter().map(String::as_str).collect();
    let given = fields::audiences(claims);
    let Some(nearest) = Difference::nearest(&given, &wanted) else {
        let message = format!("it has no `aud`, but the federation accepts {}", list(&wanted));
        explanation.error("missing_audience", message, advice::audience(platform, first));
        return;
    };
    let Some(difference) = nearest.difference else {
        let message = format!(
            "`aud` has `{}`, which the federation accepts",
            show::quoted(nearest.given)
        );
        explanation.note("audience_matches", message, "");
        return;
    };
    let code = match difference {
        Difference::WhiteSpace => "audience_white_space",
        Difference::TrailingSlash => "audience_trailing_slash",
        Difference::Scheme => "audience_scheme",
        Difference::LetterCase => "audience_letter_case",
        Difference::OtherCluster => "audience_other_cluster",
        Difference::Several | Difference::Other => "audience_differs",
    };
    let alike = match difference {
        Difference::Other => String::new(),
        _ => format!(": {}", difference.words()),
    };
    let message = format!(
        "`aud` is {}, but the federation accepts {}{alike}",
        list(&given),
        list(&wanted)
    );
    explanation.error(code, message, advice::audience(platform, nearest.expected));
}

fn list(values: &[&str]) -> String {
    const MAX: usize = 5;
    let shown: Vec<String> = values
        .iter()
        .take(MAX)
        .map(|one| format!("`{}`", show::quoted(one)))
        .collect();
    let more = if values.len() > MAX { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn subject(claims: &Value, expected: &ExpectedIdentity, explanation: &mut Explanation) {
    let Some(given) = fields::text(claims, "sub") else {
        return;
    };
    if given.chars().count() > MAX_SUBJECT {
        subject::too_long(explanation);
        return;
    }
    let Some(wanted) = expected.subject.as_deref() else {
        return;
    };
    let Some(difference) = Difference::between(given, wanted) else {
        explanation.note(
            "subject_matches",
            "`sub` is the federated credential's external subject",
            "",
        );
        return;
    };
    let (code, words) = named(given, wanted, difference);
    let message = format!(
        "`sub` is `{}`, but the federated credential is for `{}`: {words}",
        show::quoted(given),
        show::quoted(wanted)
    );
    let hint = "the federated credential's external subject must be the token's `sub`, character by character: \
                create one for it, or run as the subject that it is for";
    explanation.error(code, message, hint);
}

fn named(given: &str, wanted: &str, difference: Difference) -> (&'static str, &'static str) {
    match difference {
        Difference::WhiteSpace => return ("subject_white_space", difference.words()),
        Difference::LetterCase => return ("subject_letter_case", difference.words()),
        _ => {}
    }
    let Some((namespace, name)) = kubernetes_subject(given) else {
        return ("subject_differs", Difference::Other.words());
    };
    let bare = wanted.trim();
    if [
        format!("{namespace}:{name}"),
        format!("{namespace}/{name}"),
        name.to_owned(),
    ]
    .iter()
    .any(|form| form == bare)
    {
        let words = "the federated credential's subject lacks the prefix `system:serviceaccount:<namespace>:`";
        return ("subject_missing_prefix", words);
    }
    match kubernetes_subject(wanted) {
        Some((other, same)) if same == name && other != namespace => {
            ("subject_wrong_namespace", "the namespaces are different")
        }
        Some((same, other)) if same == namespace && other != name => {
            ("subject_wrong_name", "the service accounts' names are different")
        }
        _ => ("subject_differs", Difference::Other.words()),
    }
}
