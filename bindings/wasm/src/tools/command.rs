//! The command `yc-iam`: steps out as plain objects, outcomes in.

use js_sys::{JSON, TypeError, Uint8Array};
use wasm_bindgen::prelude::*;
use yc_iam::command::{self, CredentialsChoice, EmulatorSettings, HostError, ProgramOptions, ProgramStep};
use yc_iam::{AccessToken, EffectId, Error, Failure, FailureKind, Outcome, Secret, UnixTime};

use crate::actions::action;
use crate::environment::Environment;
use crate::errors::thrown;
use crate::http;
use crate::plain::Plain;

/// One run of the command.
#[wasm_bindgen]
pub struct Program {
    program: command::Program,
    variables: JsValue,
    settings: EmulatorSettings,
}

#[wasm_bindgen]
impl Program {
    /// `variables` is an object like `process.env`; the entropy, 16 random bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(
        arguments: Vec<String>,
        variables: JsValue,
        entropy: &[u8],
        stdin_is_terminal: bool,
    ) -> Result<Self, JsValue> {
        let environment = Environment(&variables);
        let program = command::Program::new(&ProgramOptions {
            arguments: &arguments,
            variable: &|name| environment.variable(name),
            entropy: <[u8; 16]>::try_from(entropy).map_err(|_| TypeError::new("16 random bytes are needed"))?,
            stdin_is_terminal,
        });
        Ok(Self {
            program,
            variables,
            settings: EmulatorSettings::default(),
        })
    }

    /// `{kind: "perform" | "authorize" | "wait" | "emulate" | "exit", …}`
    pub fn poll(&mut self, now: f64) -> Result<JsValue, JsValue> {
        let now = UnixTime::from_secs_f64(now).map_err(thrown)?;
        let mut step = self.program.poll(now);
        if let ProgramStep::Authorize { credentials, .. } = &step
            && let Err(error) = self.check(credentials)
        {
            self.end(&error);
            step = self.program.poll(now);
        }
        if let ProgramStep::Emulate(settings) = &step {
            self.settings = settings.clone();
        }
        Ok(plain(step))
    }

    /// Reports an HTTP response; names and values of the headers take turns.
    #[wasm_bindgen(js_name = completeResponse)]
    pub fn complete_response(
        &mut self,
        id: f64,
        now: f64,
        status: u16,
        headers: Vec<String>,
        body: Vec<u8>,
    ) -> Result<(), JsValue> {
        self.complete(id, now, Ok(Outcome::Response(http::response(status, headers, body))))
    }

    /// Reports a signature.
    #[wasm_bindgen(js_name = completeSignature)]
    pub fn complete_signature(&mut self, id: f64, now: f64, signature: Vec<u8>) -> Result<(), JsValue> {
        self.complete(id, now, Ok(Outcome::Signature(signature)))
    }

    /// Reports what a file or standard input holds.
    #[wasm_bindgen(js_name = completeFile)]
    pub fn complete_file(&mut self, id: f64, now: f64, content: Vec<u8>) -> Result<(), JsValue> {
        self.complete(id, now, Ok(Outcome::File(content)))
    }

    /// Reports that it could not be done.
    #[wasm_bindgen(js_name = completeFailure)]
    pub fn complete_failure(&mut self, id: f64, now: f64, kind: &str, detail: String) -> Result<(), JsValue> {
        let failure = FailureKind::from_name(kind).map(|kind| Failure { kind, detail });
        self.complete(id, now, failure.map(Outcome::Failure))
    }

    /// Takes the token that was asked for; a time without an end is `Infinity`.
    pub fn authorize(&mut self, value: String, issued_at: f64, expires_at: f64) -> Result<(), JsValue> {
        let time = |secs: f64| UnixTime::from_secs_f64(secs).map_err(thrown);
        self.program.authorize(&AccessToken {
            value: Secret::new(value),
            issued_at: time(issued_at)?,
            expires_at: if expires_at.is_finite() {
                time(expires_at)?
            } else {
                UnixTime::MAX
            },
        });
        Ok(())
    }

    /// Ends the program with an error of the host's.
    pub fn fail(&mut self, code: &str, message: &str, hint: &str, status: Option<u16>, request_id: Option<String>) {
        self.program.fail(HostError {
            code,
            message,
            hint,
            status,
            request_id: request_id.as_deref(),
        });
    }

    /// What to write to standard output once the emulator runs.
    pub fn announcement(&self, url: &str, key_file: &str) -> String {
        self.settings.announcement(url, key_file)
    }

    /// Says that the emulator was interrupted, or why it could not be run.
    pub fn emulated(&mut self, kind: Option<String>, detail: Option<String>) -> Result<(), JsValue> {
        let kind = kind
            .map(|kind| FailureKind::from_name(&kind))
            .transpose()
            .map_err(thrown)?;
        let detail = detail.unwrap_or_default();
        self.program.emulated(kind.map(|kind| Failure { kind, detail }));
        Ok(())
    }

    /// Says why standard output could not be written.
    pub fn unwritten(&mut self, detail: &str) {
        self.program.unwritten(detail);
    }

    /// The key that is to sign, as PKCS#8 DER. Whoever asks for it wipes it.
    #[wasm_bindgen(js_name = exposeSigningKey)]
    pub fn expose_signing_key(&self) -> Result<Option<Uint8Array>, JsValue> {
        let der = self.program.signing_key().map(|key| key.expose_pkcs8()).transpose();
        Ok(der.map_err(thrown)?.map(|der| Uint8Array::from(der.as_slice())))
    }
}

impl Program {
    fn complete(&mut self, id: f64, now: f64, outcome: Result<Outcome, Error>) -> Result<(), JsValue> {
        // A number that is no ID becomes 0 or another that was never given out, and the program says so.
        let id = EffectId(id as u64);
        UnixTime::from_secs_f64(now)
            .and_then(|now| self.program.complete(id, now, outcome?))
            .map_err(thrown)
    }

    /// The main module makes these credentials without a word about what was wrong on the command line: said here.
    fn check(&self, choice: &CredentialsChoice) -> Result<(), Error> {
        let environment = Environment(&self.variables);
        choice.source(|name| environment.variable(name)).map(drop)
    }

    fn end(&mut self, error: &Error) {
        self.program.fail(HostError {
            code: error.code().as_str(),
            message: &error.to_string(),
            hint: error.hint(),
            status: error.status(),
            request_id: error.request_id(),
        });
    }
}

fn plain(step: ProgramStep) -> JsValue {
    let kind = |kind: &str| Plain::new().with("kind", kind);
    match step {
        ProgramStep::Perform(effect) => kind("perform")
            .with("id", effect.id.0 as f64)
            .with("action", action(&effect.action)),
        ProgramStep::Authorize { credentials, refused } => kind("authorize")
            .with(
                "choice",
                JSON::parse(credentials.to_json().expose()).unwrap_or_default(),
            )
            .with("refused", refused.as_ref().map(Secret::expose)),
        ProgramStep::Wait { until } => kind("wait").with("until", until.as_secs_f64()),
        ProgramStep::Emulate(settings) => kind("emulate")
            .with("port", settings.port)
            .with("keyFile", settings.key_file.as_deref())
            .with("tokenLifetime", settings.token_lifetime)
            .with("clockTolerance", settings.clock_tolerance),
        ProgramStep::Exit { code, output, errors } => kind("exit")
            .with("code", code)
            .with("output", Uint8Array::from(output.expose()))
            .with("errors", errors),
        // What a later core may ask for is not asked for here.
        _ => kind("wait").with("until", f64::INFINITY),
    }
    .into()
}
