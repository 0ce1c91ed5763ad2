//! A service account's key: sign a JWT, exchange it.

use std::fmt;

use super::{Context, Progress, Source};
use crate::effect::{Action, Outcome};
use crate::error::Error;
use crate::exchange;
use crate::jwt::{JwtOptions, Lifetime, SigningInput};
use crate::key::ServiceAccountKey;
use crate::secret::Secret;
use crate::signer::Ps256Signer;

/// Who makes the signature.
pub enum Signing {
    /// A signer in this process.
    Inside(Box<dyn Ps256Signer>),
    /// The host, by the effect [`Action::Sign`]: a platform's own cryptography, a KMS.
    Outside,
}

impl fmt::Debug for Signing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inside(_) => "Inside",
            Self::Outside => "Outside",
        })
    }
}

/// Exchanges JWTs signed with a service account's key.
#[cfg_attr(not(target_family = "wasm"), derive(Debug))]
pub struct ServiceAccountSource {
    key: ServiceAccountKey,
    signing: Signing,
    unsigned: Option<SigningInput>,
}

impl ServiceAccountSource {
    /// A source that signs in this process, where a feature of this crate brings a signer; else outside.
    ///
    /// # Errors
    /// [`ErrorCode::InconsistentKey`](crate::ErrorCode::InconsistentKey) if the signer refuses the key.
    pub fn new(key: ServiceAccountKey) -> Result<Self, Error> {
        #[cfg(any(feature = "aws-lc", feature = "rust-crypto"))]
        let signing = Signing::Inside(Box::new(key.signer()?));
        #[cfg(not(any(feature = "aws-lc", feature = "rust-crypto")))]
        let signing = Signing::Outside;
        Ok(Self::with_signing(key, signing))
    }

    /// A source with a signer of the caller's choice.
    #[must_use]
    pub fn with_signing(key: ServiceAccountKey, signing: Signing) -> Self {
        Self {
            key,
            signing,
            unsigned: None,
        }
    }

    fn exchange(context: Context<'_>, jwt: &Secret) -> Progress {
        Progress::Perform(Action::Http(exchange::jwt_request(context.endpoints, jwt)))
    }
}

impl Source for ServiceAccountSource {
    fn start(&mut self, context: Context<'_>) -> Result<Progress, Error> {
        let audience = context.endpoints.audience();
        let options = JwtOptions {
            now: context.now,
            lifetime: Lifetime::MAX,
            audience: &audience,
        };
        let input = SigningInput::new(&self.key, &options)?;
        match &self.signing {
            Signing::Inside(signer) => {
                let jwt = input.assemble(&signer.sign(input.as_str().as_bytes())?)?;
                Ok(Self::exchange(context, &jwt))
            }
            Signing::Outside => {
                self.unsigned = Some(input.clone());
                Ok(Progress::Perform(Action::Sign(input)))
            }
        }
    }

    fn resume(&mut self, context: Context<'_>, outcome: Outcome) -> Result<Progress, Error> {
        match (outcome, self.unsigned.take()) {
            (Outcome::Signature(signature), Some(input)) => Ok(Self::exchange(context, &input.assemble(&signature)?)),
            (Outcome::Response(response), _) => exchange::read_token(&response, context.now).map(Progress::Done),
            (outcome, _) => Err(outcome.unexpected()),
        }
    }

    fn signing_key(&self) -> Option<&ServiceAccountKey> {
        Some(&self.key)
    }
}
