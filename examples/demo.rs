//! Gets an IAM token and shows what was sent and what came back, secrets redacted.
//!
//! `cargo run --example demo -- --key-file key.json [--endpoint http://127.0.0.1:PORT]`

#[allow(dead_code, unreachable_pub, reason = "its `main` is another program")]
#[path = "quickstart.rs"]
mod quickstart;

use std::error::Error;
use std::time::{Duration, Instant};

use quickstart::{failure, now, send};
use yc_iam::{Action, Endpoints, Outcome, Request, Response, ServiceAccountKey, ServiceAccountSource};
use yc_iam::{Session, SessionOptions, Step, redact};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::read()?;
    let begin = Instant::now();
    let key = ServiceAccountKey::from_json(std::fs::read(&arguments.key_file)?)?;
    println!(
        "key {} of service account {}, {} bits",
        key.id(),
        key.service_account_id(),
        key.modulus_bits()
    );
    let options = SessionOptions {
        endpoints: arguments.endpoints,
        seed: std::process::id().into(),
    };
    let mut session = Session::new(ServiceAccountSource::new(key)?, options);
    let token = loop {
        match session.poll(now()?) {
            Step::Use { token, .. } => break token,
            Step::Perform(effect) => {
                let Action::Http(request) = &effect.action else {
                    return Err("only requests were expected".into());
                };
                show_request(request);
                let outcome = send(request).unwrap_or_else(failure);
                show_outcome(&outcome);
                session.complete(effect.id, now()?, outcome)?;
            }
            Step::Wait { until, .. } => {
                let seconds = (until.as_secs_f64() - now()?.as_secs_f64()).max(0.0);
                println!("  waiting for {seconds:.1} s before the next try");
                std::thread::sleep(Duration::from_secs_f64(seconds));
            }
            Step::Fail(error) => return Err(format!("{}: {error}", error.code()).into()),
        }
    };
    let hours = (token.expires_at.as_secs() - token.issued_at.as_secs()) as f64 / 3600.0;
    println!(
        "token {}, good for {hours:.1} h, in {:.1} ms",
        token.value,
        begin.elapsed().as_secs_f64() * 1000.0
    );
    Ok(())
}

struct Arguments {
    key_file: String,
    endpoints: Endpoints,
}

impl Arguments {
    fn read() -> Result<Self, Box<dyn Error>> {
        let mut key_file = "key.json".to_owned();
        let mut endpoints = Endpoints::from_env(|name| std::env::var(name).ok())?;
        let mut arguments = std::env::args().skip(1);
        while let Some(flag) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("`{flag}` needs a value"))?;
            match flag.as_str() {
                "--key-file" => key_file = value,
                "--endpoint" => endpoints = Endpoints::all_at(&value)?,
                _ => return Err(format!("`{flag}` is not known: it takes --key-file and --endpoint").into()),
            }
        }
        Ok(Self { key_file, endpoints })
    }
}

fn show_request(request: &Request) {
    println!("> {} {}", request.method, request.url);
    for (name, value) in &request.headers {
        println!("> {name}: {}", redact(value.expose()));
    }
    if let Some(body) = &request.body {
        println!("> {}", redact(body.expose()));
    }
}

fn show_outcome(outcome: &Outcome) {
    match outcome {
        Outcome::Response(Response { status, headers, body }) => {
            println!("< {status}");
            for (name, value) in headers {
                println!("< {name}: {}", redact(value));
            }
            println!("< {}", redact(&String::from_utf8_lossy(body)));
        }
        other => println!("< {}", redact(&format!("{other:?}"))),
    }
}
