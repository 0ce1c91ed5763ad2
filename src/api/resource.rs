//! What the resources of the workload API have in common: create, get, list, update and delete are the same for all.

use std::fmt;
use std::marker::PhantomData;

use serde_json::Value;

use super::answer::Answer;
use super::fields;
use super::operations::{Looks, Operation};
use super::task::{Method, Next, read_object, with_json, with_query, without_body};
use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorCode};
use crate::http::{Request, Response};
use crate::json;
use crate::timestamp::UnixTime;

/// The largest page that the service gives.
const MAX_PAGE_SIZE: u32 = 1000;

/// So many pages are read, and no more: a service that never ends its list must not fill the memory.
const MAX_PAGES: u32 = 100;

/// So many items are taken, and no more: as many as the pages that are read should have.
const MAX_ITEMS: usize = 100_000;

const MAX_PAGE_TOKEN_LEN: usize = 2000;

/// A kind of resource.
pub(super) trait Resource: Sized + fmt::Debug + Send + Sync + 'static {
    /// The path of the collection below the IAM endpoint.
    const PATH: &'static str;
    /// The field that holds the items of a page.
    const ITEMS: &'static str;
    /// What to do for someone whom the service refused.
    const HINT: &'static str;

    fn read(object: &Value) -> Result<Self, Error>;
    fn answer(self) -> Answer;
    fn page(items: Vec<Self>, next_page_token: Option<String>) -> Answer;
}

fn url<R: Resource>(endpoints: &Endpoints) -> String {
    format!("{}{}", endpoints.iam(), R::PATH)
}

/// Reads one by its ID, which was checked.
#[derive(Debug)]
pub(super) struct Get<R>(String, PhantomData<R>);

impl<R> Get<R> {
    pub(super) fn new(id: String) -> Self {
        Self(id, PhantomData)
    }
}

impl<R: Resource> Method for Get<R> {
    fn request(&self, endpoints: &Endpoints) -> Request {
        without_body("GET", format!("{}/{}", url::<R>(endpoints), self.0))
    }

    fn read(&mut self, response: &Response, now: UnixTime) -> Result<Next, Error> {
        Ok(Next::Done(read_object(response, now, R::read)?.answer()))
    }

    fn hint(&self) -> &'static str {
        R::HINT
    }
}

/// Which page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageOptions {
    /// How many items it may have, 1 to 1000; by default as many as the service likes, which is 100.
    pub size: Option<u32>,
    /// The `next_page_token` of the page before; none for the first.
    pub token: Option<String>,
}

impl PageOptions {
    fn check(&self) -> Result<(), Error> {
        if let Some(size) = self.size
            && !(1..=MAX_PAGE_SIZE).contains(&size)
        {
            let message = format!("`page_size` is {size}");
            return Err(Error::new(ErrorCode::InvalidArgument, message).with_hint("pass a number from 1 to 1000"));
        }
        let token_len = self.token.as_deref().map_or(1, str::len);
        if !(1..=MAX_PAGE_TOKEN_LEN).contains(&token_len) {
            let message = format!("`page_token` has {token_len} bytes");
            return Err(Error::new(ErrorCode::InvalidArgument, message)
                .with_hint("pass the `next_page_token` of the page before, or leave it out for the first"));
        }
        Ok(())
    }
}

/// Reads a list: one page, or all of them.
#[derive(Debug)]
pub(super) struct List<R> {
    /// What the list is of: a parameter's name and an ID, which was checked.
    of: (&'static str, String),
    page: PageOptions,
    /// What was read so far, where all pages are wanted.
    all: Option<Vec<R>>,
    pages_read: u32,
}

impl<R: Resource> List<R> {
    pub(super) fn all(of: (&'static str, String)) -> Self {
        let page = PageOptions {
            size: Some(MAX_PAGE_SIZE),
            token: None,
        };
        Self {
            of,
            page,
            all: Some(Vec::new()),
            pages_read: 0,
        }
    }

    pub(super) fn page(of: (&'static str, String), page: PageOptions) -> Result<Self, Error> {
        page.check()?;
        Ok(Self {
            of,
            page,
            all: None,
            pages_read: 0,
        })
    }
}

impl<R: Resource> Method for List<R> {
    fn request(&self, endpoints: &Endpoints) -> Request {
        let size = self.page.size.map(|size| size.to_string());
        let query = [
            (self.of.0, Some(self.of.1.as_str())),
            ("pageSize", size.as_deref()),
            ("pageToken", self.page.token.as_deref()),
        ];
        without_body("GET", with_query(url::<R>(endpoints), &query))
    }

    fn read(&mut self, response: &Response, now: UnixTime) -> Result<Next, Error> {
        let (items, next) = read_object(response, now, |answer| {
            let items = fields::list(answer, "the answer", R::ITEMS)?;
            let items = items.iter().map(R::read).collect::<Result<Vec<R>, _>>()?;
            Ok((items, fields::text(answer, "the answer", "nextPageToken")?))
        })?;
        let next = Some(next).filter(|token| !token.is_empty());
        let Some(all) = &mut self.all else {
            return Ok(Next::Done(R::page(items, next)));
        };
        all.extend(items);
        self.pages_read += 1;
        if next.is_none() {
            return Ok(Next::Done(R::page(std::mem::take(all), None)));
        }
        if next == self.page.token || self.pages_read >= MAX_PAGES || all.len() > MAX_ITEMS {
            return Err(json::invalid_response("the service's list has no end".to_owned()).with_status(response.status));
        }
        let token_len = next.as_deref().map_or(0, str::len);
        if token_len > MAX_PAGE_TOKEN_LEN {
            let message = format!("the answer has a `nextPageToken` of {token_len} bytes");
            return Err(json::invalid_response(message).with_status(response.status));
        }
        self.page.token = next;
        Ok(Next::Request { after_millis: 0 })
    }

    fn hint(&self) -> &'static str {
        R::HINT
    }
}

/// Changes something and waits until it is done.
#[derive(Debug)]
pub(super) struct Change<R> {
    method: &'static str,
    /// What is changed; none if it is new.
    id: Option<String>,
    body: Option<String>,
    looks: Option<Looks>,
    resource: PhantomData<R>,
}

impl<R: Resource> Change<R> {
    pub(super) fn create(body: String) -> Self {
        Self::new("POST", None, Some(body))
    }

    pub(super) fn update(id: String, body: String) -> Self {
        Self::new("PATCH", Some(id), Some(body))
    }

    pub(super) fn delete(id: String) -> Self {
        Self::new("DELETE", Some(id), None)
    }

    fn new(method: &'static str, id: Option<String>, body: Option<String>) -> Self {
        Self {
            method,
            id,
            body,
            looks: None,
            resource: PhantomData,
        }
    }
}

impl<R: Resource> Method for Change<R> {
    fn request(&self, endpoints: &Endpoints) -> Request {
        if let Some(looks) = &self.looks {
            return looks.request(endpoints);
        }
        let mut url = url::<R>(endpoints);
        if let Some(id) = &self.id {
            url = format!("{url}/{id}");
        }
        match &self.body {
            Some(body) => with_json(self.method, url, body.clone()),
            None => without_body(self.method, url),
        }
    }

    fn read(&mut self, response: &Response, now: UnixTime) -> Result<Next, Error> {
        let operation = read_object(response, now, Operation::read)?;
        let looks = self.looks.get_or_insert_with(|| Looks::at(operation.id.clone()));
        let operation = match looks.judge(operation)? {
            Ok(operation) => operation,
            Err(next) => return Ok(next),
        };
        if self.method == "DELETE" {
            return Ok(Next::Done(Answer::Nothing));
        }
        let made = operation.response.as_deref().unwrap_or_default();
        let made: Value = serde_json::from_str(made).map_err(|_| {
            json::invalid_response("the operation is done and has no `response`".to_owned())
                .with_status(response.status)
        })?;
        let made = R::read(&made).map_err(|error| error.with_status(response.status))?;
        Ok(Next::Done(made.answer()))
    }

    fn hint(&self) -> &'static str {
        R::HINT
    }

    fn is_change(&self) -> bool {
        self.looks.is_none()
    }

    fn patience_millis(&self) -> i64 {
        Looks::patience_millis()
    }

    fn impatience(&self) -> Option<Error> {
        self.looks.as_ref().map(Looks::impatience)
    }

    fn operation_id(&self) -> Option<&str> {
        self.looks.as_ref().map(Looks::id)
    }
}
