//! RSA public keys: two numbers, which no arithmetic is needed for until a signature is verified.

use rsa::pkcs1;
use rsa::pkcs8::der::asn1::{AnyRef, BitStringRef, UintRef};
use rsa::pkcs8::der::{Encode, pem::LineEnding};
use rsa::pkcs8::spki::SubjectPublicKeyInfo;
use rsa::pkcs8::{Document, PrivateKeyInfoRef};

/// RFC 7518, section 3.3, sets the lower bound, and what the service takes the upper one.
const MODULUS_BITS: core::ops::RangeInclusive<u32> = 2048..=4096;
/// What every signer and verifier takes.
const EXPONENT_BITS: core::ops::RangeInclusive<u32> = 2..=33;

/// Big-endian numbers without leading zeros.
#[derive(Clone, Debug)]
pub(in crate::emulator) struct RsaPublicKey {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl RsaPublicKey {
    /// The key of these big-endian numbers, if they could be one.
    pub(in crate::emulator) fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let (modulus, exponent) = (significant(modulus), significant(exponent));
        let usable = MODULUS_BITS.contains(&bits(modulus))
            && EXPONENT_BITS.contains(&bits(exponent))
            && is_odd(modulus)
            && is_odd(exponent);
        usable.then(|| Self {
            modulus: modulus.to_vec(),
            exponent: exponent.to_vec(),
        })
    }

    /// The public half of an `RSAPrivateKey` (RFC 8017, DER).
    pub(in crate::emulator) fn of_pkcs1(der: &[u8]) -> Option<Self> {
        let numbers = pkcs1::RsaPrivateKeyRef::try_from(der).ok()?;
        Self::new(numbers.modulus.as_bytes(), numbers.public_exponent.as_bytes())
    }

    /// The public half of an RSA key in PKCS#8, DER.
    pub(in crate::emulator) fn of_pkcs8(der: &[u8]) -> Option<Self> {
        let info = PrivateKeyInfoRef::try_from(der).ok()?;
        (info.algorithm.oid == pkcs1::ALGORITHM_OID).then_some(())?;
        Self::of_pkcs1(info.private_key.as_bytes())
    }

    pub(in crate::emulator) fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    pub(in crate::emulator) fn exponent(&self) -> &[u8] {
        &self.exponent
    }

    /// `SubjectPublicKeyInfo` (RFC 5280) as a PEM block.
    pub(in crate::emulator) fn to_pem(&self) -> Option<String> {
        let key = pkcs1::RsaPublicKeyRef {
            modulus: UintRef::new(&self.modulus).ok()?,
            public_exponent: UintRef::new(&self.exponent).ok()?,
        };
        let key = key.to_der().ok()?;
        let info = SubjectPublicKeyInfo::<AnyRef<'_>, BitStringRef<'_>> {
            algorithm: pkcs1::ALGORITHM_ID,
            subject_public_key: BitStringRef::from_bytes(&key).ok()?,
        };
        let document = Document::encode_msg(&info).ok()?;
        document.to_pem("PUBLIC KEY", LineEnding::LF).ok()
    }
}

fn significant(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// The bit length of a number without leading zeros.
fn bits(number: &[u8]) -> u32 {
    let unused = number.first().map_or(0, |byte| byte.leading_zeros());
    u32::try_from(number.len() * 8)
        .unwrap_or(u32::MAX)
        .saturating_sub(unused)
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|byte| byte % 2 == 1)
}
