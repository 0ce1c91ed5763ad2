//! IDs and tokens that look real, each derived from the seed and a counter of its own kind.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::crypto;
use crate::secret::Secret;
use crate::timestamp::UnixTime;

/// The digits of base32hex (RFC 4648, section 7) in lower case.
const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
const ID_PREFIX: &str = "aje";
const LOCKBOX_ID_PREFIX: &str = "e6q";
const ID_DIGITS: usize = 17;

#[derive(Debug)]
pub(super) struct Ids {
    seed: u64,
    accounts: u64,
    keys: u64,
    tokens: u64,
    requests: u64,
    others: u64,
}

impl Ids {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            accounts: 0,
            keys: 0,
            tokens: 0,
            requests: 0,
            others: 0,
        }
    }

    pub(super) fn service_account(&mut self) -> String {
        self.accounts += 1;
        id(self.derive("service account", self.accounts))
    }

    pub(super) fn key(&mut self) -> String {
        self.keys += 1;
        id(self.derive("key", self.keys))
    }

    /// An ID for anything else: a user, a federation, a federated credential.
    pub(super) fn other(&mut self, kind: &str) -> String {
        self.others += 1;
        id(self.derive(kind, self.others))
    }

    /// An ID of Lockbox: a secret's, a version's.
    pub(super) fn lockbox(&mut self, kind: &str) -> String {
        self.others += 1;
        prefixed_id(LOCKBOX_ID_PREFIX, self.derive(kind, self.others))
    }

    /// `y0_` and some base64url: what an OAuth token looks like.
    pub(super) fn oauth_token(&mut self) -> Secret {
        self.others += 1;
        let digest = [
            self.derive("OAuth token 1", self.others),
            self.derive("OAuth token 2", self.others),
        ]
        .concat();
        Secret::new(format!("y0_{}", Base64UrlUnpadded::encode_string(&digest)))
    }

    /// `t1.`, some text and a signature, both base64url: three digests for the one, two for the other.
    pub(super) fn token(&mut self) -> Secret {
        self.tokens += 1;
        let part = |name: &str| self.derive(name, self.tokens);
        let text = [part("token text 1"), part("token text 2"), part("token text 3")].concat();
        let signature = [part("token signature 1"), part("token signature 2")].concat();
        let encode = Base64UrlUnpadded::encode_string;
        Secret::new(format!("t1.{}.{}", encode(&text), encode(&signature)))
    }

    pub(super) fn tokens_issued(&self) -> u64 {
        self.tokens
    }

    pub(super) fn request(&mut self) -> String {
        self.requests += 1;
        uuid(self.derive("request", self.requests))
    }

    /// A request ID for a check that counts as no request.
    pub(super) fn check(&self, now: UnixTime) -> String {
        uuid(self.derive("check", now.as_millis().cast_unsigned()))
    }

    /// What the digits of a second behind its milliseconds are to be in a key's `created_at`; never a multiple of ten,
    /// so that all nine digits are written.
    pub(super) fn nanos_of_milli(&self) -> i64 {
        let number = self
            .derive("nanoseconds", self.keys)
            .iter()
            .take(2)
            .fold(0, |sum, byte| sum * 256 + i64::from(*byte));
        number * 10 + 7
    }

    fn derive(&self, kind: &str, number: u64) -> [u8; 32] {
        let [seed, number] = [self.seed, number].map(u64::to_le_bytes);
        crypto::sha256(&[&seed, &number, kind.as_bytes()].concat())
    }
}

fn id(digest: [u8; 32]) -> String {
    prefixed_id(ID_PREFIX, digest)
}

fn prefixed_id(prefix: &str, digest: [u8; 32]) -> String {
    let digits = digest
        .iter()
        .take(ID_DIGITS)
        .filter_map(|byte| DIGITS.get(usize::from(byte % 32)));
    prefix.chars().chain(digits.map(|digit| char::from(*digit))).collect()
}

/// The form of a random UUID (RFC 9562, section 5.4).
pub(super) fn uuid(digest: [u8; 32]) -> String {
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-4{}-a{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
}
