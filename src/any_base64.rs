//! Base64 as it is handed over: either alphabet of RFC 4648, padded or not, wrapped or not.

use base64ct::{Base64Unpadded, Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

/// What the text encodes, if it is base64.
pub(crate) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    // Room for everything at once: what is moved when a text grows is not wiped.
    let mut digits = Zeroizing::new(String::with_capacity(text.len()));
    digits.extend(text.split_whitespace());
    let digits = digits.trim_end_matches('=');
    // Not one alphabet after the other: what a failed attempt has decoded is not wiped.
    let bytes = if digits.contains(['-', '_']) {
        Base64UrlUnpadded::decode_vec(digits)
    } else {
        Base64Unpadded::decode_vec(digits)
    };
    bytes.ok().map(Zeroizing::new)
}
