use super::Error;
use crate::url_rules;

/// Where a request goes: an absolute URL in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whether TLS comes first: `https`.
    pub secure: bool,
    /// A name, or an IP address without brackets.
    pub host: String,
    /// The URL's, or else 443 or 80.
    pub port: u16,
    /// What a `Host` header says: the host, and the port unless it is the scheme's own (RFC 9110, section 7.2).
    pub authority: String,
    /// Path and query as they stand in a request line (RFC 9112, section 3.2.1).
    pub path: String,
}

impl Target {
    /// Reads an `http` or `https` URL of printable ASCII without a user name. A fragment is not sent.
    ///
    /// # Errors
    /// [`Error::Request`] for any other.
    pub fn parse(url: &str) -> Result<Self, Error> {
        const WRONG: Error =
            Error::Request("its URL is not http:// or https:// with a host, in ASCII, without a user name");
        let plain = if url_rules::is_plain(url) { Some(url) } else { None };
        let (scheme, rest) = plain.and_then(|url| url.split_once("://")).ok_or(WRONG)?;
        let secure = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(WRONG),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).ok_or(WRONG)?;
        let host = url_rules::host_of(authority).ok_or(WRONG)?;
        let given = match authority.rsplit_once(':') {
            Some((_, port)) if !port.ends_with(']') => Some(port.parse().map_err(|_| WRONG)?),
            _ => None,
        };
        let usual = if secure { 443 } else { 80 };
        let port = given.unwrap_or(usual);
        let bracketed = if host.contains(':') {
            format!("[{host}]")
        } else {
            host.to_owned()
        };
        Ok(Self {
            secure,
            host: host.to_owned(),
            port,
            authority: if port == usual {
                bracketed
            } else {
                format!("{bracketed}:{port}")
            },
            path: if path.starts_with('/') {
                path.to_owned()
            } else {
                format!("/{path}")
            },
        })
    }

    /// Host and port, both always: what a proxy is asked to connect to (RFC 9110, section 9.3.6).
    pub(super) fn authority_with_port(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// What a proxy is asked for that passes on plain requests (RFC 9112, section 3.2.2).
    pub(super) fn absolute(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}{}", self.authority, self.path)
    }
}
