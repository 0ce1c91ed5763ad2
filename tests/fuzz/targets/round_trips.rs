//! What is written can be read: by the library, and by readers that share no code with it.

use std::sync::LazyLock;

use serde_json::{Value, json};
use yc_iam::api::{Call, CallOptions, CallStep};
use yc_iam::kubernetes::{Kubeconfig, KubeconfigNames, KubeconfigUser, exec_credential};
use yc_iam::{
    AccessToken, Action, JwtOptions, Lifetime, Response, Secret, ServiceAccountKey, SigningInput, UnixTime, read_token,
};

use super::encodings::{base64, escaped, form_field, from_base64url};
use crate::common::dates::{http_date, rfc3339};
use crate::common::dice::Dice;
use crate::common::{key, pem, tasks};

/// 9999-12-31T23:59:59Z.
const END_OF_TIME: u64 = 253_402_300_799;

pub(crate) fn all(input: &[u8]) {
    let mut dice = Dice::tape(input);
    while !dice.is_over() {
        match dice.roll(8) {
            0 => key_file(&mut dice),
            1 => times(&mut dice),
            2 => waits(&mut dice),
            3 => claims(&mut dice),
            4 => forms(&mut dice),
            5 => plug_in(&mut dice),
            6 => kubeconfig(&mut dice),
            _ => kubeconfig_in_another(&mut dice),
        }
    }
}

/// Text of all kinds of characters.
fn text(dice: &mut Dice, longest: u64) -> String {
    let one = |dice: &mut Dice| match dice.roll(8) {
        0..=3 => char::from(b' ' + dice.roll(95) as u8),
        4 => char::from(dice.roll(32) as u8),
        5 => dice.pick(&['"', '\\', '%', '&', '=', '+', '\'', ':', '#', '-', '{', '\u{7f}']),
        6 => dice.pick(&[
            'é', 'Ж', '本', '\u{85}', '\u{2028}', '\u{feff}', '\u{200b}', '\u{fffd}', '😀',
        ]),
        _ => char::from_u32(dice.roll(0x11_0000) as u32).unwrap_or('?'),
    };
    (0..dice.roll(longest)).map(|_| one(dice)).collect()
}

/// Letters, digits and hyphens.
fn id(dice: &mut Dice) -> String {
    let len = dice.roll(50) + 1;
    (0..len)
        .map(|_| char::from(dice.pick(b"abcdefghijklmnopqrstuvwxyz0123456789-")))
        .collect()
}

/// A key file in one of the wrappings in which it comes.
fn key_file(dice: &mut Dice) {
    static PEM: LazyLock<String> = LazyLock::new(|| pem("rsa2048_a"));
    let (id, account, created_at) = (id(dice), id(dice), text(dice, 20));
    let mut pem = PEM.replace('\n', dice.pick(&["\n", "\r\n", "\\n"]));
    if dice.roll(2) == 0 {
        pem = format!("PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <{id}>\n{pem}");
    }
    let names = dice.pick(&[
        ["service_account_id", "created_at", "private_key"],
        ["serviceAccountId", "createdAt", "privateKey"],
    ]);
    let file = json!({ "id": id, names[0]: account, names[1]: created_at, names[2]: pem, "x": text(dice, 9) });
    let mut written = if dice.roll(2) == 0 {
        file.to_string()
    } else {
        format!("{file:#}")
    };
    if dice.roll(3) == 0 {
        written = written
            .chars()
            .map(|c| if c.is_ascii() { c.to_string() } else { escaped(c) })
            .collect();
    }
    if dice.roll(3) == 0 {
        written = base64(written.as_bytes(), dice.pick(&[4, 60, 76, 1_000_000]));
    }
    let (before, after) = (dice.pick(&["", "\u{feff}", " \n"]), dice.pick(&["", "\n", "\r\n\t"]));
    let key = ServiceAccountKey::from_json(format!("{before}{written}{after}")).unwrap();
    assert_eq!((key.id(), key.service_account_id()), (id.as_str(), account.as_str()));
    assert_eq!(
        (key.created_at(), key.modulus_bits()),
        (Some(created_at.as_str()), 2048)
    );
}

/// A time as it is written by the library, and as it is read in any zone and with any fraction.
fn times(dice: &mut Dice) {
    let secs = dice.roll(END_OF_TIME - 200_000) as i64 + 100_000;
    assert_eq!(UnixTime::from_secs(secs).to_rfc3339(), rfc3339(secs));
    let (offset, fraction) = (dice.roll(1_440) as i64 - 720, dice.roll(1_000_000_000));
    let digits = dice.roll(9) as usize + 1;
    let local = rfc3339(secs + offset * 60);
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
    let fraction = &format!("{fraction:09}")[..digits];
    let written = format!(
        "{}.{fraction}{sign}{hours:02}:{minutes:02}",
        local.trim_end_matches('Z')
    );
    let body = json!({ "iamToken": "t1.timely", "expiresAt": written }).to_string();
    let now = UnixTime::from_secs(secs - 3_600);
    let token = read_token(&answer(200, Vec::new(), &body), now).unwrap();
    let millis: i64 = format!("{fraction:0<9}")[..3].parse().unwrap();
    let expected = (secs * 1000 + millis) as f64 / 1000.0;
    assert_eq!(
        token.expires_at,
        UnixTime::from_secs_f64(expected).unwrap(),
        "{written}"
    );
}

/// `Retry-After` as a date, told apart from the answer's own `Date`.
fn waits(dice: &mut Dice) {
    let (secs, wait) = (dice.roll(END_OF_TIME - 100_000) as i64, dice.roll(90_000) as i64);
    let header = |name: &str, secs| (name.to_owned(), http_date(secs));
    let headers = vec![header("Date", secs), header("retry-after", secs + wait)];
    let error = read_token(
        &answer(503, headers, ""),
        UnixTime::from_secs(dice.roll(END_OF_TIME) as i64),
    )
    .unwrap_err();
    assert_eq!(error.retry_after(), Some(wait as f64));
}

fn answer(status: u16, headers: Vec<(String, String)>, body: &str) -> Response {
    Response {
        status,
        headers,
        body: body.as_bytes().to_vec(),
    }
}

fn claims(dice: &mut Dice) {
    let key = key(dice.pick(&["plain", "rsa3072", "rsa4096"]));
    let audience = text(dice, 200) + "a";
    let (now, lifetime) = (dice.roll(END_OF_TIME), dice.roll(3_600) + 1);
    let options = JwtOptions {
        now: UnixTime::from_secs(now as i64),
        lifetime: Lifetime::from_secs(lifetime as f64).unwrap(),
        audience: &audience,
    };
    let input = SigningInput::new(&key, &options).unwrap();
    let (header, claims) = input.as_str().split_once('.').unwrap();
    let read = |part: &str| serde_json::from_slice::<Value>(&from_base64url(part)).unwrap();
    assert_eq!(read(header), json!({ "typ": "JWT", "alg": "PS256", "kid": key.id() }));
    let expected = json!({ "iss": key.service_account_id(), "aud": audience, "iat": now, "exp": now + lifetime });
    assert_eq!(read(claims), expected);
}

/// Names in a query.
fn forms(dice: &mut Dice) {
    let name = text(dice, 100);
    let task = json!({ "lockbox_get_by_name": { "folder_id": "b1gexamplefolder0001", "name": name } });
    // Not every name may be asked for.
    let Ok(task) = tasks::task(&task) else { return };
    let mut call = Call::new(task, CallOptions::default());
    let now = UnixTime::from_secs(0);
    assert!(matches!(call.poll(now), CallStep::Authorize { .. }));
    call.authorize(&Secret::new("t1.asking".to_owned()));
    let CallStep::Perform(effect) = call.poll(now) else {
        panic!("no request")
    };
    let Action::Http(request) = effect.action else {
        panic!("no request")
    };
    let (_, query) = request.url.split_once('?').unwrap();
    assert!(query.bytes().all(|byte| byte.is_ascii_graphic()), "{query}");
    assert_eq!(form_field(query, "folderAndName.secretName"), name, "{query}");
}

fn plug_in(dice: &mut Dice) {
    let value = id(dice) + dice.pick(&["", "=", ".b/c+d_e~f=="]);
    let end = dice.roll(END_OF_TIME) as i64;
    let token = AccessToken {
        value: Secret::new(value.clone()),
        expires_at: UnixTime::from_secs(end),
        issued_at: UnixTime::from_secs(0),
    };
    let said = exec_credential(&token, None).unwrap();
    let expected = json!({
        "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
        "status": { "expirationTimestamp": rfc3339(end), "token": value },
    });
    assert_eq!(serde_json::from_str::<Value>(said.expose()).unwrap(), expected);
}

fn random_kubeconfig(dice: &mut Dice) -> Option<(Kubeconfig, [String; 3])> {
    let names = [text(dice, 40), text(dice, 40), text(dice, 40)];
    let [cluster, context, user] = names.clone();
    let described = KubeconfigNames {
        cluster,
        context,
        user,
        namespace: None,
    };
    let token = KubeconfigUser::TokenFile(text(dice, 60) + "/token");
    // Not every text is a name.
    Some((
        Kubeconfig::new(described, "https://203.0.113.5", None, token).ok()?,
        names,
    ))
}

fn kubeconfig(dice: &mut Dice) {
    let Some((config, names)) = random_kubeconfig(dice) else {
        return;
    };
    let read: Value = serde_json::from_str(config.to_json().expose()).unwrap();
    let lists = ["clusters", "contexts", "users"];
    assert_eq!(
        lists.map(|list| read[list][0]["name"].as_str().unwrap()),
        names.each_ref().map(String::as_str)
    );
    assert_eq!(read["current-context"], names[1]);
    // JSON and YAML are one file in two writings.
    assert!(
        config.merged_into(config.to_json().expose()).unwrap() == config.to_yaml(),
        "{names:?}"
    );
    assert!(
        config.merged_into(config.to_yaml().expose()).unwrap() == config.to_yaml(),
        "{names:?}"
    );
}

/// What a kubeconfig holds besides is kept, whatever it is: read from JSON by one reader and from YAML by the other.
fn kubeconfig_in_another(dice: &mut Dice) {
    let Some((config, _)) = random_kubeconfig(dice) else {
        return;
    };
    let existing =
        json!({ "extensions": value(dice, 5), "users": [{ "name": text(dice, 30), "user": value(dice, 2) }] });
    let merged = config.merged_into(&existing.to_string()).unwrap();
    let again = config.merged_into(merged.expose());
    let again = again.unwrap_or_else(|error| panic!("{error}: {existing}"));
    assert!(again == merged, "{existing} became {}", merged.expose());
}

fn value(dice: &mut Dice, depth: u32) -> Value {
    match dice.roll(if depth == 0 { 6 } else { 10 }) {
        0 => Value::Null,
        1 => dice.roll(2).eq(&0).into(),
        2 => (dice.roll(u64::from(u32::MAX)) as i64 - 1_000_000).into(),
        3 => (dice.roll(1 << 40) as f64 / 1e3).into(),
        4 => dice
            .pick(&[
                "null", "~", "yes", "0x1", "1e3", "- a", "a: b", "|", "<<", "---", "", "1_000", "0o7",
            ])
            .into(),
        5 => text(dice, 20).into(),
        6 | 7 => (0..dice.roll(4)).map(|_| value(dice, depth - 1)).collect(),
        _ => {
            let pairs = (0..dice.roll(4)).map(|_| (text(dice, 12), value(dice, depth - 1)));
            Value::Object(pairs.collect())
        }
    }
}
