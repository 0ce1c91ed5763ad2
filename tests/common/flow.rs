//! A session with its signature made outside, walked as far as the vectors want.

use yc_iam::{
    AccessToken, Action, Effect, EffectId, Endpoints, Error, Outcome, Request, Response, ServiceAccountKey,
    ServiceAccountSource, Session, SessionOptions, Signing, Step, UnixTime,
};

use super::Checked;

/// What stands for a signature where nobody verifies it.
pub(crate) const EMPTY_SIGNATURE: u8 = 0x5A;

pub(crate) fn outside_session(key: ServiceAccountKey, endpoints: Endpoints, seed: u64) -> Session {
    Session::new(
        ServiceAccountSource::with_signing(key, Signing::Outside),
        SessionOptions { endpoints, seed },
    )
}

pub(crate) fn at(secs: f64) -> UnixTime {
    UnixTime::from_secs_f64(secs).unwrap()
}

pub(crate) fn poll(session: &mut Session, now: f64) -> Step {
    session.poll(at(now))
}

/// A session on its way to the exchange, with the clock that it sees.
pub(crate) struct Walk {
    pub(crate) session: Session,
    pub(crate) now: f64,
    pub(crate) signature: Vec<u8>,
}

impl Walk {
    pub(crate) fn new(key: ServiceAccountKey, endpoints: Endpoints, seed: u64, now: f64) -> Self {
        let signature = vec![EMPTY_SIGNATURE; key.modulus_bits().div_ceil(8) as usize];
        Self {
            session: outside_session(key, endpoints, seed),
            now,
            signature,
        }
    }

    /// The text to be signed.
    pub(crate) fn signing_input(&mut self) -> Checked<String> {
        match poll(&mut self.session, self.now) {
            Step::Perform(Effect {
                action: Action::Sign(input),
                ..
            }) => Ok(input.as_str().to_owned()),
            step => Err(format!("not asked to sign but {step:?}")),
        }
    }

    /// The exchange request and its effect's ID, after a signature where one is asked for.
    pub(crate) fn exchange(&mut self) -> Checked<(EffectId, Request)> {
        let mut step = poll(&mut self.session, self.now);
        if let Step::Perform(Effect {
            id,
            action: Action::Sign(_),
        }) = &step
        {
            let signed = self
                .session
                .complete(*id, at(self.now), Outcome::Signature(self.signature.clone()));
            signed.map_err(|error| format!("the signature was refused: {error}"))?;
            step = poll(&mut self.session, self.now);
        }
        match step {
            Step::Perform(Effect {
                id,
                action: Action::Http(request),
            }) => Ok((id, request)),
            step => Err(format!("not asked for an exchange but {step:?}")),
        }
    }

    /// Gives this answer to every exchange until there is a token or an error.
    pub(crate) fn end(&mut self, response: &Response) -> Checked<Result<AccessToken, Error>> {
        for _ in 0..20 {
            let (id, _) = self.exchange()?;
            let taken = self
                .session
                .complete(id, at(self.now), Outcome::Response(response.clone()));
            taken.map_err(|error| format!("the answer was refused: {error}"))?;
            match poll(&mut self.session, self.now) {
                Step::Use { token, .. } => return Ok(Ok(token)),
                Step::Fail(error) => return Ok(Err(error)),
                Step::Wait {
                    until,
                    in_flight: false,
                } => self.now = until.as_secs_f64(),
                step => return Err(format!("neither a token nor an error but {step:?}")),
            }
        }
        Err("no end after 20 rounds".to_owned())
    }
}

/// A response with a JSON body.
pub(crate) fn answer(status: u16, body: &str) -> Response {
    Response {
        status,
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    }
}
