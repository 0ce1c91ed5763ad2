//! The certificate authority of a cluster: one certificate in PEM, or several.

use rsa::pkcs8::der::{Decode, Tag, Tagged, asn1::AnyRef};

use crate::error::{Error, ErrorCode};
use crate::pem_block::{self, Problem};
use crate::redact;

/// No bundle for a cluster is larger.
const MAX_LEN: usize = 256 * 1024;

/// Whether the text is certificates and nothing else that is PEM. Whether they are good is for TLS to judge.
///
/// # Errors
/// [`ErrorCode::InvalidCertificate`], saying what `what` is instead.
pub(super) fn check(what: &str, text: &str) -> Result<(), Error> {
    let invalid = |problem: String| {
        Err(Error::new(ErrorCode::InvalidCertificate, format!("{what} {problem}"))
            .with_hint("pass the cluster's certificate authority in PEM: it begins with `-----BEGIN CERTIFICATE-----`"))
    };
    if text.trim().is_empty() {
        return invalid("is empty".to_owned());
    }
    if text.len() > MAX_LEN {
        return invalid(format!("has {} bytes, more than any certificate authority", text.len()));
    }
    let mut rest = text;
    let mut count = 0;
    while let Some((_, block)) = rest.find(pem_block::BEGIN).and_then(|at| rest.split_at_checked(at)) {
        match pem_block::label(block) {
            Some("CERTIFICATE") => {}
            Some(label) if label.ends_with("PRIVATE KEY") => {
                return invalid("holds a private key, which is nobody's to pass on".to_owned());
            }
            Some(label) => return invalid(format!("holds a PEM block `{}`", redact::quote(label, 40))),
            None => return invalid("has a broken `-----BEGIN` line".to_owned()),
        }
        count += 1;
        match pem_block::decode("CERTIFICATE", block) {
            Ok(der) if AnyRef::from_der(&der).is_ok_and(|any| any.tag() == Tag::Sequence) => {}
            Ok(_) => return invalid(format!("has no certificate in its PEM block {count}")),
            Err(Problem::NoEnd) => return invalid(format!("is cut off in its PEM block {count}")),
            Err(Problem::NoBase64) => return invalid(format!("has no valid base64 in its PEM block {count}")),
        }
        let end = block.find(pem_block::END).unwrap_or(0);
        rest = block.get(end + pem_block::END.len()..).unwrap_or_default();
    }
    if count == 0 {
        return invalid("holds no PEM certificate".to_owned());
    }
    Ok(())
}
