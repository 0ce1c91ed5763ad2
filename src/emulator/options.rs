//! What an emulator can be told about itself.

use crate::endpoints::Endpoints;

/// How strict an emulator is, and what its clock says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmulatorOptions {
    /// The values of `aud` that are accepted; the global installation's by default.
    pub audiences: Vec<String>,
    /// By how many seconds a JWT's times may miss the emulator's clock; 60 by default. The service's own figure is not
    /// public.
    pub clock_tolerance: i64,
    /// How many seconds a token lives; 43 200 by default, which is 12 hours.
    pub token_lifetime: i64,
    /// By how many seconds the emulator's clock is ahead of the caller's; 0 by default.
    pub clock_offset: i64,
    /// What IDs and tokens are made from: the same seed, the same IDs and tokens.
    pub seed: u64,
    /// Which poll finds an operation done: 2 by default, so that the first does not. 0: it is done when it is answered.
    pub operation_polls: u32,
    /// Whether federations, federated credentials and operations take the access bindings that they take at the service;
    /// false by default: then any subject of a valid token may do anything with them.
    pub strict_access: bool,
    /// How many of the latest requests are kept for [`Emulator::requests`](super::Emulator::requests): 10 000 by default.
    /// 0 spares a program with very many requests the time that records take.
    pub requests_kept: usize,
}

impl Default for EmulatorOptions {
    fn default() -> Self {
        Self {
            audiences: vec![Endpoints::global().audience()],
            clock_tolerance: 60,
            token_lifetime: 43_200,
            clock_offset: 0,
            seed: 0,
            operation_polls: 2,
            strict_access: false,
            requests_kept: 10_000,
        }
    }
}
