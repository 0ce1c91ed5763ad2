//! The emulator: what it accepts, what it refuses and why, and a session wired to it on a virtual clock.
#![cfg(feature = "emulator")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod certificates;
mod command;
mod federation_api;
mod federation_limits;
mod judging;
mod kubectl;
mod kubernetes;
mod lockbox;
mod log;
mod operations;
mod registry;
mod routes;
mod session;
mod sources;
mod support;
mod workloads;
