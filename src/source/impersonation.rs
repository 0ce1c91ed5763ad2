//! Another service account, through credentials that may act as it.
//!
//! `yandex.cloud.iam.v1.IamTokenService.CreateForServiceAccount` of the public API definitions.

use super::{Context, Progress, Source};
use crate::credential;
use crate::effect::{Action, Outcome};
use crate::error::{Error, ErrorCode};
use crate::exchange;
use crate::key::ServiceAccountKey;
use crate::refresh::{Freshness, Schedule};
use crate::token::AccessToken;

const HINT: &str =
    "give the account that asks the role `iam.serviceAccounts.tokenCreator` for this service account, and check its ID";

/// Gets a token from another source first, and trades it for one of the service account.
#[cfg_attr(not(target_family = "wasm"), derive(Debug))]
pub struct ImpersonationSource {
    service_account_id: String,
    through: Box<dyn Source>,
    own: Option<AccessToken>,
    trading: bool,
}

impl ImpersonationSource {
    /// A source for this service account, through that source.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] if this is no service account's ID.
    pub fn new(service_account_id: &str, through: impl Source + 'static) -> Result<Self, Error> {
        Ok(Self {
            service_account_id: credential::identifier("service_account_id", service_account_id)?,
            through: Box::new(through),
            own: None,
            trading: false,
        })
    }

    fn go_on(&mut self, context: Context<'_>, progress: Progress) -> Progress {
        match progress {
            Progress::Done(token) => self.trade(context, token),
            perform => perform,
        }
    }

    fn trade(&mut self, context: Context<'_>, token: AccessToken) -> Progress {
        self.trading = true;
        let request = exchange::impersonation_request(context.endpoints, &token, &self.service_account_id);
        self.own = Some(token);
        Progress::Perform(Action::Http(request))
    }
}

impl Source for ImpersonationSource {
    fn start(&mut self, context: Context<'_>) -> Result<Progress, Error> {
        self.trading = false;
        // A second try of the trade needs no second token to trade with. How long a token of one's own is good for is the
        // inner source's to say; what the trade brings is an IAM token like any other.
        let interval = self.through.renewal_interval_millis();
        if let Some(token) = self.own.take()
            && Schedule::with_renewal_interval(&token, 0, interval).freshness(context.now) == Freshness::Fresh
        {
            return Ok(self.trade(context, token));
        }
        let progress = self.through.start(context)?;
        Ok(self.go_on(context, progress))
    }

    fn resume(&mut self, context: Context<'_>, outcome: Outcome) -> Result<Progress, Error> {
        if !self.trading {
            let progress = self.through.resume(context, outcome)?;
            return Ok(self.go_on(context, progress));
        }
        let Outcome::Response(response) = outcome else {
            return Err(outcome.unexpected());
        };
        let result = exchange::read_token(&response, context.now).map_err(|error| self.failed(error));
        if let Err(error) = &result
            && error.code() == ErrorCode::Unauthenticated
        {
            self.own = None;
            self.through.refused();
        }
        result
            .map(Progress::Done)
            .map_err(|error| error.with_hint_if_refused(HINT))
    }

    fn failed(&mut self, error: Error) -> Error {
        match &self.own {
            Some(token) if self.trading => error.hiding(token.value.expose()),
            _ if self.trading => error,
            _ => self.through.failed(error),
        }
    }

    fn signing_key(&self) -> Option<&ServiceAccountKey> {
        self.through.signing_key()
    }
}
