//! The certificates that an emulated cluster's API server needs: its CA's, and its own.

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyIdMethod, KeyUsagePurpose, PublicKeyData, SerialNumber, SignatureAlgorithm,
};
use rsa::pkcs8::LineEnding;
use rsa::pkcs8::der::asn1::UintRef;
use rsa::pkcs8::der::{Document, Encode};
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use super::crypto::{self, P256Signer};
use super::generate;
use crate::error::{Error, ErrorCode};
use crate::redact;
use crate::secret::Secret;
use crate::timestamp::UnixTime;

/// How a cluster is reached that runs on this machine, and by what name its pods know it.
const DEFAULT_NAMES: [&str; 5] = [
    "127.0.0.1",
    "::1",
    "localhost",
    "kubernetes.default",
    "kubernetes.default.svc",
];

/// Clients' clocks may be behind.
const VALID_BEFORE: Duration = Duration::DAY;
/// No client refuses a server's certificate of this length (Apple's limit is 825 days).
const VALID_AFTER: Duration = Duration::DAY.saturating_mul(365);

/// What a TLS server in front of [`Emulator::handle_kubernetes`](super::Emulator::handle_kubernetes) needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterTls {
    /// The CA's certificate, PEM: a pod's `ca.crt`, a kubeconfig's `certificate-authority-data` before base64.
    pub ca_certificate_pem: String,
    /// The server's certificate, PEM.
    pub certificate_pem: String,
    /// The server's private key: P-256, PKCS#8, PEM.
    pub private_key_pem: Secret,
}

/// Makes a CA and a server's certificate for these names: DNS names, IPv4 and IPv6 addresses (without brackets).
/// Without any, for `127.0.0.1`, `::1`, `localhost`, `kubernetes.default` and `kubernetes.default.svc`.
///
/// Both are valid from the day before `now` for a year. The CA's private key is forgotten.
///
/// # Errors
/// [`ErrorCode::InvalidArgument`] for what is no name; [`ErrorCode::SigningFailed`] if the system gives no entropy.
pub fn generate_cluster_tls(names: &[&str], now: UnixTime) -> Result<ClusterTls, Error> {
    let names = if names.is_empty() { &DEFAULT_NAMES } else { names };
    for name in names {
        check(name)?;
    }
    make(names, now).ok_or_else(|| {
        Error::new(ErrorCode::SigningFailed, "the cluster's certificates could not be made")
            .with_hint("check that the system's source of random numbers works")
    })
}

/// What clients compare with: letters, digits, hyphens and dots, or an address.
fn check(name: &str) -> Result<(), Error> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_host = name.len() <= 253 && name.strip_prefix("*.").unwrap_or(name).split('.').all(is_label);
    if is_host || name.parse::<core::net::IpAddr>().is_ok() {
        return Ok(());
    }
    let name = redact::quote(name, 100);
    Err(Error::new(
        ErrorCode::InvalidArgument,
        format!("`{name}` is neither a host's name nor an address"),
    )
    .with_hint("pass names without scheme and port, IPv6 addresses without brackets"))
}

fn make(names: &[&str], now: UnixTime) -> Option<ClusterTls> {
    let now = OffsetDateTime::from_unix_timestamp(now.as_secs()).ok()?;
    let (ca_key, server_key) = (Key::generate()?, Key::generate()?);
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();

    let mut ca = params("kubernetes-ca", Vec::new(), &ca_key, now)?;
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let mut server = params("kube-apiserver", names, &server_key, now)?;
    server.is_ca = IsCa::ExplicitNoCa;
    server.use_authority_key_identifier_extension = true;
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];

    let ca_certificate = ca.self_signed(&ca_key).ok()?;
    let issuer = rcgen::Issuer::new(ca, ca_key);
    let certificate = server.signed_by(&server_key, &issuer).ok()?;
    Some(ClusterTls {
        ca_certificate_pem: pem(&ca_certificate)?,
        certificate_pem: pem(&certificate)?,
        private_key_pem: generate::to_pem(&server_key.pkcs8)?,
    })
}

fn params(common_name: &str, names: Vec<String>, key: &Key, now: OffsetDateTime) -> Option<CertificateParams> {
    let mut params = CertificateParams::new(names).ok()?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = now.checked_sub(VALID_BEFORE)?;
    params.not_after = now.checked_add(VALID_AFTER)?;
    // RFC 7093, section 2: the leftmost 160 bits of a SHA-256 digest.
    let digest = crypto::sha256(&key.point);
    let identifier = digest.get(..20)?.to_vec();
    // RFC 5280, section 4.1.2.2: 20 bytes at most, and positive.
    let serial: Vec<u8> = std::iter::once(1).chain(digest.get(..15)?.iter().copied()).collect();
    params.key_identifier_method = KeyIdMethod::PreSpecified(identifier);
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    Some(params)
}

fn pem(certificate: &Certificate) -> Option<String> {
    let document = Document::try_from(certificate.der().as_ref()).ok()?;
    document.to_pem("CERTIFICATE", LineEnding::LF).ok()
}

/// A P-256 key that signs certificates.
struct Key {
    pkcs8: Zeroizing<Vec<u8>>,
    signer: P256Signer,
    /// SEC 1, uncompressed.
    point: Vec<u8>,
}

impl Key {
    fn generate() -> Option<Self> {
        let pkcs8 = crypto::generate_p256()?;
        let signer = P256Signer::from_pkcs8(&pkcs8)?;
        let point = signer.point();
        Some(Self { pkcs8, signer, point })
    }

    /// DER's `ECDSA-Sig-Value` (RFC 3279, section 2.2.3).
    fn sign_der(&self, message: &[u8]) -> Option<Vec<u8>> {
        let signature = self.signer.sign(message)?;
        let (r, s) = signature.split_at_checked(32)?;
        vec![UintRef::new(r).ok()?, UintRef::new(s).ok()?].to_der().ok()
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.point
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.sign_der(message).ok_or(rcgen::Error::RemoteKeyError)
    }
}
