//! A fault as callers of other languages order it: by named options.

use super::faults::{FaultKind, OrderedFault};
use crate::error::{Error, ErrorCode};

/// A day: later than any test waits, and no later than timers reach.
const MAX_DELAY_SECS: f64 = 86_400.0;

/// A hundred years, so that every time has a date.
const MAX_OFFSET_SECS: u64 = 3_153_600_000;

/// Named options, exactly one of which says what goes wrong; a web page may also have a status.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultOptions {
    /// Only requests for this path; `None`: any request.
    pub path: Option<String>,
    /// How many requests it strikes, at least one; `None`: one.
    pub times: Option<u32>,
    /// A refusal with this HTTP status, 400 to 599; or the web page's, 200 to 599, which is 502 by default.
    pub status: Option<u16>,
    /// The `Retry-After` of a refusal, and of no other fault.
    pub retry_after: Option<String>,
    /// Half of the body is missing.
    pub truncated: bool,
    /// A web page.
    pub html: bool,
    /// The answer is so many seconds late, a day at most.
    pub delay_secs: Option<f64>,
    /// The connection closes without an answer.
    pub dropped: bool,
    /// The clock that judges is so many seconds ahead, or, where it is negative, behind; a hundred years at most.
    pub clock_offset: Option<i64>,
}

impl OrderedFault {
    /// The order that the options name.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for no fault, or for two, and for one that no server can deliver.
    pub fn from_options(options: FaultOptions) -> Result<Self, Error> {
        let times = options.times.unwrap_or(1);
        if times == 0 {
            return Err(invalid("`times` is 0", "pass 1 or more, or order no fault"));
        }
        Ok(Self {
            path: options.path.clone(),
            times,
            kind: kind(options)?,
        })
    }
}

fn kind(options: FaultOptions) -> Result<FaultKind, Error> {
    let FaultOptions {
        status, retry_after, ..
    } = options;
    let kinds = [
        status
            .filter(|_| !options.html)
            .map(|status| refusal(status, &retry_after)),
        options.html.then(|| page(status.unwrap_or(502))),
        options.truncated.then_some(Ok(FaultKind::Truncated)),
        options.delay_secs.map(delay),
        options.dropped.then_some(Ok(FaultKind::Dropped)),
        options.clock_offset.map(clock_offset),
    ];
    let mut ordered = kinds.into_iter().flatten();
    let (Some(kind), None) = (ordered.next(), ordered.next()) else {
        let hint = "name one; for several at once, order them one after the other";
        return Err(invalid("exactly one fault is ordered at a time", hint));
    };
    let kind = kind?;
    if retry_after.is_some() && !matches!(kind, FaultKind::Status { .. }) {
        let hint = "leave it out, or order a refusal with a status";
        return Err(invalid("`retry_after` goes with `status` alone", hint));
    }
    Ok(kind)
}

fn refusal(status: u16, retry_after: &Option<String>) -> Result<FaultKind, Error> {
    if !(400..=599).contains(&status) {
        let hint = "pass the status of a refusal, from 400 to 599";
        return Err(invalid(&format!("`status` is {status}"), hint));
    }
    let is_value = |text: &String| text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if !retry_after.as_ref().is_none_or(is_value) {
        let hint = "pass seconds, or a date as HTTP writes it";
        return Err(invalid("`retry_after` is no value of a header", hint));
    }
    Ok(FaultKind::Status {
        status,
        retry_after: retry_after.clone(),
    })
}

fn page(status: u16) -> Result<FaultKind, Error> {
    if !(200..=599).contains(&status) {
        let hint = "pass a web page's status, from 200 to 599";
        return Err(invalid(&format!("`status` is {status}"), hint));
    }
    Ok(FaultKind::Html { status })
}

fn delay(secs: f64) -> Result<FaultKind, Error> {
    if !(0.0..=MAX_DELAY_SECS).contains(&secs) {
        let hint = format!("pass seconds from 0 to {MAX_DELAY_SECS}");
        return Err(invalid(&format!("`delay` is {secs}"), &hint));
    }
    Ok(FaultKind::Delay {
        millis: (secs * 1000.0) as u64,
    })
}

fn clock_offset(secs: i64) -> Result<FaultKind, Error> {
    if secs.unsigned_abs() > MAX_OFFSET_SECS {
        let hint = format!("pass seconds from -{MAX_OFFSET_SECS} to {MAX_OFFSET_SECS}");
        return Err(invalid(&format!("`clock_offset` is {secs}"), &hint));
    }
    Ok(FaultKind::ClockOffset { secs })
}

fn invalid(problem: &str, hint: &str) -> Error {
    Error::new(ErrorCode::InvalidArgument, problem).with_hint(hint)
}
