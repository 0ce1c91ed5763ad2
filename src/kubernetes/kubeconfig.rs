//! The file that `kubectl` and its like read.
//!
//! <https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/>

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use super::document::Document;
use super::names::{check_line, is_namespace};
use super::{KubeconfigUser, certificate, merge};
use crate::error::{Error, ErrorCode};
use crate::redact;
use crate::secret::Secret;
use crate::url_rules;

/// What the entries of a kubeconfig are called in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeconfigNames {
    /// The cluster's entry.
    pub cluster: String,
    /// The context's entry, which becomes the current context.
    pub context: String,
    /// The user's entry.
    pub user: String,
    /// The context's namespace; without it, `default`.
    pub namespace: Option<String>,
}

/// One cluster, one user, and a context of the two: what `kubectl config set-cluster`, `set-credentials`, `set-context`
/// and `use-context` write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kubeconfig {
    names: KubeconfigNames,
    server: String,
    ca_certificate: Option<String>,
    user: KubeconfigUser,
}

impl Kubeconfig {
    /// A kubeconfig for the API server at this URL. Its certificate authority is PEM; without it, clients trust the
    /// machine's own.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidKubeconfig`] for a name, a path or a plug-in that cannot stand in a kubeconfig;
    /// [`ErrorCode::InvalidEndpoint`] or [`ErrorCode::InsecureEndpoint`] for the server; [`ErrorCode::InvalidCertificate`];
    /// [`ErrorCode::InvalidCredential`] for a token that is none.
    pub fn new(
        names: KubeconfigNames,
        server: &str,
        ca_certificate: Option<&str>,
        user: KubeconfigUser,
    ) -> Result<Self, Error> {
        check_line("cluster name", &names.cluster)?;
        check_line("context name", &names.context)?;
        check_line("user name", &names.user)?;
        if let Some(namespace) = names.namespace.as_ref().filter(|text| !is_namespace(text)) {
            let shown = redact::quote(namespace, 60);
            return Err(
                Error::new(ErrorCode::InvalidKubeconfig, format!("`{shown}` is no namespace"))
                    .with_hint("pass lower-case letters, digits and hyphens, 63 characters at most, or leave it out"),
            );
        }
        let server = url_rules::base_url("kubernetes", server)
            .map_err(|error| error.with_hint("pass the API server's https URL, such as `https://203.0.113.5`"))?;
        if let Some(text) = ca_certificate {
            certificate::check("the certificate authority", text)?;
        }
        user.check()?;
        Ok(Self {
            names,
            server,
            ca_certificate: ca_certificate.map(str::to_owned),
            user,
        })
    }

    /// The file as `kubectl` writes it, for a path that only its owner can read.
    #[must_use]
    pub fn to_yaml(&self) -> Secret {
        Secret::new(self.whole().to_yaml())
    }

    /// The same in JSON, which `kubectl` reads as well.
    #[must_use]
    pub fn to_json(&self) -> Secret {
        Secret::new(self.whole().0.to_string())
    }

    /// An existing kubeconfig (YAML or JSON; may be empty) with this one in it, as YAML: entries of the same names are
    /// replaced, all else is kept but its comments, and the context becomes the current one.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidKubeconfig`] if the text is no kubeconfig.
    pub fn merged_into(&self, existing: &str) -> Result<Secret, Error> {
        let mut document = merge::read(existing)?;
        self.put_into(&mut document)?;
        Ok(Secret::new(document.to_yaml()))
    }

    fn whole(&self) -> Document {
        let mut document = merge::empty();
        // Into an empty kubeconfig, everything fits.
        let _ = self.put_into(&mut document);
        document
    }

    fn put_into(&self, document: &mut Document) -> Result<(), Error> {
        let names = &self.names;
        let mut cluster = json!({ "server": self.server });
        if let Some(text) = &self.ca_certificate {
            insert(
                &mut cluster,
                "certificate-authority-data",
                &Base64::encode_string(text.as_bytes()),
            );
        }
        let mut context = json!({ "cluster": names.cluster, "user": names.user });
        if let Some(namespace) = &names.namespace {
            insert(&mut context, "namespace", namespace);
        }
        merge::put(document, "clusters", "cluster", &names.cluster, cluster)?;
        merge::put(document, "users", "user", &names.user, self.user.to_value())?;
        merge::put(document, "contexts", "context", &names.context, context)?;
        insert(&mut document.0, "current-context", &names.context);
        Ok(())
    }
}

fn insert(object: &mut Value, name: &str, text: &str) {
    if let Value::Object(fields) = object {
        fields.insert(name.to_owned(), Value::String(text.to_owned()));
    }
}
