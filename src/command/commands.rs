//! The commands there are.

use super::spec::Spec;
use super::{emulator, exec_credential, explain, jwt, kubeconfig, lockbox, token};

/// Every command, in the order of the help.
pub(super) const COMMANDS: &[&Spec] = &[
    &token::SPEC,
    &jwt::SPEC,
    &explain::SPEC,
    &kubeconfig::SPEC,
    &exec_credential::SPEC,
    &lockbox::SPEC,
    &emulator::SPEC,
];
