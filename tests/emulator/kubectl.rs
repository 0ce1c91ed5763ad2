//! The real kubectl against the emulated API server, over TLS with the emulated CA.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use yc_iam::UnixTime;
use yc_iam::emulator::{
    ClusterTls, Emulator, EmulatorOptions, IncomingRequest, Issuer, PodTokenRequest, generate_cluster_tls,
};

use crate::support::PEM_A;

fn now() -> UnixTime {
    let secs = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    UnixTime::from_secs(secs as i64)
}

/// Serves on a port of its own and gives it.
fn serve(emulator: Arc<Mutex<Emulator>>, tls: &ClusterTls) -> u16 {
    let certificate = CertificateDer::from_pem_slice(tls.certificate_pem.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(tls.private_key_pem.expose().as_bytes()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (emulator, config) = (emulator.clone(), config.clone());
            // A client that goes away early is no failure.
            std::thread::spawn(move || answer(stream.unwrap(), config, &emulator).ok());
        }
    });
    port
}

fn answer(stream: TcpStream, config: Arc<ServerConfig>, emulator: &Mutex<Emulator>) -> std::io::Result<()> {
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    let mut received = Vec::new();
    let head_len = loop {
        if let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        received.push(byte[0]);
    };
    let head = String::from_utf8(received[..head_len].to_vec()).unwrap();
    let mut lines = head.lines();
    let mut words = lines.next().unwrap().split(' ').map(str::to_owned);
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut request = IncomingRequest {
        method: words.next().unwrap(),
        target: words.next().unwrap(),
        headers,
        body: Vec::new(),
    };
    let len = request.header("content-length").map_or(0, |len| len.parse().unwrap());
    request.body = vec![0; len];
    stream.read_exact(&mut request.body)?;
    let response = emulator.lock().unwrap().handle_kubernetes(&request, now()).response;
    write!(stream, "HTTP/1.1 {} X\r\n", response.status)?;
    for (name, value) in &response.headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    write!(
        stream,
        "content-length: {}\r\nconnection: close\r\n\r\n",
        response.body.len()
    )?;
    stream.write_all(&response.body)?;
    stream.conn.send_close_notify();
    stream.flush()
}

struct Kubectl {
    flags: Vec<String>,
}

impl Kubectl {
    fn run(&self, arguments: &[&str]) -> (bool, String) {
        let output = Command::new("kubectl")
            .args(&self.flags)
            .args(arguments)
            .env("KUBECONFIG", "/dev/null")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.success(), said)
    }
}

#[test]
fn kubectl_reads_pods_and_is_told_what_it_may_not() {
    if Command::new("kubectl").args(["version", "--client"]).output().is_err() {
        eprintln!("skipped: there is no kubectl here");
        return;
    }
    let mut emulator = Emulator::new(EmulatorOptions::default());
    let mut issuer = Issuer::new("https://issuer.example.org", PEM_A).unwrap();
    emulator.set_cluster_issuer(&issuer, &[]);
    emulator.add_pod("default", "web-0", now());
    emulator.add_pod("other", "db-0", now());
    let token = issuer
        .pod_token(&PodTokenRequest::new("default", "robot"), now())
        .unwrap();
    let tls = generate_cluster_tls(&[], now()).unwrap();
    let emulator = Arc::new(Mutex::new(emulator));
    let port = serve(emulator.clone(), &tls);
    let scratch = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let ca = scratch.join(format!("kubectl_ca_{port}.pem"));
    std::fs::write(&ca, &tls.ca_certificate_pem).unwrap();
    let flags = |token: &str| Kubectl {
        flags: vec![
            format!("--server=https://127.0.0.1:{port}"),
            format!("--certificate-authority={}", ca.display()),
            format!(
                "--cache-dir={}",
                scratch.join(format!("kubectl_cache_{port}")).display()
            ),
            format!("--token={token}"),
        ],
    };
    let kubectl = flags(token.expose());

    let (ok, said) = kubectl.run(&["get", "pods", "-n", "default"]);
    let mut lines = said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    assert!(ok, "{said}");
    assert_eq!(lines.next().unwrap(), ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]);
    assert_eq!(lines.next().unwrap()[..4], ["web-0", "1/1", "Running", "0"]);
    let (ok, said) = kubectl.run(&["get", "pod", "web-0", "-n", "default", "-o", "jsonpath={.status.phase}"]);
    assert_eq!((ok, said.as_str()), (true, "Running"));
    let (ok, said) = kubectl.run(&["get", "pods", "-n", "other"]);
    assert_eq!(
        (ok, said.trim()),
        (
            false,
            "Error from server (Forbidden): pods is forbidden: User \"system:serviceaccount:default:robot\" \
             cannot list resource \"pods\" in API group \"\" in the namespace \"other\""
        )
    );
    let (ok, said) = kubectl.run(&["get", "pod", "none", "-n", "default"]);
    assert_eq!(
        (ok, said.trim()),
        (false, "Error from server (NotFound): pods \"none\" not found")
    );
    let (ok, said) = kubectl.run(&["auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"]);
    assert_eq!((ok, said.as_str()), (true, "system:serviceaccount:default:robot"));
    let (ok, said) = kubectl.run(&["version"]);
    assert!(ok && said.contains("Server Version: v1.32.0-emulator"), "{said}");
    let (ok, said) = flags("not.a.token").run(&["get", "pods", "-n", "default"]);
    assert!(!ok && said.contains("You must be logged in to the server"), "{said}");
    assert!(
        emulator
            .lock()
            .unwrap()
            .requests()
            .any(|received| !received.verdict.is_accepted())
    );
}
