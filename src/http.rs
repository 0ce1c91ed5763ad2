//! Requests and responses as plain data. A host sends the one and hands the other back; nothing here touches a network.

use std::borrow::Cow;
use std::fmt;

use crate::secret::Secret;

/// An HTTP request, complete: a host adds nothing to it.
///
/// It must not follow redirects, because the body or a header holds a credential.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST` or another method of RFC 9110.
    pub method: &'static str,
    /// An absolute URL.
    pub url: String,
    /// Header names in lower case.
    pub headers: Vec<(Cow<'static, str>, Secret)>,
    /// The body, where the method has one; UTF-8.
    pub body: Option<Secret>,
    /// After how many milliseconds without a whole answer to give up.
    pub timeout_millis: u32,
    /// Whether the environment's proxy settings apply.
    pub use_proxy: bool,
    /// PEM certificates of the authorities that may prove who the server is, and no others; without it, those that the
    /// host trusts. The proof is never left out.
    pub ca_certificate: Option<String>,
}

/// A request takes no longer than this, in milliseconds.
const TIMEOUT_MILLIS: u32 = 10_000;

pub(crate) fn user_agent() -> (Cow<'static, str>, Secret) {
    let value = concat!("yc-iam/", env!("CARGO_PKG_VERSION"));
    ("user-agent".into(), Secret::new(value.to_owned()))
}

impl Request {
    /// A request to a service that answers with JSON; a body comes with its media type.
    pub(crate) fn to_service(method: &'static str, url: String, body: Option<(&str, String)>) -> Self {
        let mut headers = vec![
            ("accept".into(), Secret::new("application/json".to_owned())),
            user_agent(),
        ];
        if let Some((media_type, _)) = &body {
            headers.insert(0, ("content-type".into(), Secret::new((*media_type).to_owned())));
        }
        Self {
            method,
            // Plain http is for loopback addresses, which are another machine's behind a proxy.
            use_proxy: url.starts_with("https://"),
            url,
            headers,
            body: body.map(|(_, body)| Secret::new(body)),
            timeout_millis: TIMEOUT_MILLIS,
            ca_certificate: None,
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &self.headers)
            .field("body", &self.body)
            .field("timeout_millis", &self.timeout_millis)
            .field("use_proxy", &self.use_proxy)
            .field("ca_certificate", &self.ca_certificate.is_some())
            .finish()
    }
}

/// Methods of requests (RFC 9110, section 9).
pub(crate) mod method {
    use crate::error::{Error, ErrorCode};
    use crate::redact;

    const ALL: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

    /// The method of this name, whatever its case.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for any other name.
    pub(crate) fn known(name: &str) -> Result<&'static str, Error> {
        let found = ALL.iter().find(|method| method.eq_ignore_ascii_case(name)).copied();
        found.ok_or_else(|| {
            let message = format!("`{}` is no method of HTTP that is sent here", redact::quote(name, 20));
            Error::new(ErrorCode::InvalidArgument, message).with_hint(format!("pass one of {}", ALL.join(", ")))
        })
    }
}

/// An HTTP response as it came: nothing judged, nothing decoded but the content coding.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header names in any case.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of this name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field(
                "headers",
                &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            )
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .finish()
    }
}
