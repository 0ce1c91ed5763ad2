//! An IAM token from `key.json`: the whole loop, with ureq as the client.

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use yc_iam::{Action, Endpoints, Failure, FailureKind, Outcome, Request, Response};
use yc_iam::{ServiceAccountKey, ServiceAccountSource, Session, SessionOptions, Step, UnixTime};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = ServiceAccountKey::from_json(std::fs::read("key.json")?)?;
    let endpoints = Endpoints::from_env(|name| std::env::var(name).ok())?;
    let options = SessionOptions {
        endpoints,
        seed: std::process::id().into(),
    };
    let mut session = Session::new(ServiceAccountSource::new(key)?, options);

    let token = loop {
        match session.poll(now()?) {
            Step::Use { token, .. } => break token,
            Step::Perform(effect) => {
                let outcome = match &effect.action {
                    Action::Http(request) => send(request).unwrap_or_else(failure),
                    other => return Err(format!("a service-account key never asks for {other:?}").into()),
                };
                session.complete(effect.id, now()?, outcome)?;
            }
            Step::Wait { until, .. } => {
                let seconds = until.as_secs_f64() - now()?.as_secs_f64();
                std::thread::sleep(Duration::from_secs_f64(seconds.max(0.0)));
            }
            Step::Fail(error) => return Err(error.into()),
        }
    };
    println!("good until {} (seconds since the epoch)", token.expires_at.as_secs());
    // Put `token.authorization().expose()` into the `Authorization` header of your call.
    Ok(())
}

/// The one clock there is.
pub fn now() -> Result<UnixTime, Box<dyn std::error::Error>> {
    Ok(UnixTime::from_secs_f64(
        SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64(),
    )?)
}

/// Does what a host does: sends the request as it is and hands the answer back.
pub fn send(request: &Request) -> Result<Outcome, ureq::Error> {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false) // the core reads every answer
        .max_redirects(0) // credentials do not follow redirects
        .proxy(request.use_proxy.then(ureq::Proxy::try_from_env).flatten()) // else past every proxy
        .timeout_global(Some(Duration::from_millis(request.timeout_millis.into())))
        .build()
        .new_agent();
    let mut builder = ureq::http::Request::builder().method(request.method).uri(&request.url);
    for (name, value) in &request.headers {
        builder = builder.header(name.as_ref(), value.expose());
    }
    let body = request.body.as_ref().map_or("", |body| body.expose()).to_owned();
    let mut response = agent.run(builder.body(body)?)?;
    let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Ok(Outcome::Response(Response {
        status: response.status().as_u16(),
        headers: response.headers().iter().map(header).collect(),
        body: response.body_mut().with_config().limit(1 << 20).read_to_vec()?,
    }))
}

/// Says how it failed; the core decides whether to try again.
pub fn failure(error: ureq::Error) -> Outcome {
    let kind = match &error {
        ureq::Error::Timeout(_) => FailureKind::Timeout,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => FailureKind::Tls,
        _ => FailureKind::Connection,
    };
    Outcome::Failure(Failure {
        kind,
        detail: error.to_string(),
    })
}
