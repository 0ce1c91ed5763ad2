//! Good JWTs and bad ones.

use serde_json::{Value, json};
use yc_iam::emulator::{Emulator, EmulatorOptions};
use yc_iam::{JwtOptions, Lifetime, Ps256Signer, RustCryptoSigner, ServiceAccountKey, sign_jwt};

use crate::support::{NOW, PEM_A, PEM_B, World, at, forge, pkcs1v15, pss};

/// For the IDs of seed 0; signed by `openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32
/// -sign rsa2048_a.pem` (OpenSSL 3).
const OPENSSL_JWT: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJQUzI1NiIsImtpZCI6ImFqZWF0YWZlMmsyNThpdHRoYmk2In0.eyJpc3MiOiJhamVnZG1mNDFl\
     YWc4aWVnZTg4aiIsImF1ZCI6Imh0dHBzOi8vaWFtLmFwaS5jbG91ZC55YW5kZXgubmV0L2lhbS92MS90b2tlbnMiLCJpYXQiOjE3\
     MDAwMDAwMDAsImV4cCI6MTcwMDAwMzYwMH0.JRHdqpdxdh0alCWvVuuPCsiGrNghHMfE_JbiPq3v82O4pmPnz7pSZFPNK7MojEPs\
     dqc-MXu4O-ozDeF7p0DWHlx69WePeGkjUG33uvOClh_5DlyzGoDQCZ0c-3MjIpwlInrMBMmap2X7WqNIY-IZLyaJtU3CSbk3d63v\
     _8yD9psryNWQoXIezzRCOJ37Oldix1fplI6c18ejtfTC8vEt67sBMRjUDbIY8uz3vUsPACnIGr1L5narTHh-Z0yVnFwKRGPjKXow\
     zEBgRGjgKEo6bx-u6nUOf0ndWGwHinkqwfHuZT_mlth3nxxQ0GbYVv2M11LzoT8IQ-HRuehcHlKLNw";

fn world() -> World {
    World::new(EmulatorOptions::default())
}

fn accepts(signer: &dyn Ps256Signer, world: &mut World) {
    let options = JwtOptions {
        now: at(NOW),
        lifetime: Lifetime::MAX,
        audience: "https://iam.api.cloud.yandex.net/iam/v1/tokens",
    };
    let jwt = sign_jwt(&world.key, signer, &options).unwrap();
    let answer = world.send(&json!({ "jwt": jwt.expose() }).to_string());
    assert!(answer.token().starts_with("t1."));
    assert_eq!(world.last_verdict(), format!("accepted for {}", world.account));
}

#[test]
fn accepts_what_the_pure_rust_signer_signs() {
    let mut world = world();
    accepts(&RustCryptoSigner::new(&world.key).unwrap(), &mut world);
}

#[cfg(feature = "aws-lc")]
#[test]
fn accepts_what_aws_lc_signs() {
    let mut world = world();
    accepts(&yc_iam::AwsLcSigner::new(&world.key).unwrap(), &mut world);
}

#[test]
fn accepts_what_openssl_signed() {
    let mut world = world();
    world.send(&json!({ "jwt": OPENSSL_JWT }).to_string()).token();
}

#[test]
fn accepts_keys_of_every_size_that_the_service_makes() {
    for pem in [
        include_str!("../vectors/pem/rsa3072.pem"),
        include_str!("../vectors/pem/rsa4096.pem"),
    ] {
        let mut emulator = Emulator::new(EmulatorOptions::default());
        let account = emulator.create_service_account("robot");
        let file = emulator.create_key(&account, pem, at(NOW)).unwrap();
        let key = ServiceAccountKey::from_json(&file).unwrap();
        let mut world = World {
            emulator,
            account,
            file,
            key,
        };
        accepts(&RustCryptoSigner::new(&world.key).unwrap(), &mut world);
    }
}

#[test]
fn accepts_an_array_of_audiences_and_nbf() {
    let mut world = world();
    let mut claims = world.claims();
    claims["aud"] = json!(["https://example.com", "https://iam.api.cloud.yandex.net/iam/v1/tokens"]);
    claims["nbf"] = json!(NOW);
    world.send_claims(&claims).token();
}

#[test]
fn accepts_an_audience_that_was_added() {
    let mut world = world();
    let mut claims = world.claims();
    claims["aud"] = json!("http://127.0.0.1:8080/iam/v1/tokens");
    world.send_claims(&claims).refused(16, 401);
    world.emulator.serve_at("http://127.0.0.1:8080").unwrap();
    world.send_claims(&claims).token();
}

#[test]
fn refuses_bad_signatures_and_says_why() {
    let mut world = world();
    let (header, claims) = (world.header(), world.claims());
    let good = forge(&header, &claims, pss(PEM_A, 32));
    let mut parts: Vec<&str> = good.split('.').collect();
    let mut other = claims.clone();
    other["exp"] = json!(NOW + 3599);
    let tampered = forge(&header, &other, |_| Vec::new());
    parts[1] = tampered.split('.').nth(1).unwrap();
    let unknown = "another key made it, or header or claims were changed afterwards";
    let salt = "its salt has another length than the 32 bytes of PS256";
    let cases = [
        (parts.join("."), unknown),
        (forge(&header, &claims, pss(PEM_B, 32)), unknown),
        (forge(&header, &claims, pss(PEM_A, 20)), salt),
        (forge(&header, &claims, pss(PEM_A, 64)), salt),
        (forge(&header, &claims, pss(PEM_A, 0)), salt),
        (forge(&header, &claims, pss(PEM_A, 48)), salt),
        // As long as fits into 2048 bits.
        (forge(&header, &claims, pss(PEM_A, 222)), salt),
        (
            forge(&header, &claims, pkcs1v15(PEM_A)),
            "it is RSASSA-PKCS1-v1_5 (RS256), not RSASSA-PSS (PS256)",
        ),
        (
            forge(&header, &claims, |_| vec![1; 255]),
            "it is not as long as the key's modulus; is it raw bytes in base64url, encoded once?",
        ),
        (
            forge(&header, &claims, |_| Vec::new()),
            "it is not as long as the key's modulus; is it raw bytes in base64url, encoded once?",
        ),
    ];
    for (jwt, why) in cases {
        let answer = world.send(&json!({ "jwt": jwt }).to_string());
        let message = format!(
            "emulator: the signature does not verify with the key `{}`: {why}",
            world.key.id()
        );
        assert_eq!(answer.refused(16, 401), message);
        assert_eq!(world.last_verdict(), format!("refused: {message}"));
    }
    world.send(&json!({ "jwt": good }).to_string()).token();
}

/// As the documentation's samples in Java, Node, C++ and Ruby send it.
#[test]
fn accepts_a_header_without_typ() {
    let mut world = world();
    let header = json!({ "alg": "PS256", "kid": world.key.id() });
    world.send_header(&header).token();
}

#[test]
fn refuses_headers() {
    let mut world = world();
    let kid = world.key.id().to_owned();
    let cases = [
        (
            json!({ "typ": "JWT", "alg": "PS256" }),
            "The required field 'kid' is missing from the JWT header".to_owned(),
        ),
        (
            json!({ "typ": "JWT", "alg": "PS256", "kid": "ajeunknown" }),
            "Key 'ajeunknown' was not found".to_owned(),
        ),
        (
            json!({ "typ": "JWT", "alg": "RS256", "kid": kid }),
            "emulator: the JWT header's `alg` is `RS256`, but only `PS256` is accepted".to_owned(),
        ),
        (
            json!({ "typ": "JWT", "alg": "PS512", "kid": kid }),
            "emulator: the JWT header's `alg` is `PS512`, but only `PS256` is accepted".to_owned(),
        ),
        (
            json!({ "typ": "JWT", "alg": "HS256", "kid": kid }),
            "emulator: the JWT header's `alg` is `HS256`, but only `PS256` is accepted".to_owned(),
        ),
        (
            json!({ "typ": "at+jwt", "alg": "PS256", "kid": kid }),
            "emulator: the JWT header's `typ` is `at+jwt`: write `JWT`, or leave it out".to_owned(),
        ),
        (
            json!({ "typ": "", "alg": "PS256", "kid": kid }),
            "emulator: the JWT header's `typ` is ``: write `JWT`, or leave it out".to_owned(),
        ),
        // RFC 7519, section 5.1, recommends capital letters for those who compare no otherwise.
        (
            json!({ "typ": "jwt", "alg": "PS256", "kid": kid }),
            "emulator: the JWT header's `typ` is `jwt`: write `JWT`, or leave it out".to_owned(),
        ),
    ];
    for (header, message) in cases {
        assert_eq!(world.send_header(&header).refused(16, 401), message);
    }
    for alg in ["none", "None", "ps256"] {
        let answer = world.send_header(&json!({ "typ": "JWT", "alg": alg, "kid": kid }));
        let message = answer.refused(16, 401);
        assert!(
            message.starts_with("emulator: the JWT's header or claims do not fit: "),
            "{message}"
        );
        assert!(message.contains(alg), "{message}");
    }
}

#[test]
fn refuses_claims() {
    let audience = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
    let aud = format!("the JWT's `aud` holds none of the accepted audiences: `{audience}`");
    let cases: &[(&str, Value, &str)] = &[
        ("aud", json!("https://iam.api.yandexcloud.kz/iam/v1/tokens"), &aud),
        ("aud", json!(["https://example.com"]), &aud),
        ("aud", json!([]), &aud),
        ("aud", json!(7), "the JWT's `aud` is missing or of the wrong type"),
        ("aud", Value::Null, "the JWT's `aud` is missing or of the wrong type"),
        ("iss", Value::Null, "the JWT's `iss` is missing or of the wrong type"),
        ("iat", Value::Null, "the JWT has no `iat`"),
        (
            "iat",
            json!("1700000000"),
            "the JWT's `iat` is not a whole number of seconds",
        ),
        (
            "iat",
            json!(1_700_000_000.5),
            "the JWT's `iat` is not a whole number of seconds",
        ),
        (
            "iat",
            json!(NOW + 61),
            "the JWT's `iat` is 61 s ahead of the emulator's clock, more than the tolerance of 60 s",
        ),
        ("exp", Value::Null, "the JWT has no `exp`"),
        ("exp", json!(1.8e9), "the JWT's `exp` is not a whole number of seconds"),
        (
            "exp",
            json!(NOW + 3601),
            "the JWT's `exp` is 3601 s after its `iat`, more than 3600 s",
        ),
        (
            "exp",
            json!(i64::MAX),
            "the JWT's `exp` is 9223372035154775807 s after its `iat`, more than 3600 s",
        ),
        ("exp", json!(NOW), "the JWT's `exp` is not after its `iat`"),
        ("exp", json!(NOW - 1), "the JWT's `exp` is not after its `iat`"),
        (
            "nbf",
            json!(NOW + 61),
            "the JWT's `nbf` is 61 s ahead of the emulator's clock, more than the tolerance of 60 s",
        ),
        ("nbf", json!("soon"), "the JWT's `nbf` is not a whole number of seconds"),
    ];
    let mut world = world();
    for (name, value, problem) in cases {
        let mut claims = world.claims();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(*name);
        } else {
            claims[*name] = value.clone();
        }
        assert_eq!(
            world.send_claims(&claims).refused(16, 401),
            format!("emulator: {problem}"),
            "{claims}"
        );
    }
}

#[test]
fn refuses_another_service_accounts_name() {
    let mut world = world();
    let other = world.emulator.create_service_account("other");
    for iss in [json!(other), json!([other])] {
        let mut claims = world.claims();
        claims["iss"] = iss;
        let message = format!(
            "emulator: the key `{}` belongs to `{}`, but the JWT's `iss` is another",
            world.key.id(),
            world.account
        );
        assert_eq!(world.send_claims(&claims).refused(16, 401), message);
    }
    let mut claims = world.claims();
    claims["iss"] = json!([world.account]);
    assert_eq!(
        world.send_claims(&claims).refused(16, 401),
        "emulator: the JWT's `iss` is not a string"
    );
}

#[test]
fn times_are_judged_within_the_tolerance_and_by_the_emulators_clock() {
    let mut world = world();
    let jwt = forge(&world.header(), &world.claims(), pss(PEM_A, 32));
    let body = json!({ "jwt": jwt }).to_string();
    world.send_at(&body, NOW - 60).token();
    world.send_at(&body, NOW - 61).refused(16, 401);
    world.send_at(&body, NOW + 3659).token();
    let expired = "emulator: the JWT's `exp` is 60 s behind the emulator's clock; the tolerance is 60 s";
    assert_eq!(world.send_at(&body, NOW + 3660).refused(16, 401), expired);
    world.emulator.set_clock_offset(-3660);
    let answer = world.send_at(&body, NOW + 3660);
    answer.token();
    assert_eq!(
        answer.reply.response.header("date"),
        Some("Tue, 14 Nov 2023 22:13:20 GMT")
    );
}

#[test]
fn refuses_what_is_no_jwt() {
    let mut world = world();
    let cases = [
        ("", "the JWT is not three parts joined by dots"),
        ("a.b", "the JWT is not three parts joined by dots"),
        ("*.b.c", "a part of the JWT is not base64url without padding"),
    ];
    for (jwt, problem) in cases {
        let answer = world.send(&json!({ "jwt": jwt }).to_string());
        assert_eq!(answer.refused(16, 401), format!("emulator: {problem}"));
    }
    for jwt in ["a.b.c.d", "e30.e30.e30", "bnVsbA.e30.", "W10.W10.W10"] {
        let answer = world.send(&json!({ "jwt": jwt }).to_string());
        assert!(answer.refused(16, 401).starts_with("emulator: "), "{jwt}");
    }
}
