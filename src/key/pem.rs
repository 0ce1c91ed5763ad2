//! From the key file's `private_key` to the DER of an RSA key.

use rsa::pkcs8::der::pem::PemLabel;
use rsa::pkcs8::der::{Decode, Encode};
use rsa::pkcs8::{ObjectIdentifier, PrivateKeyInfoRef, spki::AlgorithmIdentifierRef};
use zeroize::Zeroizing;

use crate::error::{Error, ErrorCode};
use crate::{pem_block, search};

/// How the line begins that the service puts before the PEM block.
const BANNER: &str = "PLEASE DO NOT REMOVE THIS LINE!";

/// `rsaEncryption`, RFC 8017 appendix A.1.
pub(super) const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// `id-RSASSA-PSS`, RFC 8017 appendix A.2.3.
const RSASSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
/// `id-ecPublicKey`, RFC 5480.
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// `id-Ed25519`, RFC 8410.
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// IDs have 20 characters.
const LONGEST_ID: usize = 50;

pub(super) struct PrivateKey {
    pub(super) banner_id: Option<String>,
    pub(super) pkcs1: Zeroizing<Vec<u8>>,
}

pub(super) fn decode(private_key: &str) -> Result<PrivateKey, Error> {
    // Where the file went through a shell or a web form, line breaks arrive as backslash and `n`.
    let text = Zeroizing::new(search::replace(private_key, "\\r", ""));
    let text = Zeroizing::new(search::replace(&text, "\\n", "\n"));
    let (before, block) = search::find(&text, pem_block::BEGIN)
        .and_then(|begin| text.split_at_checked(begin))
        .ok_or_else(|| missing("has no `-----BEGIN PRIVATE KEY-----` line"))?;
    let label = pem_block::label(block).ok_or_else(|| missing("has a broken `-----BEGIN` line"))?;
    check_label(label, block)?;
    let der = decode_block(label, block)?;
    let pkcs1 = if label == rsa::pkcs1::RsaPrivateKeyRef::PEM_LABEL {
        der
    } else {
        from_pkcs8(&der)?
    };
    Ok(PrivateKey {
        banner_id: banner_id(before),
        pkcs1,
    })
}

fn missing(problem: &str) -> Error {
    Error::new(ErrorCode::InvalidPem, format!("the key file's `private_key` {problem}"))
        .with_hint("pass the key file as it was downloaded, with the line breaks of `private_key` kept as `\\n`")
}

/// The key ID in the line before the block; the line is not part of PEM, and other parsers stumble over it.
///
/// Where line breaks were lost, the key itself may stand there: only what cannot be base64 of a key is taken for an ID.
fn banner_id(before: &str) -> Option<String> {
    let line = before.lines().find(|line| line.trim_start().starts_with(BANNER))?;
    let (_, id) = search::rsplit_once(line, "Key ID")?;
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let is_id = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    ((1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(is_id)).then(|| id.to_owned())
}

fn check_label(label: &str, block: &str) -> Result<(), Error> {
    let encrypted = label == "ENCRYPTED PRIVATE KEY" || search::contains(block, "Proc-Type: 4,ENCRYPTED");
    let (code, problem) = match label {
        _ if encrypted => (ErrorCode::EncryptedKey, "is encrypted with a passphrase"),
        "PRIVATE KEY" | "RSA PRIVATE KEY" => return Ok(()),
        "EC PRIVATE KEY" => (ErrorCode::UnsupportedKeyType, "is an elliptic-curve key"),
        "OPENSSH PRIVATE KEY" => (ErrorCode::UnsupportedKeyType, "is an OpenSSH key"),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => (ErrorCode::PublicKeyGiven, "is a public key"),
        "CERTIFICATE" => (ErrorCode::PublicKeyGiven, "is a certificate"),
        _ => (ErrorCode::InvalidPem, "is a PEM block of an unknown kind"),
    };
    Err(Error::new(
        code,
        format!("the key file's `private_key` {problem}, not an RSA private key"),
    )
    .with_hint("create an authorized key of type RSA for the service account and use its file unchanged"))
}

fn decode_block(label: &str, block: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    pem_block::decode(label, block).map_err(|problem| match problem {
        pem_block::Problem::NoEnd => missing("has no `-----END PRIVATE KEY-----` line: it was cut off"),
        pem_block::Problem::NoBase64 => missing("is not valid base64 between its BEGIN and END lines"),
    })
}

/// A block and what its boundaries say it is.
pub(super) struct PublicBlock {
    pub(super) label: &'static str,
    pub(super) bytes: Zeroizing<Vec<u8>>,
}

/// The first block of a public key's PEM, whatever became of its line breaks.
pub(super) fn decode_public(text: &str) -> Option<PublicBlock> {
    let text = search::replace(&search::replace(text, "\\r", ""), "\\n", "\n");
    let (_, block) = text.split_at_checked(search::find(&text, pem_block::BEGIN)?)?;
    let label = pem_block::label(block)?;
    let label = ["PUBLIC KEY", "RSA PUBLIC KEY"]
        .into_iter()
        .find(|known| *known == label)?;
    let bytes = pem_block::decode(label, block).ok()?;
    Some(PublicBlock { label, bytes })
}

fn not_rsa_key(problem: &str) -> Error {
    Error::new(
        ErrorCode::InvalidPrivateKey,
        format!("the key file's `private_key` {problem}"),
    )
    .with_hint("the file is damaged: download or create the key again")
}

fn from_pkcs8(der: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let info = PrivateKeyInfoRef::from_der(der).map_err(|_| not_rsa_key("does not hold a PKCS#8 private key"))?;
    let kind = match info.algorithm.oid {
        RSA_ENCRYPTION => return Ok(Zeroizing::new(info.private_key.as_bytes().to_vec())),
        RSASSA_PSS => "an RSA key restricted to PSS",
        EC_PUBLIC_KEY => "an elliptic-curve key",
        ED25519 => "an Ed25519 key",
        _ => "a key of another type",
    };
    Err(Error::new(
        ErrorCode::UnsupportedKeyType,
        format!("the key file's `private_key` is {kind}, not an RSA key"),
    )
    .with_hint("PS256 needs RSA: create the key with `--algorithm rsa-2048` or `rsa-4096`"))
}

/// Wraps a PKCS#1 key in PKCS#8, which is what Web Crypto and most platforms import.
pub(super) fn to_pkcs8(pkcs1: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let broken = |_| not_rsa_key("cannot be written as PKCS#8");
    let algorithm = AlgorithmIdentifierRef {
        oid: RSA_ENCRYPTION,
        parameters: Some(rsa::pkcs8::der::asn1::AnyRef::NULL),
    };
    let octets = rsa::pkcs8::der::asn1::OctetStringRef::new(pkcs1).map_err(broken)?;
    PrivateKeyInfoRef::new(algorithm, octets)
        .to_der()
        .map(Zeroizing::new)
        .map_err(broken)
}
