//! What programs and `kubectl` need in Kubernetes: the vectors, hostile texts, and `kubectl` itself as a judge.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod hostile;
mod kubectl;
#[cfg(unix)]
mod plug_in;
mod support;
mod vectors;
