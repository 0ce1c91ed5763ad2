//! A JWT's header and claims, field by field.

use yc_iam::diagnose::{JwtPart, decoded_jwt};

use crate::common::{at, bytes, cases, text};

fn token(name: &str) -> String {
    let case = cases("explanations")
        .into_iter()
        .find(|case| text(case, "name") == name)
        .unwrap();
    String::from_utf8(bytes(&case["content"])).unwrap()
}

fn fields(content: &str) -> Vec<(JwtPart, String, String, String)> {
    let fields = decoded_jwt(content.as_bytes(), at(1_767_225_660.0));
    fields
        .into_iter()
        .map(|field| (field.part, field.name, field.value, field.remark))
        .collect()
}

#[test]
fn every_field_is_there_and_times_are_told() {
    let own =
        |part, name: &str, value: &str, remark: &str| (part, name.to_owned(), value.to_owned(), remark.to_owned());
    use JwtPart::{Claims, Header};
    let expected = [
        own(Header, "alg", "PS256", ""),
        own(Header, "kid", "ajeexamplekey0000001", ""),
        own(Header, "typ", "JWT", ""),
        own(Claims, "aud", "https://iam.api.cloud.yandex.net/iam/v1/tokens", ""),
        own(Claims, "exp", "1767229200", "2026-01-01T01:00:00Z, in 59 min"),
        own(Claims, "iat", "1767225600", "2026-01-01T00:00:00Z, 1 min ago"),
        own(Claims, "iss", "ajeexampleaccount001", ""),
    ];
    assert_eq!(fields(&token("own_jwt")), expected);
}

#[test]
fn what_stands_round_a_token_is_left_out() {
    let jwt = token("own_jwt");
    let (start, end) = jwt.split_at(40);
    for given in [
        format!("Bearer {jwt}"),
        format!("\"{jwt}\"\n"),
        format!("{start}\n  {end}\r\n"),
    ] {
        assert_eq!(fields(&given), fields(&jwt), "{given}");
    }
}

#[test]
fn what_is_no_jwt_has_no_fields_and_a_damaged_one_those_that_can_be_read() {
    for given in ["", "t1.9euelZq", "eyJ", "eyJ.eyJ.eyJ", "{\"id\": \"x\"}"] {
        assert_eq!(fields(given), [], "{given}");
    }
    assert_eq!(decoded_jwt(&[0xff, 0xfe], at(0.0)), []);
    let jwt = token("own_jwt");
    let header = jwt.split('.').next().unwrap();
    assert_eq!(fields(&format!("{header}.broken")).len(), 3);
}

#[test]
fn neither_a_signature_nor_a_token_among_the_claims_comes_out() {
    let jwt = token("own_jwt");
    let signature = jwt.rsplit('.').next().unwrap();
    let all = format!("{:?}", fields(&jwt));
    assert!(!all.contains(signature));
    let encode = |text: &str| base64ct::Base64UrlUnpadded::encode_string(text.as_bytes());
    use base64ct::Encoding;
    let nested = format!(
        "{}.{}.c2ln",
        encode("{\"alg\":\"PS256\"}"),
        encode(&format!(
            "{{\"inner\":\"{jwt}\",\"deep\":{{\"iam\":\"t1.9euelMarked-Part_OneMqWx7.abc\"}}}}"
        ))
    );
    let all = format!("{:?}", fields(&nested));
    assert!(
        !all.contains(signature) && !all.contains("MarkedPart") && !all.contains("Marked-Part"),
        "{all}"
    );
}
