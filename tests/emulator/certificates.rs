//! A cluster's certificates, judged by OpenSSL.

use std::path::PathBuf;
use std::process::Command;

use yc_iam::UnixTime;
use yc_iam::emulator::generate_cluster_tls;

use crate::support::{NOW, at};

fn openssl(arguments: &[&str]) -> (bool, String) {
    let output = Command::new("openssl")
        .args(arguments)
        .output()
        .expect("OpenSSL's command line must be installed");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

fn scratch(name: &str, content: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

fn verify(ca: &str, certificate: &str, name: &[&str], at: i64) -> (bool, String) {
    let at = at.to_string();
    let mut arguments = vec![
        "verify",
        "-x509_strict",
        "-purpose",
        "sslserver",
        "-attime",
        &at,
        "-CAfile",
        ca,
    ];
    arguments.extend(name);
    arguments.push(certificate);
    openssl(&arguments)
}

#[test]
fn openssl_verifies_each_name_and_no_other() {
    let tls = generate_cluster_tls(&[], at(NOW)).unwrap();
    let ca = scratch("cluster_ca.pem", &tls.ca_certificate_pem);
    let certificate = scratch("cluster.pem", &tls.certificate_pem);
    for name in [
        ["-verify_hostname", "localhost"],
        ["-verify_hostname", "kubernetes.default"],
        ["-verify_hostname", "kubernetes.default.svc"],
        ["-verify_ip", "127.0.0.1"],
        ["-verify_ip", "::1"],
    ] {
        let (ok, said) = verify(&ca, &certificate, &name, NOW);
        assert!(ok, "{name:?}: {said}");
    }
    for name in [["-verify_hostname", "example.org"], ["-verify_ip", "127.0.0.2"]] {
        assert!(!verify(&ca, &certificate, &name, NOW).0, "{name:?}");
    }
    for time in [NOW - 86_300, NOW + 364 * 86_400] {
        assert!(verify(&ca, &certificate, &[], time).0, "{time}");
    }
    for time in [NOW - 86_500, NOW + 366 * 86_400] {
        assert!(!verify(&ca, &certificate, &[], time).0, "{time}");
    }
    let other = generate_cluster_tls(&["example.org"], at(NOW)).unwrap();
    let other_ca = scratch("other_ca.pem", &other.ca_certificate_pem);
    assert!(!verify(&other_ca, &certificate, &[], NOW).0);
    let other = scratch("other.pem", &other.certificate_pem);
    assert!(verify(&other_ca, &other, &["-verify_hostname", "example.org"], NOW).0);
    assert!(!verify(&other_ca, &other, &["-verify_hostname", "localhost"], NOW).0);
}

#[test]
fn openssl_reads_what_they_say_and_the_key_fits() {
    let tls = generate_cluster_tls(&[], at(NOW)).unwrap();
    let ca = scratch("read_ca.pem", &tls.ca_certificate_pem);
    let certificate = scratch("read.pem", &tls.certificate_pem);
    let key = scratch("read.key", tls.private_key_pem.expose());
    let (_, text) = openssl(&["x509", "-in", &ca, "-noout", "-text"]);
    for words in [
        "CA:TRUE, pathlen:0",
        "Certificate Sign, CRL Sign",
        "CN = kubernetes-ca",
        "ecdsa-with-SHA256",
    ] {
        assert!(text.replace("CN=", "CN = ").contains(words), "{words}: {text}");
    }
    let (_, text) = openssl(&["x509", "-in", &certificate, "-noout", "-text"]);
    for words in [
        "CA:FALSE",
        "TLS Web Server Authentication",
        "Digital Signature",
        "ASN1 OID: prime256v1",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let (ok, of_certificate) = openssl(&["x509", "-in", &certificate, "-noout", "-pubkey"]);
    let (_, of_key) = openssl(&["pkey", "-in", &key, "-pubout"]);
    assert!(ok && of_certificate == of_key);
    assert!(
        tls.private_key_pem
            .expose()
            .starts_with("-----BEGIN PRIVATE KEY-----\n")
    );
    assert!(!format!("{tls:?}").contains("PRIVATE"));
}

#[test]
fn what_is_no_name_is_refused() {
    for name in [
        "",
        "a b",
        "https://localhost",
        "[::1]",
        "localhost:8443",
        "ü.example",
        "a..b",
        "1.2.3.4/8",
    ] {
        assert!(generate_cluster_tls(&[name], at(NOW)).is_err(), "{name}");
    }
    assert!(generate_cluster_tls(&["*.example.org", "10.96.0.1", "fd00::1"], at(NOW)).is_ok());
    for secs in [i64::MIN, i64::MAX] {
        let _ = generate_cluster_tls(&[], UnixTime::from_secs(secs));
    }
}
