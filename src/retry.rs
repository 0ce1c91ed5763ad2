//! How often and after how long what failed is tried again: exchanges of sessions, and requests of calls.

use crate::error::Error;
use crate::refresh::random_below;

/// Tries in all, the first one included.
const MAX_ATTEMPTS: u32 = 5;
const FIRST_BACK_OFF_MILLIS: i64 = 200;
/// A caller is not kept waiting for longer than this because of a `Retry-After`: the error says it instead.
pub(crate) const MAX_WAIT_MILLIS: i64 = 30_000;

/// How long an error stands before a poll begins anew, so that all who waited for it get it.
pub(crate) const HOLD_MILLIS: i64 = 1_000;
/// How long a renewal that failed is left alone while the old token lives.
pub(crate) const QUIET_MILLIS: i64 = 30_000;
/// The longest `Retry-After` that is obeyed.
const MAX_RETRY_AFTER_MILLIS: i64 = 3_600_000;

/// Milliseconds until the next try, or `None` if this error ends the flight.
///
/// Exponential with full jitter: <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>.
pub(crate) fn back_off_millis(error: &Error, attempt: u32, seed: u64, occasion: u64) -> Option<i64> {
    if !error.transient() || attempt >= MAX_ATTEMPTS {
        return None;
    }
    let ceiling = FIRST_BACK_OFF_MILLIS << attempt.saturating_sub(1);
    let jittered = i64::from(random_below(seed, occasion, ceiling as u32 + 1));
    let wait = asked_for_millis(error).map_or(jittered, |asked| asked.saturating_add(jittered));
    (wait <= MAX_WAIT_MILLIS).then_some(wait)
}

/// How long the service asked not to be called, within reason.
pub(crate) fn asked_for_millis(error: &Error) -> Option<i64> {
    error
        .retry_after_millis()
        .map(|millis| millis.clamp(0, MAX_RETRY_AFTER_MILLIS))
}
