//! When a token is to be renewed: pure arithmetic on its two ends.

use crate::timestamp::UnixTime;
use crate::token::AccessToken;

/// The service recommends asking for a token once an hour.
pub(crate) const RENEW_AFTER_MILLIS: i64 = 3_600_000;
/// A token is not handed out in its last minute: the call that it is for takes time too.
const DEAD_BEFORE_END_MILLIS: i64 = 60_000;

/// A clock that is behind a token's issue by no more than this is right enough.
const ISSUED_AHEAD_MILLIS: i64 = 2_000;

/// What may be done with a token at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Use it.
    Fresh,
    /// Use it, but one caller should renew it.
    Stale,
    /// Do not use it.
    Expired,
}

/// The times that decide over a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// When it was issued. Before, it is stale: it serves, but this clock is off, and its end may be near.
    pub issued_at: UnixTime,
    /// From here on it is stale.
    pub stale_at: UnixTime,
    /// From here on it is expired.
    pub expired_at: UnixTime,
}

impl Schedule {
    /// The schedule of a token.
    ///
    /// Stale after an hour or nine tenths of its life, whichever is earlier, moved by up to 10 % either way so that a
    /// fleet does not renew at once; expired a minute before its end, or a tenth of its life if that is shorter.
    #[must_use]
    pub fn new(token: &AccessToken, seed: u64) -> Self {
        Self::with_renewal_interval(token, seed, RENEW_AFTER_MILLIS)
    }

    /// The same with so many milliseconds in the place of the hour, for a token that its issuer wants renewed more often.
    #[must_use]
    pub fn with_renewal_interval(token: &AccessToken, seed: u64, renewal_interval_millis: i64) -> Self {
        let lifetime = token.expires_at.millis_since(token.issued_at).max(0);
        let usable = lifetime - DEAD_BEFORE_END_MILLIS.min(lifetime / 10);
        let expired_at = token.issued_at.plus_millis(usable);
        let base = renewal_interval_millis.max(0).min(lifetime - lifetime / 10);
        let earliest = base - base / 10;
        // Short lives leave little room behind the base: keep a twentieth for renewing while the token still serves.
        let latest = (base + base / 10).min(usable - usable / 20).max(earliest);
        let per_mille = i64::from(random_below(seed, token.issued_at.as_millis() as u64, 1001));
        let stale_after = earliest + (latest - earliest) * per_mille / 1000;
        Self {
            issued_at: token.issued_at,
            stale_at: token.issued_at.plus_millis(stale_after),
            expired_at,
        }
    }

    /// What may be done with the token now.
    #[must_use]
    pub fn freshness(&self, now: UnixTime) -> Freshness {
        if now >= self.expired_at {
            Freshness::Expired
        } else if now >= self.stale_at || now.plus_millis(ISSUED_AHEAD_MILLIS) < self.issued_at {
            Freshness::Stale
        } else {
            Freshness::Fresh
        }
    }
}

/// A number from 0 to `bound` − 1 that follows from the seed and the occasion: SplitMix64's mixing function.
pub(crate) fn random_below(seed: u64, occasion: u64, bound: u32) -> u32 {
    let mut z = seed ^ occasion.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    // The high half, scaled: no modulo bias worth speaking of.
    (((z >> 32) * u64::from(bound)) >> 32) as u32
}
