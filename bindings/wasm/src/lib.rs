//! The WebAssembly face of `yc-iam`: names and conversions, and nothing that decides.
//!
//! Times are numbers of seconds since the epoch. What fails throws the plain object of [`errors`], which the TypeScript
//! in front turns into an `Error`.

#[cfg(any(feature = "client", feature = "tools"))]
mod actions;
#[cfg(any(feature = "client", feature = "tools"))]
mod environment;
mod errors;
#[cfg(any(feature = "client", feature = "tools", feature = "emulator"))]
mod foreign;
#[cfg(any(feature = "client", feature = "tools"))]
mod http;
#[cfg(any(feature = "client", feature = "tools"))]
mod overrides;
mod plain;

#[cfg(feature = "client")]
pub mod bearer;
#[cfg(feature = "client")]
pub mod endpoints;
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

#[cfg(feature = "tools")]
pub mod tools;

#[cfg(feature = "emulator")]
pub mod emulator;

/// Bodies of answers, arguments and what a parser leaves behind hold keys and tokens as well.
#[global_allocator]
static ALLOCATOR: yc_iam_wiping::Wiping = yc_iam_wiping::Wiping;
