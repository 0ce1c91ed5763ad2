//! What tokens are used for, and what is said about them, in a module of its own.

mod answers;
pub mod call;
pub mod command;
pub mod curl;
pub mod decoded;
pub mod explain;
mod given;
pub mod kubeconfig;
pub mod kubernetes;
pub mod lockbox;
pub mod task;
