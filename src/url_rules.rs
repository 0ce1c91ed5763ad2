//! Which URLs a credential may travel to.

use core::net::{IpAddr, Ipv4Addr};

use crate::error::{Error, ErrorCode};
use crate::{redact, search};

/// Checks a base URL and takes the slash off its end.
pub(crate) fn base_url(service: &str, url: &str) -> Result<String, Error> {
    let invalid = |problem: &str| {
        Error::new(
            ErrorCode::InvalidEndpoint,
            format!("the `{service}` endpoint {problem}"),
        )
        .with_hint("pass a base URL such as `https://iam.api.cloud.yandex.net`")
    };
    let url = url.trim_end_matches('/');
    // Anything that could smuggle a second authority, a header or a query past the checks below is refused.
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/[]".contains(&b);
    if !url.bytes().all(plain) {
        return Err(invalid(
            "is not a plain URL: no user name, query, fragment or white space belongs in it",
        ));
    }
    let (scheme, rest) = search::split_once(url, "://").ok_or_else(|| invalid("has no `https://`"))?;
    let mut segments = rest.split('/');
    let authority = segments.next().unwrap_or_default();
    let host = host_of(authority).ok_or_else(|| invalid("has no valid host and port"))?;
    // HTTP clients would rewrite such paths, and the JWT's audience would no longer be the URL that it is sent to.
    if segments.any(|segment| matches!(segment, "" | "." | "..")) {
        return Err(invalid("has an empty, `.` or `..` part in its path"));
    }
    match scheme {
        "https" => Ok(url.to_owned()),
        "http" if may_be_plain(service, host) => Ok(url.to_owned()),
        "http" => Err(Error::new(
            ErrorCode::InsecureEndpoint,
            format!("the `{service}` endpoint `{url}` is not https"),
        )
        .with_hint("credentials travel to it: use https, or a loopback address for tests")),
        _ => Err(invalid("is neither https nor http")),
    }
}

/// The host of `host`, `host:port`, `[ipv6]` or `[ipv6]:port`.
pub(crate) fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(bracketed) => {
            let (host, after) = bracketed.split_once(']')?;
            host.parse::<core::net::Ipv6Addr>().ok()?;
            (
                host,
                if after.is_empty() {
                    None
                } else {
                    Some(after.strip_prefix(':')?)
                },
            )
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let port_is_good = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    (!host.is_empty() && !host.contains(['[', ']']) && port_is_good).then_some(host)
}

/// Whether this is printable ASCII with a scheme and an authority that every client reads alike: no user name, and no
/// backslash, which some take for a slash.
pub(crate) fn is_plain(url: &str) -> bool {
    let authority = authority_of(url).1;
    url.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && host_of(authority).is_some_and(|host| !host.contains('@'))
}

/// The scheme and the authority (RFC 3986, section 3), empty where there is none.
fn authority_of(url: &str) -> (&str, &str) {
    let (scheme, rest) = search::split_once(url, "://").unwrap_or_default();
    (scheme, rest.split(['/', '?', '#']).next().unwrap_or_default())
}

/// Whether a bearer token may travel to this URL: over https, or over plain http to a loopback address.
///
/// # Errors
/// [`ErrorCode::InsecureEndpoint`] if it may not.
pub fn check_bearer_url(url: &str) -> Result<(), Error> {
    let (scheme, authority) = authority_of(url);
    // What a client makes of a backslash or a user name is not what stands here.
    let host = host_of(authority).filter(|host| !host.contains(['@', '\\']));
    if scheme == "https" && host.is_some() || scheme == "http" && host.is_some_and(|host| may_be_plain("", host)) {
        return Ok(());
    }
    if authority.contains(['@', '\\']) {
        let message = "a token is not sent to a URL with a user name or a backslash before its path";
        return Err(Error::new(ErrorCode::InsecureEndpoint, message)
            .with_hint("take it out of the URL: the token says who asks"));
    }
    if authority.is_empty() {
        let message = "a token is sent to an absolute URL only, and this one has no scheme or no host";
        return Err(Error::new(ErrorCode::InsecureEndpoint, message)
            .with_hint("pass the whole URL, from `https://` on; http does for a loopback address"));
    }
    let shown = redact::quote(authority, 100);
    Err(Error::new(
        ErrorCode::InsecureEndpoint,
        format!("a token is not sent to `{shown}`, which is not reached by https"),
    )
    .with_hint("use https, or a loopback address for tests"))
}

/// Whether a subject token may be asked for at this URL: over https, or over plain http at a loopback or the link-local
/// metadata address.
pub(crate) fn check_token_url(url: &str) -> Result<(), Error> {
    let (scheme, rest) = search::split_once(url, "://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let printable = url.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'#');
    let host = host_of(authority).filter(|host| printable && !host.contains('@'));
    let (code, problem) = match (scheme, host) {
        ("https", Some(_)) => return Ok(()),
        ("http", Some(host)) if may_be_plain("metadata", host) => return Ok(()),
        ("http", Some(_)) => (ErrorCode::InsecureEndpoint, "is not https"),
        _ => (
            ErrorCode::InvalidEndpoint,
            "is not an absolute URL without a user name and a fragment",
        ),
    };
    Err(Error::new(code, format!("the subject token's URL {problem}"))
        .with_hint("pass an https URL, or http on a loopback or the link-local metadata address"))
}

fn may_be_plain(service: &str, host: &str) -> bool {
    const METADATA: IpAddr = IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254));
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback() || (service == "metadata" && address == METADATA),
        Err(_) => host == "localhost",
    }
}
