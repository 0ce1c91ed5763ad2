//! The times of a JWT: `iat`, `nbf`, `exp` (RFC 7519, section 4.1).

use serde_json::Value;

use super::explanation::Explanation;
use super::options::ExplainOptions;
use super::show;
use crate::timestamp::UnixTime;
use crate::unverified::Unverified;

/// By how many seconds the issuer's clock may be ahead of this machine's.
const TOLERANCE_SECS: i64 = 60;

/// From here on, a number is taken for milliseconds: as such it is in 1973, as seconds in the year 5138.
pub(super) const MILLISECONDS_FROM: f64 = 1e11;

/// The last second of the year 9999.
const MAX_SECS: f64 = 253_402_300_799.0;

const SET_THE_CLOCK: &str = "set the clock of the machine that made it, and of this one, best by NTP";

struct Times {
    issued_at: Option<UnixTime>,
    not_before: Option<UnixTime>,
    expires_at: Option<UnixTime>,
}

/// Shows the times; `renewal` says how to get a token that has not ended.
pub(super) fn explain(jwt: &Unverified, options: &ExplainOptions<'_>, renewal: &str, explanation: &mut Explanation) {
    let times = Times {
        issued_at: read(jwt, "iat", explanation),
        not_before: read(jwt, "nbf", explanation),
        expires_at: read(jwt, "exp", explanation),
    };
    let shown = [
        ("issued_at", "issued", times.issued_at),
        ("not_before", "not before", times.not_before),
        ("expires_at", "expires", times.expires_at),
    ];
    for (name, label, time) in shown {
        if let Some(time) = time {
            explanation.fact_with(name, label, &time.to_rfc3339(), show::distance(time, options.now));
        }
    }
    if let (Some(begin), Some(end)) = (times.issued_at, times.expires_at) {
        let secs = end.as_secs() - begin.as_secs();
        if secs > 0 {
            explanation.fact_with("lifetime", "lifetime", &format!("{secs} s"), show::duration(secs));
        } else {
            explanation.error(
                "ends_before_begin",
                "its `exp` is not after its `iat`",
                "whoever issues it must set both",
            );
        }
    }
    judge(&times, options, renewal, explanation);
}

fn judge(times: &Times, options: &ExplainOptions<'_>, renewal: &str, explanation: &mut Explanation) {
    let now = options.now;
    if let Some(end) = times.expires_at
        && end <= now
    {
        let message = format!("it ended {}", show::distance(end, now));
        explanation.error("expired", message, renewal);
    }
    if let Some(begin) = times.not_before.max(times.issued_at)
        && begin.as_secs() > now.as_secs() + TOLERANCE_SECS
    {
        let message = format!("it begins {} only", show::distance(begin, now));
        explanation.error("not_yet_valid", message, SET_THE_CLOCK);
    }
}

fn read(jwt: &Unverified, name: &'static str, explanation: &mut Explanation) -> Option<UnixTime> {
    let value = jwt.claims.get(name).filter(|value| !value.is_null())?;
    let hint = "whoever issues it must write seconds since 1970-01-01T00:00:00Z";
    match value.as_f64() {
        Some(secs) if (MILLISECONDS_FROM..=MAX_SECS * 1000.0).contains(&secs) => {
            let message = format!("`{name}` is in milliseconds, not in seconds");
            explanation.error("time_in_milliseconds", message, hint);
            None
        }
        _ if seconds(value).is_some() => seconds(value),
        _ => {
            let what = if matches!(value, Value::Number(_)) {
                "is no time"
            } else {
                "is no number"
            };
            explanation.error("invalid_time", format!("`{name}` {what}"), hint);
            None
        }
    }
}

/// A NumericDate that a calendar knows.
pub(super) fn seconds(value: &Value) -> Option<UnixTime> {
    let secs = value.as_f64().filter(|secs| (0.0..=MAX_SECS).contains(secs))?;
    Some(UnixTime::from_secs(secs as i64))
}
