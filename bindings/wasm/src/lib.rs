//! The WebAssembly face of `yc-iam`: names and conversions, and nothing that decides.
//!
//! Times are numbers of seconds since the epoch. What fails throws the plain object of [`errors`], which the TypeScript
//! in front turns into an `Error`.

mod errors;
mod plain;

#[cfg(feature = "client")]
pub mod endpoints;
#[cfg(feature = "client")]
mod environment;
#[cfg(feature = "client")]
pub mod key;
#[cfg(feature = "client")]
pub mod session;
#[cfg(feature = "client")]
pub mod source;
#[cfg(feature = "client")]
pub mod text;

#[cfg(feature = "signer")]
pub mod signer;

#[cfg(feature = "emulator")]
pub mod emulator;
