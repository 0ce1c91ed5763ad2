//! Whether the numbers of an RSA private key (RFC 8017, section 3.2) belong together.
//!
//! Every signer takes the same keys, so the check is here and not left to one of them.

use crypto_bigint::{BoxedUint, Limb};
use rsa::pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use rsa::pkcs8::der::asn1::UintRef;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorCode};

const MIN_BITS: u32 = 2048;
const MAX_BITS: u32 = 4096;
/// From 3 to 2³³ − 1: what every signer and verifier takes as a public exponent.
const EXPONENT_BITS: core::ops::RangeInclusive<u32> = 2..=33;

/// Checks the key and gives the length of its modulus in bits.
pub(super) fn check(pkcs1: &[u8]) -> Result<u32, Error> {
    let key = RsaPrivateKeyRef::try_from(pkcs1).map_err(|_| {
        Error::new(
            ErrorCode::InvalidPrivateKey,
            "the key file's `private_key` does not hold an RSA private key",
        )
        .with_hint("the file is damaged: download or create the key again")
    })?;
    let modulus = number(key.modulus);
    let bits = check_bits(modulus.bits_vartime())?;
    if belongs_together(&key, &modulus) {
        return Ok(bits);
    }
    Err(Error::new(
        ErrorCode::InconsistentKey,
        "the numbers of the RSA private key do not belong together",
    )
    .with_hint("the file is damaged: download or create the key again"))
}

/// The length of a public key's modulus, PKCS#1 DER, if that is what this is.
pub(super) fn modulus_bits(pkcs1: &[u8]) -> Option<u32> {
    let key = RsaPublicKeyRef::try_from(pkcs1).ok()?;
    Some(number(key.modulus).bits_vartime())
}

/// The length of the modulus, if keys may have it.
pub(super) fn check_bits(bits: u32) -> Result<u32, Error> {
    if (MIN_BITS..=MAX_BITS).contains(&bits) {
        return Ok(bits);
    }
    Err(Error::new(
        ErrorCode::UnsupportedKeySize,
        format!("the RSA key has {bits} bits, not {MIN_BITS} to {MAX_BITS}"),
    )
    .with_hint("create the key with `--algorithm rsa-2048` or `rsa-4096`"))
}

fn number(value: UintRef<'_>) -> Zeroizing<BoxedUint> {
    Zeroizing::new(BoxedUint::from_be_slice_vartime(value.as_bytes()))
}

/// Line by line, as on paper: Karatsuba's way is 17 kB of the WebAssembly module, for three products a key.
fn product(a: &BoxedUint, b: &BoxedUint) -> Zeroizing<BoxedUint> {
    let mut sum = Zeroizing::new(BoxedUint::zero_with_precision(a.bits_precision() + b.bits_precision()));
    for (place, limb) in b.as_limbs().iter().enumerate() {
        let line = sum.as_mut_uint_ref().trailing_mut(place);
        line.carrying_add_assign_mul_limb(a.as_uint_ref(), *limb, Limb::ZERO);
    }
    sum
}

/// `n` is odd and `p` and `q` are half as long, as the pure-Rust signer wants them; `e` is usable, `n = p·q`, `e·d ≡ 1` modulo
/// `p − 1` and `q − 1`, and the CRT values follow from `d`, `p` and `q`.
fn belongs_together(key: &RsaPrivateKeyRef<'_>, modulus: &BoxedUint) -> bool {
    let (p, q) = (number(key.prime1), number(key.prime2));
    let (e, d) = (number(key.public_exponent), number(key.private_exponent));
    let coefficient = number(key.coefficient);
    // First their lengths: what follows takes its time with numbers of any length.
    let may_belong = key.other_prime_infos.is_none()
        && modulus.bit_vartime(0)
        && [&p, &q]
            .iter()
            .all(|prime| prime.bits() <= modulus.bits_vartime().div_ceil(2))
        && e.bit_vartime(0)
        && EXPONENT_BITS.contains(&e.bits_vartime())
        && [&p, &q, &d, &coefficient].iter().all(|number| ***number < *modulus);
    if !may_belong {
        return false;
    }
    let ed = product(&e, &d);
    *product(&p, &q) == *modulus
        && exponent_fits(&p, &d, &ed, &number(key.exponent1))
        && exponent_fits(&q, &d, &ed, &number(key.exponent2))
        && is_one_modulo(&product(&q, &coefficient), &p)
}

fn exponent_fits(prime: &BoxedUint, d: &BoxedUint, ed: &BoxedUint, exponent: &BoxedUint) -> bool {
    let order = Zeroizing::new(prime.wrapping_sub(BoxedUint::one()));
    remainder(d, &order).is_some_and(|r| *r == *exponent) && is_one_modulo(ed, &order)
}

fn is_one_modulo(value: &BoxedUint, modulus: &BoxedUint) -> bool {
    remainder(value, modulus).is_some_and(|r| *r == BoxedUint::one())
}

fn remainder(value: &BoxedUint, modulus: &BoxedUint) -> Option<Zeroizing<BoxedUint>> {
    let modulus = modulus.to_nz().into_option()?;
    let (quotient, rest) = value.div_rem(&modulus);
    drop([quotient, modulus.get()].map(Zeroizing::new));
    Some(Zeroizing::new(rest))
}
