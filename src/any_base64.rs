//! Base64 as it is handed over: either alphabet of RFC 4648, padded or not, wrapped or not.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

/// What the text encodes, if it is base64.
pub(crate) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    // Room for everything at once: what is moved when a text grows is not wiped.
    let mut digits = Zeroizing::new(String::with_capacity(text.len() + 3));
    digits.extend(text.split_whitespace());
    let length = digits.trim_end_matches('=').len();
    digits.truncate(length);
    let bytes = Base64UrlUnpadded::decode_vec(&digits).or_else(|_| {
        digits.extend(std::iter::repeat_n('=', length.wrapping_neg() % 4));
        Base64::decode_vec(&digits)
    });
    bytes.ok().map(Zeroizing::new)
}
