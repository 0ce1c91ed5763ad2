//! What the emulator says of its requests to people, and faults that are ordered by named options.

use serde_json::Value;
use yc_iam::emulator::{EmulatorOptions, FaultKind, FaultOptions, OrderedFault};
use yc_iam::{ErrorCode, UnixTime};

use crate::support::{NOW, TOKENS, World, order, post};

#[test]
fn the_log_says_what_was_decided_and_why() {
    let mut world = World::new(EmulatorOptions::default());
    assert_eq!(world.emulator.log(), "");
    world.emulator.order(order(1, FaultKind::Delay { millis: 10 }));
    let claims = world.claims();
    world.send_claims(&claims);
    world.emulator.order(order(
        1,
        FaultKind::Status {
            status: 503,
            retry_after: None,
        },
    ));
    let late = UnixTime::from_secs_f64(NOW as f64 + 1.005).unwrap();
    world.emulator.handle(&post(TOKENS, "{}"), late);
    let mut stranger = claims.clone();
    stranger["aud"] = "elsewhere".into();
    world.send_claims(&stranger);

    let log = world.emulator.log();
    let lines: Vec<&str> = log.lines().collect();
    let account = &world.account;
    assert_eq!(
        lines[..2],
        [
            &*format!("2023-11-14T22:13:20.000Z POST /iam/v1/tokens -> 200 accepted for {account} [delay of 10 ms]"),
            "2023-11-14T22:13:21.005Z POST /iam/v1/tokens -> 503 not judged: status 503",
        ]
    );
    assert!(
        lines[2].starts_with("2023-11-14T22:13:20.000Z POST /iam/v1/tokens -> 401 refused: "),
        "{log}"
    );
    let part = |line: &str| serde_json::from_str::<Value>(line.strip_prefix("    ").unwrap()).unwrap();
    assert_eq!((part(lines[3]), part(lines[4])), (world.header(), stranger));
    assert_eq!(lines.len(), 5, "{log}");
}

#[test]
fn exactly_one_fault_is_ordered() {
    let nothing = FaultOptions::default;
    let kind = |options| {
        OrderedFault::from_options(options)
            .map(|fault| fault.kind)
            .map_err(|error| error.code())
    };
    assert_eq!(kind(nothing()), Err(ErrorCode::InvalidArgument));
    let two = FaultOptions {
        truncated: true,
        delay_secs: Some(0.5),
        ..nothing()
    };
    assert_eq!(kind(two), Err(ErrorCode::InvalidArgument));
    let page = |status| FaultOptions {
        html: true,
        status,
        ..nothing()
    };
    assert_eq!(kind(page(None)), Ok(FaultKind::Html { status: 502 }));
    assert_eq!(kind(page(Some(403))), Ok(FaultKind::Html { status: 403 }));
    let late = FaultOptions {
        path: Some(TOKENS.to_owned()),
        delay_secs: Some(1.5),
        ..nothing()
    };
    let expected = OrderedFault {
        path: Some(TOKENS.to_owned()),
        times: 1,
        kind: FaultKind::Delay { millis: 1500 },
    };
    assert_eq!(OrderedFault::from_options(late).unwrap(), expected);
}
