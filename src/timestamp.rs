//! Points in time as plain numbers: the core never reads a clock.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::error::{Error, ErrorCode};

/// A point in time, in whole milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime {
    millis: i64,
}

/// A number of seconds in a message, to three decimals. Rust's formatting of floats would be 7 kB of the gzipped
/// WebAssembly module.
pub(crate) fn show_secs(secs: f64) -> String {
    if !secs.is_finite() {
        return "not a finite number".to_owned();
    }
    let millis = ((secs * 1000.0).round() as i64).unsigned_abs();
    let sign = if secs < 0.0 { "-" } else { "" };
    match millis % 1000 {
        0 => format!("{sign}{}", millis / 1000),
        fraction => format!("{sign}{}.{fraction:03}", millis / 1000),
    }
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The last second of the year 9999, where RFC 3339 ends.
const MAX_SECS: i64 = 253_402_300_799;

impl UnixTime {
    /// The last second of the year 9999: what stands for "not known to end".
    pub const MAX: Self = Self::from_secs(MAX_SECS);

    /// A time given in whole seconds since the epoch; clamped to the years 1970 to 9999.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        let secs = if secs < 0 {
            0
        } else if secs > MAX_SECS {
            MAX_SECS
        } else {
            secs
        };
        Self { millis: secs * 1000 }
    }

    /// A time given in seconds since the epoch, as `time.time()` and `Date.now() / 1000` give it.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidTime`] unless the number is finite and between the years 1970 and 9999.
    pub fn from_secs_f64(secs: f64) -> Result<Self, Error> {
        if (0.0..=MAX_SECS as f64).contains(&secs) {
            return Ok(Self {
                millis: (secs * 1000.0).round() as i64,
            });
        }
        let message = format!(
            "`{}` is not a time in seconds since 1970-01-01T00:00:00Z",
            show_secs(secs)
        );
        let hint = if secs > MAX_SECS as f64 && secs.is_finite() {
            "it looks like milliseconds: divide it by 1000"
        } else {
            "pass a finite number of seconds, for instance what the system clock says"
        };
        Err(Error::new(ErrorCode::InvalidTime, message).with_hint(hint))
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.millis.div_euclid(1000)
    }

    /// Seconds since the epoch, with milliseconds in the fraction.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.millis as f64 / 1000.0
    }

    pub(crate) const fn as_millis(self) -> i64 {
        self.millis
    }

    /// This time, moved by so many milliseconds.
    pub(crate) const fn plus_millis(self, millis: i64) -> Self {
        Self {
            millis: self.millis.saturating_add(millis),
        }
    }

    /// Milliseconds from `earlier` to this time; negative if `earlier` is the later one.
    pub(crate) const fn millis_since(self, earlier: Self) -> i64 {
        self.millis.saturating_sub(earlier.millis)
    }

    /// The time as RFC 3339 writes it, in UTC and whole seconds, rounded down: `2026-01-01T00:00:00Z`.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        let whole = Self::from_secs(self.as_secs());
        let date_time = OffsetDateTime::from_unix_timestamp(whole.as_secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        date_time.format(&Rfc3339).unwrap_or_default()
    }

    /// The same with milliseconds, all three digits of them: `2026-01-01T00:00:00.000Z`.
    #[cfg(feature = "emulator")]
    pub(crate) fn to_rfc3339_millis(self) -> String {
        let whole = self.to_rfc3339();
        format!("{}.{:03}Z", whole.trim_end_matches('Z'), self.millis.rem_euclid(1000))
    }

    /// Reads an RFC 3339 date and time with any number of fraction digits from 0 to 9, from the year 1970 on.
    pub(crate) fn parse_rfc3339(text: &str) -> Option<Self> {
        Self::from_date_time(OffsetDateTime::parse(text, &Rfc3339).ok()?)
    }

    /// Whether the text is such a date and time, of any year.
    pub(crate) fn is_rfc3339(text: &str) -> bool {
        OffsetDateTime::parse(text, &Rfc3339).is_ok()
    }

    /// Reads an HTTP date (RFC 9110, section 5.6.7) in its current form, IMF-fixdate.
    /// Put as RFC 3339 writes it: a second parser would be 2 kB of the gzipped WebAssembly module.
    pub(crate) fn parse_http_date(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(' ').collect();
        let [weekday, day, month, year, time, "GMT"] = *parts.as_slice() else {
            return None;
        };
        WEEKDAYS.iter().find(|name| weekday.strip_suffix(',') == Some(name))?;
        let month = MONTHS.iter().position(|name| *name == month)? + 1;
        Self::parse_rfc3339(&format!("{year}-{month:02}-{day}T{time}Z"))
    }

    fn from_date_time(date_time: OffsetDateTime) -> Option<Self> {
        let millis = i64::try_from(date_time.unix_timestamp_nanos() / 1_000_000).ok()?;
        // The last second of all has fractions too.
        (millis >= 0).then(|| Self { millis }.min(Self::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_dates() {
        // The examples of RFC 9110, section 5.6.7: only the first form is in use.
        let read = |text| UnixTime::parse_http_date(text).map(UnixTime::as_secs);
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        for text in [
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 31 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Son, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Now 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994T 08:49:37+01:00 GMT",
            "Sun,  06 Nov 1994 08:49:37 GMT",
            "вс, 06 Nov 1994 08:49:37 GMT",
            "120",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
