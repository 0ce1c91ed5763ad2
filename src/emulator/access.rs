//! Access bindings: which subject has which role on which resource.

use std::collections::BTreeSet;

use super::Emulator;
use super::routes::Service;
use super::status::{Code, Refusal};

/// Resource, role and subject.
#[derive(Debug, Default)]
pub(super) struct AccessBindings(BTreeSet<[String; 3]>);

impl AccessBindings {
    /// Refuses a subject that has none of these roles on any of these resources.
    pub(super) fn check(&self, resources: &[&str], roles: &[&str], subject: &str) -> Result<(), Refusal> {
        if self.allows(resources, roles, subject) {
            return Ok(());
        }
        Err(Refusal::in_own_words(
            Code::PermissionDenied,
            format!(
                "`{subject}` has none of the roles `{}` on `{}`",
                roles.join("`, `"),
                resources.join("`, `")
            ),
        ))
    }

    pub(super) fn allows(&self, resources: &[&str], roles: &[&str], subject: &str) -> bool {
        let bound = |resource: &str, role: &str| self.0.contains(&[resource, role, subject].map(str::to_owned));
        resources
            .iter()
            .any(|resource| roles.iter().any(|role| bound(resource, role)))
    }
}

impl Service<'_> {
    /// Looks at the access bindings, if that was asked for.
    pub(super) fn check_access(&self, resources: &[&str], roles: &[&str], subject: &str) -> Result<(), Refusal> {
        if self.options.strict_access {
            self.access.check(resources, roles, subject)?;
        }
        Ok(())
    }
}

impl Emulator {
    /// Gives a subject (the ID of a service account or user) a role on a resource: a secret, a service account, a
    /// federation or a folder, by its ID; or `kubernetes`, the emulated cluster.
    ///
    /// Roles that are looked at, each by its exact name: `lockbox.payloadViewer` on a secret or its folder;
    /// `k8s.cluster-api.viewer`, `….editor`, `….admin` and `….cluster-admin` on `kubernetes`, which are all the same here;
    /// and with [`strict_access`](super::EmulatorOptions::strict_access)
    /// `iam.serviceAccounts.federatedCredentialViewer` and `….federatedCredentialEditor` on a service account, and
    /// `iam.workloadIdentityFederations.viewer`, `….user` (for a new federated credential), `….editor` and `….admin` on a
    /// federation or its folder.
    pub fn add_access_binding(&mut self, resource_id: &str, role: &str, subject_id: &str) {
        self.access.0.insert([resource_id, role, subject_id].map(str::to_owned));
    }

    /// Takes a role away. True if it was there.
    pub fn remove_access_binding(&mut self, resource_id: &str, role: &str, subject_id: &str) -> bool {
        self.access
            .0
            .remove(&[resource_id, role, subject_id].map(str::to_owned))
    }
}
