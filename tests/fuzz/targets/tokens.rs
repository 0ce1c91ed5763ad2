//! External tokens: files that should hold one, and JWTs with any header and claims.

use base64ct::{Base64UrlUnpadded, Encoding};
use yc_iam::diagnose::ExplainOptions;
use yc_iam::kubernetes::KubernetesTokenSource;
use yc_iam::{
    Action, Endpoints, Outcome, Session, SessionOptions, Source, Step, SubjectTokenOrigin, UnixTime,
    WorkloadIdentitySource,
};

use super::credentials::check_explanation;
use super::encodings::form_field;
use super::promises::{check_error, check_value};
use crate::common::at;

const NOW: f64 = 1_767_225_600.0;

const ACCOUNT: &str = "ajeb9l33h6mu12345678";

/// The content of a token file, as it is.
pub(crate) fn token_file(input: &[u8]) {
    let now = at(NOW);
    let pod = read_file(KubernetesTokenSource::new("/token"), input, now);
    match &pod {
        Step::Use { token, fresh_until } => {
            assert!(token.expires_at > now && *fresh_until > now);
            let text = std::str::from_utf8(input).unwrap();
            assert!(text.contains(token.value.expose()));
        }
        Step::Fail(error) => check_error(error, b""),
        step => panic!("a file comes to {step:?}"),
    }
    let origin = SubjectTokenOrigin::file("/token");
    match read_file(WorkloadIdentitySource::new(ACCOUNT, origin).unwrap(), input, now) {
        Step::Perform(effect) => {
            let Action::Http(request) = effect.action else {
                panic!("no request")
            };
            let body = request.body.unwrap();
            let sent = form_field(body.expose(), "subject_token");
            let text = std::str::from_utf8(input).unwrap();
            assert_eq!(sent, text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'));
        }
        Step::Fail(error) => check_error(&error, b""),
        step => panic!("a file comes to {step:?}"),
    }
    if let (Step::Fail(error), Ok(text)) = (&pod, std::str::from_utf8(input)) {
        check_value(&format!("{error:?} {error}"), text.trim().as_bytes(), input);
    }
}

fn read_file(source: impl Source + 'static, content: &[u8], now: UnixTime) -> Step {
    let mut session = Session::new(source, SessionOptions::default());
    let Step::Perform(effect) = session.poll(now) else {
        panic!("asks for no file")
    };
    session
        .complete(effect.id, now, Outcome::File(content.to_vec()))
        .unwrap();
    let step = session.poll(now);
    assert!(!matches!(step, Step::Wait { .. }), "waits for a file that is there");
    step
}

/// Header, claims and signature of a JWT, one line each, before they are encoded.
pub(crate) fn jwt(input: &[u8]) {
    let mut parts = input.splitn(3, |byte| *byte == b'\n');
    let mut next = || parts.next().unwrap_or_default();
    let (header, claims, signature) = (next(), next(), next());
    let encode = |part: &[u8]| Base64UrlUnpadded::encode_string(part);
    let token = format!("{}.{}.{}", encode(header), encode(claims), encode(signature));
    token_file(token.as_bytes());
    let endpoints = Endpoints::default();
    let options = ExplainOptions {
        now: at(NOW),
        endpoints: &endpoints,
        expected: None,
    };
    check_explanation(token.as_bytes(), &options);
    let shown = yc_iam::diagnose::explain(token.as_bytes(), &options).to_text();
    check_value(
        &shown,
        encode(signature).as_bytes(),
        &[input, token.as_bytes()].concat(),
    );
    // Claims are read in the time of whoever asks, from the first second to the last.
    for now in [UnixTime::from_secs(0), UnixTime::MAX] {
        check_explanation(token.as_bytes(), &ExplainOptions { now, ..options });
    }
}
