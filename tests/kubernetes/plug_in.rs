//! `kubectl` calls a credential plug-in, understands it, trusts the certificate authority of the kubeconfig, and sends the
//! token to the server: OpenSSL's, which shows what it gets.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;

use serde_json::json;
use yc_iam::kubernetes::exec_credential;

use crate::kubectl::{KUBECTL, Place, case};
use crate::support::{kubeconfig, token};

const ANSWER: &str = r#"{"major":"1","minor":"32","gitVersion":"v1.32.0"}"#;

/// A TLS server on loopback that gives the same answer to everything.
struct Server {
    openssl: Child,
    url: String,
    requests: Receiver<String>,
}

impl Server {
    fn new(place: &Place) -> Self {
        let made = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
            ])
            .args(["-subj", "/CN=kubernetes", "-addext", "subjectAltName=IP:127.0.0.1"])
            .args(["-keyout", "key.pem", "-out", "ca.pem"])
            .current_dir(&place.0)
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut openssl = Command::new("openssl")
            .args([
                "s_server",
                "-accept",
                &format!("127.0.0.1:{port}"),
                "-key",
                "key.pem",
                "-cert",
                "ca.pem",
            ])
            .current_dir(&place.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (mut input, mut output) = (
            openssl.stdin.take().unwrap(),
            BufReader::new(openssl.stdout.take().unwrap()),
        );
        let mut line = String::new();
        while !line.starts_with("ACCEPT") {
            line.clear();
            assert!(output.read_line(&mut line).unwrap() > 0, "the server does not start");
        }
        let (tell, requests) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let (mut request, mut byte) = (Vec::new(), [0]);
            while output.read(&mut byte).is_ok_and(|count| count == 1) {
                request.push(byte[0]);
                if request.ends_with(b"\r\n\r\n") {
                    let _ = tell.send(String::from_utf8_lossy(&std::mem::take(&mut request)).into_owned());
                    let head = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}",
                        ANSWER.len()
                    );
                    let _ = input.write_all(format!("{head}\r\nconnection: close\r\n\r\n{ANSWER}").as_bytes());
                }
            }
        });
        Self {
            openssl,
            url: format!("https://127.0.0.1:{port}"),
            requests,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.openssl.kill();
        let _ = self.openssl.wait();
    }
}

#[test]
#[cfg_attr(feature = "emulator", ignore = "once is enough")]
fn kubectl_sends_the_plug_ins_token() {
    if !*KUBECTL {
        return;
    }
    for (version, expires_at) in [("v1", 4e9), ("v1beta1", 4e9), ("v1", 253_402_300_799.0)] {
        let place = Place::new();
        let server = Server::new(&place);
        let value = "t1.token-by-way-of-a-plug-in";
        let info = json!({ "kind": "ExecCredential", "apiVersion": format!("client.authentication.k8s.io/{version}") });
        let output = exec_credential(&token(value, expires_at), Some(&info.to_string())).unwrap();
        place.file("answer", output.expose());
        let directory = place.0.display();
        let script =
            format!("#!/bin/sh\nprintf %s \"$KUBERNETES_EXEC_INFO\" > '{directory}/info'\ncat '{directory}/answer'\n");
        let plug_in = place.file("plug in", &script);
        std::fs::set_permissions(&plug_in, std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut case = case("token");
        case["server"] = json!(server.url);
        case["ca_certificate"] = json!({ "text": std::fs::read_to_string(place.0.join("ca.pem")).unwrap() });
        case["user"] = json!({ "exec": { "command": plug_in, "api_version": version } });
        let config = place.file("config", kubeconfig(&case).unwrap().to_yaml().expose());
        assert_eq!(place.kubectl(&config, &["get", "--raw", "/api/v1/pods"]), ANSWER);
        let requests: Vec<String> = server.requests.try_iter().collect();
        let asked = requests
            .iter()
            .find(|request| request.contains("GET /api/v1/pods "))
            .unwrap();
        assert!(asked.contains(&format!("Authorization: Bearer {value}\r\n")), "{asked}");
        // What `kubectl` itself puts into the variable is understood.
        let info = std::fs::read_to_string(place.0.join("info")).unwrap();
        let again = exec_credential(&token(value, expires_at), Some(&info)).unwrap();
        assert_eq!(again.expose(), output.expose());
    }
}
