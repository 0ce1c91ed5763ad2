//! Ending IAM tokens before their time.

use super::answer::Answer;
use super::task::{Method, Next, Task, read_object, with_json};
use crate::credential::{self, Kind};
use crate::endpoints::Endpoints;
use crate::error::Error;
use crate::http::{Request, Response};
use crate::json;
use crate::secret::Secret;
use crate::timestamp::UnixTime;

const MAX_LEN: usize = 4096;

/// Ends an IAM token at once: [`Answer::Subject`], the ID of the account that it was for. Calls
/// `yandex.cloud.iam.v1.IamTokenService.Revoke`.
///
/// After an answer that was lost it asks again, and the service may then refuse a token that the first try has ended.
///
/// # Errors
/// [`ErrorCode::InvalidCredential`](crate::ErrorCode::InvalidCredential) for what cannot be an IAM token.
pub fn revoke(token: &str) -> Result<Task, Error> {
    Ok(Task::new(Revoke(credential::check(Kind::Iam, token, MAX_LEN)?)))
}

#[derive(Debug)]
struct Revoke(Secret);

impl Method for Revoke {
    fn request(&self, endpoints: &Endpoints) -> Request {
        let body = json::object(&[("iamToken", json::string(self.0.expose()))]);
        with_json("POST", format!("{}:revoke", endpoints.tokens_url()), body)
    }

    fn read(&mut self, response: &Response, now: UnixTime) -> Result<Next, Error> {
        let subject = read_object(response, now, |answer| {
            json::required_str(answer, "subjectId").map(str::to_owned)
        })
        .map_err(|error| error.hiding(self.0.expose()))?;
        Ok(Next::Done(Answer::Subject(subject)))
    }

    fn hint(&self) -> &'static str {
        "check that the token is still good: one that has ended needs no revoking"
    }
}
