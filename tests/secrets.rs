//! Nothing that can be printed shows a secret.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::fmt::Debug;

use base64ct::{Base64, Encoding};
use yc_iam::api::{self, Answer, Call, CallOptions, CallStep, Task, lockbox, operations, tokens};
use yc_iam::{
    AccessToken, Action, DefaultOptions, DefaultSource, Effect, EffectId, Endpoints, Error, ErrorCode, Failure,
    FailureKind, FixedSource, FunctionSource, ImpersonationSource, OauthSource, Outcome, Response, Secret,
    ServiceAccountSource, Session, SessionOptions, Signing, Source, Step, SubjectTokenOrigin, UnixTime,
    WorkloadIdentitySource, redact,
};

use common::{Walk, answer, at, key, outside_session, pem};

/// What must not be seen, in all the spellings that printing may give it.
struct Marked(Vec<String>);

const TOKEN: &str = "t1.marked-token-that-nobody-may-see";
const DETAIL: &str = "t1.marked-detail-that-nobody-may-see";

impl Marked {
    fn new() -> Self {
        let lines = pem("rsa2048_a");
        let mut marks: Vec<String> = lines
            .lines()
            .filter(|line| !line.starts_with('-'))
            .map(str::to_owned)
            .collect();
        let der = key("plain").expose_pkcs8().unwrap();
        // A slice of the private numbers, as `{:?}` and as hex would write it.
        let slice = &der[300..308];
        marks.push(slice.iter().map(u8::to_string).collect::<Vec<_>>().join(", "));
        marks.push(slice.iter().map(|byte| format!("{byte:02x}")).collect());
        marks.extend([TOKEN[4..].to_owned(), DETAIL[4..].to_owned()]);
        // The signature that the walks give: raw and in base64url.
        marks.extend([
            "90, 90, 90".to_owned(),
            "ZZZZ".to_owned(),
            "5a5a5a".to_owned(),
            "WlpaWlpa".to_owned(),
        ]);
        Self(marks)
    }

    fn absent(&self, what: &str, shown: &str) {
        let shown = shown.replace('\n', "").to_owned() + shown;
        for mark in &self.0 {
            assert!(!shown.contains(mark.as_str()), "{what} shows {mark}: {shown}");
        }
    }

    fn absent_in(&self, what: &str, value: &impl Debug) {
        self.absent(what, &format!("{value:?}"));
        self.absent(what, &format!("{value:#?}"));
    }
}

#[test]
fn marks_would_be_found() {
    let marked = Marked::new();
    for shown in [
        pem("rsa2048_a"),
        TOKEN.to_owned(),
        format!("{:?}", [90_u8; 4]),
        "x WlpaWlpaWlpa".to_owned(),
    ] {
        let found = std::panic::catch_unwind(|| marked.absent("this", &shown)).is_err();
        assert!(found, "not found in {shown}");
    }
}

#[test]
fn nothing_prints_a_secret() {
    let marked = Marked::new();
    let key = key("plain");
    let token = AccessToken {
        value: Secret::new(TOKEN.to_owned()),
        expires_at: UnixTime::from_secs(2),
        issued_at: UnixTime::from_secs(1),
    };
    marked.absent_in("key", &key);
    marked.absent_in("signer", &key.signer().unwrap());
    marked.absent_in("pure-Rust signer", &yc_iam::RustCryptoSigner::new(&key).unwrap());
    marked.absent_in("token", &token);
    marked.absent_in("authorization", &token.authorization());
    marked.absent("secret", &format!("{} {:?}", token.value, token.value));
    marked.absent_in(
        "source with a signer inside",
        &ServiceAccountSource::new(key.clone()).unwrap(),
    );
    marked.absent_in(
        "source with a signer outside",
        &ServiceAccountSource::with_signing(key, Signing::Outside),
    );
    for source in marked_sources() {
        marked.absent_in("source", &source);
        let mut session = Session::new(source, SessionOptions::default());
        marked.absent_in("first step", &session.poll(at(1_767_225_600.0)));
        marked.absent_in("session", &session);
    }
    marked.absent_in("file", &Outcome::File(TOKEN.as_bytes().to_vec()));
    marked.absent_in("file of bytes", &Outcome::File(vec![0x5A; 9]));
    marked.absent_in("signature", &Outcome::Signature(vec![0x5A; 256]));
    marked.absent_in("response", &Outcome::Response(answer(200, TOKEN)));
    let header = ("set-cookie".to_owned(), TOKEN.to_owned());
    marked.absent_in(
        "headers",
        &Response {
            status: 200,
            headers: vec![header],
            body: Vec::new(),
        },
    );
    let failure = Failure {
        kind: FailureKind::Other,
        detail: DETAIL.to_owned(),
    };
    marked.absent_in("failure", &failure);
    marked.absent_in("failed outcome", &Outcome::Failure(failure.clone()));
    let error = Error::from(failure);
    marked.absent_in("error", &error);
    marked.absent("error", &error.to_string());
}

/// Every source that holds a secret of its own; none of them is served here.
fn marked_sources() -> Vec<Box<dyn Source>> {
    let now = at(1_767_225_600.0);
    let header = vec![("x-key".to_owned(), Secret::new(TOKEN.to_owned()))];
    let url = SubjectTokenOrigin::url("https://example.org/", header, None).unwrap();
    let context = format!(r#"{{"access_token":"{TOKEN}","expires_in":9}}"#);
    let environment = |name: &str| (name == "YC_TOKEN").then(|| TOKEN.to_owned());
    let fixed = || FixedSource::new(TOKEN, None).unwrap();
    let account = "ajeb9l33h6mu12345678";
    vec![
        Box::new(OauthSource::new(&TOKEN.replace("t1.", "y0_")).unwrap()),
        Box::new(fixed()),
        Box::new(FunctionSource::new(&context, now).unwrap()),
        Box::new(WorkloadIdentitySource::new(account, SubjectTokenOrigin::value(TOKEN)).unwrap()),
        Box::new(WorkloadIdentitySource::new(account, url).unwrap()),
        Box::new(ImpersonationSource::new(account, fixed()).unwrap()),
        Box::new(DefaultSource::new(environment, &DefaultOptions::default()).unwrap()),
    ]
}

/// Prints a session and its steps at every turn of a life.
#[test]
fn no_session_prints_a_secret() {
    let marked = Marked::new();
    let now = 1_767_225_600.0;
    let body = format!(r#"{{"iamToken":"{TOKEN}","expiresAt":"2026-01-01T12:00:00Z"}}"#);
    let refusal = format!(r#"{{"code":16,"message":"bad token {TOKEN}"}}"#);
    for outcome in [
        Outcome::Response(answer(200, &body)),
        Outcome::Response(answer(401, &refusal)),
        Outcome::Response(answer(503, &refusal)),
        Outcome::Failure(Failure {
            kind: FailureKind::Connection,
            detail: DETAIL.to_owned(),
        }),
        Outcome::Failure(Failure {
            kind: FailureKind::Tls,
            detail: DETAIL.to_owned(),
        }),
    ] {
        let mut walk = Walk::new(key("plain"), Endpoints::default(), 1, now);
        let (id, request) = walk.exchange().unwrap();
        marked.absent_in("request", &request);
        marked.absent_in(
            "effect",
            &Effect {
                id,
                action: Action::Http(request),
            },
        );
        marked.absent_in("session in flight", &walk.session);
        marked.absent_in("outcome", &outcome);
        walk.session.complete(id, at(now), outcome).unwrap();
        marked.absent_in("session after the answer", &walk.session);
        let step = walk.session.poll(at(now));
        marked.absent_in("step", &step);
        marked.absent_in("session", &walk.session);
    }
    let mut inside = Session::new(
        ServiceAccountSource::new(key("plain")).unwrap(),
        SessionOptions::default(),
    );
    let Step::Perform(effect) = inside.poll(at(now)) else {
        panic!("no exchange")
    };
    marked.absent_in("session that signs inside", &inside);
    let Action::Http(request) = &effect.action else {
        panic!("no request")
    };
    let jwt = request.body.as_ref().unwrap().expose().to_owned();
    let signature = jwt.rsplit('.').next().unwrap().trim_end_matches("\"}").to_owned();
    Marked(vec![signature]).absent_in("effect", &effect);
    let mut outside = outside_session(key("plain"), Endpoints::default(), 1);
    marked.absent_in(
        "wrong report",
        &outside.complete(EffectId(9), at(now), Outcome::Signature(vec![0x5A; 256])),
    );
}

/// So long that whatever looks at each pair of places does not come to an end while the tests run.
const LONG: usize = 1 << 20;

#[test]
fn the_work_of_redacting_grows_with_the_text_only() {
    for piece in [
        "YC_",
        "YC_A=",
        "y0_=",
        "t1.",
        "-----BEGIN ",
        "-----END ",
        "-----",
        "%t1.",
        "\\n",
    ] {
        let text = piece.repeat(LONG / piece.len());
        let redacted = redact(&text);
        assert!(redacted.len() <= text.len(), "{piece}");
    }
}

#[test]
fn long_texts_of_a_service_are_quoted_in_part_and_without_halves_of_a_secret() {
    let now = at(1_767_225_600.0);
    let said = |message: &str| {
        let body = format!(r#"{{"id":"op1","done":true,"error":{{"code":3,"message":"{message}"}}}}"#);
        let mut call = Call::new(operations::wait("op1").unwrap(), CallOptions::default());
        call.authorize(&Secret::new(TOKEN.to_owned()));
        let CallStep::Perform(effect) = call.poll(now) else {
            panic!("no request")
        };
        call.complete(effect.id, now, Outcome::Response(answer(200, &body)))
            .unwrap();
        let CallStep::Fail(error) = call.poll(now) else {
            panic!("no failure")
        };
        assert_eq!(error.code(), ErrorCode::OperationFailed);
        error.message().to_owned()
    };
    assert!(said(&"YC_".repeat(LONG / 3)).contains('…'));
    assert!(said(&"no ".repeat(LONG / 3)).contains("no no no"));
    // Whatever is left of the token where the text is cut, it is not shown, though all before it is short.
    let block = "-----BEGIN CERTIFICATE-----END CERTIFICATE-----";
    for gap in 16 * 1024 - 3 * TOKEN.len()..16 * 1024 + 8 {
        let before = block.replace("E-----E", &format!("E-----{}-----E", "x".repeat(gap - block.len() - 5)));
        let message = said(&format!("{before} {TOKEN} {}", "no ".repeat(9)));
        assert!(message.contains("[PEM redacted]"), "{gap}: {message}");
        assert!(
            !message.contains("t1.") && !message.contains("marked"),
            "{gap}: {message}"
        );
    }
}

/// A value that no pattern gives away.
const VALUE: &str = "marked-value-of-lockbox";

fn secret_body() -> String {
    let binary = Base64::encode_string(VALUE.as_bytes());
    format!(
        r#"{{"entries":[{{"key":"a","textValue":"{VALUE}"}},{{"key":"b","binaryValue":"{binary}"}}],"versionId":"v"}}"#
    )
}

fn marked_tasks() -> Vec<Task> {
    let header = vec![("x-key".to_owned(), Secret::new(VALUE.to_owned()))];
    let body = Some(Secret::new(VALUE.to_owned()));
    vec![
        lockbox::get("e6qetpqfe8vvag9h7jkr", None).unwrap(),
        operations::wait("fcmq0j5033e516c56ctq").unwrap(),
        tokens::revoke(TOKEN).unwrap(),
        api::request("POST", "https://example.org/", header, body).unwrap(),
    ]
}

/// Prints tasks, calls, steps, answers and errors at every turn of a call.
#[test]
fn no_call_prints_a_secret() {
    let mut marked = Marked::new();
    marked.0.push(VALUE.to_owned());
    marked.0.push(Base64::encode_string(VALUE.as_bytes()));
    let ten = VALUE.as_bytes()[..10].iter().map(u8::to_string);
    marked.0.push(ten.collect::<Vec<_>>().join(", "));
    let now = at(1_767_225_600.0);
    let refusal = format!(r#"{{"code":16,"message":"bad token {TOKEN}"}}"#);
    let half = secret_body()[..80].to_owned();
    let wrong = secret_body().replace("versionId", "version");
    let failed = format!(r#"{{"id":"op1","error":{{"code":3,"message":"bad {TOKEN}","details":["{TOKEN}"]}}}}"#);
    for (status, body) in [
        (200, secret_body()),
        (200, half),
        (200, wrong),
        (200, failed),
        (401, refusal.clone()),
        (503, refusal.clone()),
        (404, refusal),
    ] {
        for task in marked_tasks() {
            marked.absent_in("task", &task);
            let options = CallOptions {
                entropy: [0x5A; 16],
                ..CallOptions::default()
            };
            marked.absent_in("options", &options);
            let mut call = Call::new(task, options);
            for _ in 0..5 {
                let step = call.poll(now);
                marked.absent_in("step", &step);
                marked.absent_in("call", &call);
                match step {
                    CallStep::Authorize { .. } => call.authorize(&Secret::new(TOKEN.to_owned())),
                    CallStep::Perform(effect) => {
                        let outcome = Outcome::Response(answer(status, &body));
                        marked.absent_in("outcome", &outcome);
                        call.complete(effect.id, now, outcome).unwrap();
                    }
                    CallStep::Fail(error) => marked.absent("error", &error.to_string()),
                    _ => {}
                }
            }
        }
    }
}

/// The payload gives its values to whoever asks for them by their key, and to nobody else.
#[test]
fn no_payload_prints_a_secret() {
    let mut marked = Marked::new();
    marked.0.push(VALUE.to_owned());
    let now = at(1_767_225_600.0);
    let mut call = Call::new(marked_tasks().remove(0), CallOptions::default());
    call.authorize(&Secret::new(TOKEN.to_owned()));
    let CallStep::Perform(effect) = call.poll(now) else {
        panic!("no request")
    };
    let body = secret_body().replace(r#""a","#, &format!(r#""{TOKEN}","#));
    call.complete(effect.id, now, Outcome::Response(answer(200, &body)))
        .unwrap();
    let CallStep::Done(Answer::LockboxPayload(payload)) = call.poll(now) else {
        panic!("no payload")
    };
    assert_eq!(payload.text("b").unwrap(), VALUE);
    assert_eq!(payload.bytes(TOKEN).unwrap(), VALUE.as_bytes());
    for asked in ["c", VALUE, "b\n", ""] {
        let error = payload.bytes(asked).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidArgument);
        assert!(
            error.hint().contains("`b`") && !error.to_string().contains('\n'),
            "{error}"
        );
        Marked(vec![TOKEN.to_owned()]).absent("error", &error.to_string());
    }
    Marked(vec![VALUE.to_owned()]).absent_in("payload", &payload);
    Marked(vec![VALUE.to_owned()]).absent_in("answer", &Answer::LockboxPayload(payload));
}
