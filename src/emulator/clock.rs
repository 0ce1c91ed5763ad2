//! Times as the service writes them.

use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

use crate::timestamp::UnixTime;

/// RFC 3339 with nine fraction digits. `nanos` goes behind the milliseconds and is no multiple of ten.
pub(super) fn rfc3339(time: UnixTime, nanos: i64) -> String {
    let nanos = i128::from(time.as_millis()) * 1_000_000 + i128::from(nanos);
    let date_time = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    date_time.format(&Rfc3339).unwrap_or_default()
}

/// IMF-fixdate (RFC 9110, section 5.6.7): RFC 2822's form, with the zone written as `GMT`.
pub(super) fn http_date(time: UnixTime) -> String {
    let date_time = OffsetDateTime::from_unix_timestamp(time.as_secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    date_time.format(&Rfc2822).unwrap_or_default().replace("+0000", "GMT")
}

/// RFC 3339 in whole seconds, as Kubernetes writes it.
pub(super) fn rfc3339_seconds(time: UnixTime) -> String {
    let date_time = OffsetDateTime::from_unix_timestamp(time.as_secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    date_time.format(&Rfc3339).unwrap_or_default()
}
