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

#[test]
fn faults_that_no_server_can_deliver_are_refused() {
    let nothing = FaultOptions::default;
    let status = |status| FaultOptions {
        status: Some(status),
        ..nothing()
    };
    let page = |code| FaultOptions {
        html: true,
        ..status(code)
    };
    let late = |secs| FaultOptions {
        delay_secs: Some(secs),
        ..nothing()
    };
    let after = |options| FaultOptions {
        retry_after: Some("5".to_owned()),
        ..options
    };
    let times = |times| FaultOptions {
        times: Some(times),
        ..status(503)
    };
    for (options, said) in [
        (status(200), "`status` is 200"),
        (status(0), "`status` is 0"),
        (status(399), "`status` is 399"),
        (status(600), "`status` is 600"),
        (status(1000), "`status` is 1000"),
        (page(199), "`status` is 199"),
        (page(600), "`status` is 600"),
        (late(f64::NAN), "`delay` is NaN"),
        (late(f64::INFINITY), "`delay` is inf"),
        (late(-0.001), "`delay` is -0.001"),
        (late(86_400.5), "`delay` is 86400.5"),
        (times(0), "`times` is 0"),
        (after(page(503)), "`retry_after` goes with `status`"),
        (after(late(1.0)), "`retry_after` goes with `status`"),
        (
            FaultOptions {
                dropped: true,
                ..after(nothing())
            },
            "`retry_after` goes with `status`",
        ),
        (after(nothing()), "exactly one fault"),
        (
            FaultOptions {
                retry_after: Some("5\r\nset-cookie: x".to_owned()),
                ..status(503)
            },
            "`retry_after` is no value of a header",
        ),
        (
            FaultOptions {
                clock_offset: Some(i64::MIN),
                ..nothing()
            },
            "`clock_offset` is -9223372036854775808",
        ),
    ] {
        let shown = format!("{options:?}");
        let error = OrderedFault::from_options(options).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidArgument, "{shown}");
        assert!(error.message().contains(said), "{shown}: {}", error.message());
        assert!(!error.hint().is_empty(), "{shown}");
    }
    for options in [
        status(400),
        status(599),
        after(status(503)),
        page(200),
        page(599),
        late(0.0),
        late(86_400.0),
        times(1),
    ] {
        let shown = format!("{options:?}");
        assert!(OrderedFault::from_options(options).is_ok(), "{shown}");
    }
}
