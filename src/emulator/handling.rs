//! A request's way through the emulator: the orders that strike it, the verdict, the record.

use super::faults::FaultKind;
use super::record::{Received, Verdict};
use super::routes::Service;
use super::status::Head;
use super::wire::{Delivery, IncomingRequest, Reply};
use super::{Emulator, view};
use crate::http::Response;
use crate::timestamp::UnixTime;

impl Emulator {
    /// Answers a request that arrived at `now`, by the caller's clock, and records it.
    pub fn handle(&mut self, request: &IncomingRequest, now: UnixTime) -> Reply {
        self.answer(request, now, Self::judge, Head::ordered_status)
    }

    /// What every server of this emulator does with a request, judged by one of them.
    pub(super) fn answer(
        &mut self,
        request: &IncomingRequest,
        now: UnixTime,
        judge: fn(&mut Self, &IncomingRequest, &Head) -> (Verdict, Response),
        ordered_status: fn(&Head, u16, Option<&str>) -> Response,
    ) -> Reply {
        let struck = self.orders.strike(request.path());
        let head = Head {
            request_id: self.ids.request(),
            now: self.clock(now, struck.clock_offset),
        };
        let (verdict, response) = match &struck.answer {
            Some(fault @ FaultKind::Status { status, retry_after }) => (
                Verdict::NotJudged(fault.describe()),
                ordered_status(&head, *status, retry_after.as_deref()),
            ),
            Some(fault @ FaultKind::Html { status }) => {
                (Verdict::NotJudged(fault.describe()), head.ordered_page(*status))
            }
            _ => judge(self, request, &head),
        };
        let delivery = match &struck.answer {
            Some(FaultKind::Truncated) => Delivery::Truncated(response.body.len() / 2),
            Some(FaultKind::Dropped) => Delivery::Dropped,
            _ => Delivery::Whole,
        };
        self.note(request, &head, verdict, &response, struck.descriptions);
        Reply {
            response,
            delay_millis: struck.delay_millis,
            delivery,
        }
    }

    /// Whose token the value of an `Authorization` header holds: the service account's ID.
    ///
    /// # Errors
    /// The answer with status 401, where the token is missing, unknown, revoked or expired.
    pub fn check_bearer(&self, authorization: &str, now: UnixTime) -> Result<String, Response> {
        let head = Head {
            request_id: self.ids.check(now),
            now: self.clock(now, 0),
        };
        match self.tokens.subject(Some(authorization), head.now) {
            Ok(subject) => Ok(subject.to_owned()),
            Err(refusal) => Err(head.refusal(&refusal)),
        }
    }

    /// The emulator's clock at the caller's `now`.
    pub(super) fn clock(&self, now: UnixTime, ordered_offset: i64) -> UnixTime {
        now.plus_millis(
            self.options
                .clock_offset
                .saturating_add(ordered_offset)
                .saturating_mul(1000),
        )
    }

    fn judge(&mut self, request: &IncomingRequest, head: &Head) -> (Verdict, Response) {
        let mut service = Service {
            options: &self.options,
            registry: &self.registry,
            workloads: &mut self.workloads,
            operations: &mut self.operations,
            access: &self.access,
            secrets: &self.secrets,
            attached: self.attached.as_deref(),
            tokens: &mut self.tokens,
            ids: &mut self.ids,
            now: head.now,
        };
        match service.route(request) {
            Ok(accepted) => (Verdict::Accepted(accepted.subject), head.json(200, &accepted.body)),
            Err(refusal) => (Verdict::Refused(refusal.reason()), head.refusal(&refusal)),
        }
    }

    fn note(
        &mut self,
        request: &IncomingRequest,
        head: &Head,
        verdict: Verdict,
        response: &Response,
        faults: Vec<String>,
    ) {
        if self.options.requests_kept == 0 {
            return;
        }
        let (jwt_header, jwt_claims) = view::jwt(request);
        let request_id = response.header("x-request-id").or_else(|| response.header("audit-id"));
        let received = Received {
            at: head.now,
            method: crate::redact::redact(&request.method),
            target: crate::redact::redact(&request.target),
            headers: view::headers(request),
            body: view::body(request),
            jwt_header,
            jwt_claims,
            verdict: verdict.redacted(),
            status: response.status,
            request_id: request_id.unwrap_or_default().to_owned(),
            faults,
        };
        self.record.add(received, self.options.requests_kept);
    }
}
