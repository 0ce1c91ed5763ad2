//! The emulator of the service, for tests: requests go in, replies come out. The server in front of it is the host's.

pub mod cluster;
pub mod issuer;
mod objects;
pub mod resources;
pub mod subjects;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use yc_iam::UnixTime;
use yc_iam::emulator::{EmulatorOptions, FaultOptions, IncomingRequest, OrderedFault};

use crate::errors::thrown;
use objects::Given;

/// An emulator on plain data. Times are seconds.
#[wasm_bindgen]
pub struct Emulator(yc_iam::emulator::Emulator);

#[wasm_bindgen]
impl Emulator {
    /// `{audiences?, clockTolerance?, tokenLifetime?, clockOffset?, seed?, operationPolls?, strictAccess?}`
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Self {
        let given = Given(options);
        let default = EmulatorOptions::default();
        let secs = |name, default| given.number(name).map_or(default, |secs| secs as i64);
        Self(yc_iam::emulator::Emulator::new(EmulatorOptions {
            audiences: given.texts("audiences").unwrap_or(default.audiences),
            clock_tolerance: secs("clockTolerance", default.clock_tolerance),
            token_lifetime: secs("tokenLifetime", default.token_lifetime),
            clock_offset: secs("clockOffset", default.clock_offset),
            seed: given.number("seed").map_or(default.seed, |seed| seed as u64),
            operation_polls: given
                .number("operationPolls")
                .map_or(default.operation_polls, |polls| polls as u32),
            strict_access: given.flag("strictAccess"),
            requests_kept: default.requests_kept,
        }))
    }

    /// Creates a service account and gives its ID.
    #[wasm_bindgen(js_name = createServiceAccount)]
    pub fn create_service_account(&mut self, name: &str) -> String {
        self.0.create_service_account(name)
    }

    /// Registers a key, given by its private key's PEM, and gives the key file's content.
    #[wasm_bindgen(js_name = createKey)]
    pub fn create_key(&mut self, service_account_id: &str, private_key: &str, now: f64) -> Result<String, JsValue> {
        UnixTime::from_secs_f64(now)
            .and_then(|now| self.0.create_key(service_account_id, private_key, now))
            .map_err(thrown)
    }

    /// Deletes a key.
    #[wasm_bindgen(js_name = deleteKey)]
    pub fn delete_key(&mut self, key_id: &str) -> bool {
        self.0.delete_key(key_id)
    }

    /// Ends a token.
    #[wasm_bindgen(js_name = revokeToken)]
    pub fn revoke_token(&mut self, token: &str) -> bool {
        self.0.revoke_token(token)
    }

    /// Ends every token.
    #[wasm_bindgen(js_name = revokeAllTokens)]
    pub fn revoke_all_tokens(&mut self) {
        self.0.revoke_all_tokens();
    }

    /// How many tokens have been issued.
    #[wasm_bindgen(getter, js_name = tokensIssued)]
    pub fn tokens_issued(&self) -> f64 {
        self.0.tokens_issued() as f64
    }

    /// `{path?, times?}` and one of `{status, retryAfter?}`, `{truncated}`, `{html, status?}`, `{delay}`, `{dropped}`,
    /// `{clockOffset}`.
    #[wasm_bindgen(js_name = orderFault)]
    pub fn order_fault(&mut self, fault: &JsValue) -> Result<(), JsValue> {
        let given = Given(fault);
        let fault = OrderedFault::from_options(FaultOptions {
            path: given.text("path"),
            times: given.number("times").map(|times| times as u32),
            status: given.number("status").map(|status| status as u16),
            retry_after: given.text("retryAfter"),
            truncated: given.flag("truncated"),
            html: given.flag("html"),
            delay_secs: given.number("delay"),
            dropped: given.flag("dropped"),
            clock_offset: given.number("clockOffset").map(|secs| secs as i64),
        })
        .map_err(thrown)?;
        self.0.order(fault);
        Ok(())
    }

    /// Takes back every order that is not used up.
    #[wasm_bindgen(js_name = cancelFaults)]
    pub fn cancel_faults(&mut self) {
        self.0.cancel_orders();
    }

    /// Accepts the audience of clients that find every service at this base URL.
    #[wasm_bindgen(js_name = serveAt)]
    pub fn serve_at(&mut self, url: &str) -> Result<(), JsValue> {
        self.0.serve_at(url).map(drop).map_err(thrown)
    }

    /// Puts the emulator's clock so many seconds ahead of the caller's.
    #[wasm_bindgen(js_name = setClockOffset)]
    pub fn set_clock_offset(&mut self, secs: f64) {
        self.0.set_clock_offset(secs as i64);
    }

    /// The latest requests as plain objects, the oldest first.
    #[wasm_bindgen(getter)]
    pub fn requests(&self) -> Array {
        self.0.requests().map(objects::received).collect()
    }

    /// The requests as text.
    pub fn log(&self) -> String {
        self.0.log()
    }

    /// Forgets the requests so far.
    #[wasm_bindgen(js_name = forgetRequests)]
    pub fn forget_requests(&mut self) {
        self.0.forget_requests();
    }

    /// Answers a request that arrived at `now`; names and values of the headers take turns.
    pub fn handle(
        &mut self,
        method: String,
        target: String,
        headers: Vec<String>,
        body: Vec<u8>,
        now: f64,
    ) -> Result<JsValue, JsValue> {
        let now = UnixTime::from_secs_f64(now).map_err(thrown)?;
        let headers = objects::header_pairs(headers);
        let reply = self.0.handle(
            &IncomingRequest {
                method,
                target,
                headers,
                body,
            },
            now,
        );
        Ok(objects::reply(&reply))
    }
}
