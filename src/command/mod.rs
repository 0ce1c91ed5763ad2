//! The command `yc-iam`, whole, as a sans-I/O program: arguments in; requests, files and output out.
//!
//! Every host runs this one program with a short loop, so that flags, output, messages and exit codes are the same
//! everywhere:
//!
//! ```
//! use yc_iam::command::{Program, ProgramOptions, ProgramStep};
//! # use yc_iam::UnixTime;
//! # fn now() -> UnixTime { UnixTime::from_secs(1_793_563_200) }
//!
//! let arguments = ["--version".to_owned()];
//! let mut program = Program::new(&ProgramOptions {
//!     arguments: &arguments,
//!     variable: &|name| std::env::var(name).ok(),
//!     entropy: [7; 16], // random bytes
//!     stdin_is_terminal: true,
//! });
//! let (code, output) = loop {
//!     match program.poll(now()) {
//!         ProgramStep::Exit { code, output, errors } => {
//!             eprint!("{errors}");
//!             break (code, output);
//!         }
//!         ProgramStep::Perform(effect) => { /* do it, then program.complete(effect.id, now(), outcome) */ }
//!         ProgramStep::Authorize { .. } => { /* a token of your session, then program.authorize(&token) */ }
//!         ProgramStep::Wait { until } => { /* sleep */ }
//!         ProgramStep::Emulate(settings) => { /* run the emulator, then program.emulated(None) */ }
//!         # _ => {}
//!     }
//! };
//! assert_eq!((code, output.expose()), (0, concat!("yc-iam ", env!("CARGO_PKG_VERSION"), "\n").as_bytes()));
//! ```

mod arguments;
mod choice;
mod command_line;
mod commands;
mod credentials;
mod emulator;
mod emulator_settings;
mod exec_credential;
mod explain;
mod face;
mod help;
mod jwt;
mod kubeconfig;
mod lockbox;
mod output;
mod plan;
mod program;
mod secrets;
mod spec;
mod token;

pub use choice::{CredentialsChoice, CredentialsOrigin};
pub use emulator_settings::EmulatorSettings;
pub use face::{HostError, ProgramOptions, ProgramStep};
pub use output::Output;
pub use program::Program;
