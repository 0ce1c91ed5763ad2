//! HTTP/1.1 as bytes: what is sent, and answers whole, in pieces, broken off, and wrong.

#![cfg(feature = "http1")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use yc_iam::Response;
use yc_iam::http1::{Error, ResponseReader, Target, connect_bytes, request_bytes};

const MOST: usize = 1000;

/// In pieces of this size, and then the connection ends.
fn read(method: &str, bytes: &[u8], piece: usize) -> Result<Response, Error> {
    let mut reader = ResponseReader::new(method, MOST);
    for piece in bytes.chunks(piece) {
        if let Some(response) = reader.feed(piece)? {
            return Ok(response);
        }
    }
    reader
        .feed(b"")
        .map(|response| response.expect("no answer and no error at the end"))
}

fn in_all_pieces(method: &str, bytes: &[u8]) -> Result<Response, Error> {
    let whole = read(method, bytes, bytes.len().max(1));
    for piece in 1..bytes.len() {
        assert_eq!(read(method, bytes, piece), whole, "in pieces of {piece}");
    }
    whole
}

fn body(bytes: &str) -> String {
    String::from_utf8(in_all_pieces("GET", bytes.as_bytes()).unwrap().body).unwrap()
}

fn error(bytes: &str) -> Error {
    in_all_pieces("GET", bytes.as_bytes()).unwrap_err()
}

#[test]
fn a_reader_shows_nothing_of_an_answer() {
    let mut reader = ResponseReader::new("GET", MOST);
    assert_eq!(
        reader.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nt1.mark"),
        Ok(None)
    );
    assert_eq!(format!("{reader:?}"), "ResponseReader { .. }");
}

#[test]
fn the_end_of_a_body() {
    assert_eq!(body("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc"), "abc");
    assert_eq!(body("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc and more"), "abc");
    assert_eq!(body("HTTP/1.0 200 OK\r\n\r\nuntil it closes"), "until it closes");
    assert_eq!(body("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"), "");
    assert_eq!(
        body("HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\ncontent-length: 2\r\n\r\nab"),
        "ab"
    );
    assert_eq!(body("HTTP/1.1 204 No Content\r\ncontent-length: 9\r\n\r\n"), "");
    assert_eq!(body("HTTP/1.1 304 Not Modified\r\n\r\n"), "");
    assert_eq!(body("HTTP/1.1 200 OK\ncontent-length: 2\n\nab"), "ab");
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\nContent-Length: 1\r\n\r\n";
    assert_eq!(
        body(&format!(
            "{chunked}3\r\nabc\r\n2;x=\"y\"\r\nde\r\n0\r\nlate: yes\r\n\r\n"
        )),
        "abcde"
    );
    assert_eq!(
        body(&format!("{chunked}A\r\n0123456789\r\n00\r\n\r\nwhat follows")),
        "0123456789"
    );
    assert_eq!(body(&format!("{chunked}1\r\na\r\n0\r\n")), "a");
    assert_eq!(
        body("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked, gzip\r\n\r\n3\r\nabc"),
        "3\r\nabc"
    );
}

#[test]
fn nobody_waits_for_a_connection_to_end() {
    for (method, answer) in [
        ("GET", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc"),
        ("GET", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
        ("GET", "HTTP/1.1 204 No Content\r\n\r\n"),
        ("HEAD", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n"),
        ("CONNECT", "HTTP/1.1 200 OK\r\n\r\n"),
        ("CONNECT", "HTTP/1.1 299 OK\r\n\r\n"),
        (
            "GET",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        ),
        (
            "GET",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\na: b\r\nc: d\r\n\r\n",
        ),
    ] {
        for piece in 1..=answer.len() {
            let mut reader = ResponseReader::new(method, MOST);
            let mut pieces = answer.as_bytes().chunks(piece).peekable();
            while let Some(bytes) = pieces.next() {
                let is_there = reader.feed(bytes).unwrap().is_some();
                assert_eq!(is_there, pieces.peek().is_none(), "{answer:?} in pieces of {piece}");
            }
        }
    }
}

#[test]
fn as_much_as_is_taken_and_a_byte_more() {
    let whole = |head: &str, before: &str, length: usize, after: &str| {
        let answer = format!("HTTP/1.1 200 OK\r\n{head}\r\n{before}{}{after}", "x".repeat(length));
        read("GET", answer.as_bytes(), answer.len()).map(|response| response.body.len())
    };
    assert_eq!(whole("content-length: 1000\r\n", "", MOST, ""), Ok(MOST));
    assert_eq!(whole("", "", MOST, ""), Ok(MOST));
    assert_eq!(whole("", "", MOST + 1, ""), Err(Error::TooLarge(MOST)));
    let chunked = "transfer-encoding: chunked\r\n";
    assert_eq!(whole(chunked, "3e8\r\n", MOST, "\r\n0\r\n\r\n"), Ok(MOST));
    assert_eq!(
        whole(chunked, "3e9\r\n", MOST + 1, "\r\n0\r\n\r\n"),
        Err(Error::TooLarge(MOST))
    );

    // A head in one piece, and one that has no end yet.
    let head = |length: usize| {
        let start = "HTTP/1.1 204 No Content\r\na: ";
        format!("{start}{}\r\n\r\n", "x".repeat(length - start.len() - 4))
    };
    let fed = |bytes: &str| ResponseReader::new("GET", MOST).feed(bytes.as_bytes());
    assert!(fed(&head(65536)).unwrap().is_some());
    assert!(matches!(fed(&head(65537)), Err(Error::Answer(_))));
    assert_eq!(fed(&head(65537)[..65535]), Ok(None));
    assert!(matches!(fed(&head(65537)[..65536]), Err(Error::Answer(_))));

    let chunks = |line: usize| {
        let start = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        fed(&format!("{start}1;{}", "x".repeat(line - 2)))
    };
    assert_eq!(chunks(16383), Ok(None));
    assert!(matches!(chunks(16384), Err(Error::Answer(_))));
}

#[test]
fn a_head_says_more_than_there_is() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n";
    assert_eq!(in_all_pieces("HEAD", head).unwrap().body, b"");
    assert_eq!(in_all_pieces("CONNECT", head).unwrap().body, b"");
    assert_eq!(in_all_pieces("GET", head).unwrap_err(), Error::BrokenOff);
    let refused = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 2\r\n\r\nno";
    assert_eq!(in_all_pieces("CONNECT", refused).unwrap().body, b"no");
    let redirected = b"HTTP/1.1 300 Multiple Choices\r\ncontent-length: 2\r\n\r\nno";
    assert_eq!(in_all_pieces("CONNECT", redirected).unwrap().body, b"no");
}

#[test]
fn headers_are_kept_as_they_came() {
    let answer = b"HTTP/1.1 418 I'm a teapot\r\nX-A: 1\r\nx-a:  two words \r\nx-b:\r\nx-c: a\r\n b\r\nx-d: \xe9\r\ncontent-length: 0\r\n\r\n";
    let response = in_all_pieces("GET", answer).unwrap();
    assert_eq!(response.status, 418);
    let headers = [
        ("X-A", "1"),
        ("x-a", "two words"),
        ("x-b", ""),
        ("x-c", "a b"),
        ("x-d", "é"),
        ("content-length", "0"),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(response.headers, headers);
}

#[test]
fn information_comes_before_the_answer() {
    let hints = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
    assert_eq!(
        body(&format!("{hints}{hints}HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx")),
        "x"
    );
    assert_eq!(error(hints), Error::BrokenOff);
    let switched = in_all_pieces("GET", b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\nxxx").unwrap();
    assert_eq!((switched.status, switched.body.len()), (101, 0));
}

#[test]
fn what_is_broken_off() {
    for broken in [
        "",
        "HTTP/1.1 200 OK\r\nconten",
        "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nshort",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
    ] {
        assert_eq!(error(broken), Error::BrokenOff, "{broken:?}");
    }
}

#[test]
fn what_is_not_http() {
    for wrong in [
        "SSH-2.0-test\r\n",
        "\0\u{1}\u{2}\r\n\r\n",
        "HTTP/1.1 nonsense\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 044 Not Found\r\n\r\n",
        "HTTP/1.1 099 Early\r\n\r\n",
        "<html>\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\na b: c\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\na",
        "HTTP/1.1 200 OK\r\ncontent-length:\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1, 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\nab",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
    ] {
        assert!(
            matches!(error(wrong), Error::Answer(_)),
            "{wrong:?}: {:?}",
            error(wrong)
        );
    }
}

#[test]
fn nothing_grows_without_end() {
    let refuses = |start: &str, again: &str, expected: fn(&Error) -> bool| {
        let mut reader = ResponseReader::new("GET", MOST);
        assert_eq!(reader.feed(start.as_bytes()), Ok(None));
        let again = again.repeat(500);
        let failure = (0..1000).find_map(|_| reader.feed(again.as_bytes()).err());
        assert!(failure.as_ref().is_some_and(expected), "{start:?}: {failure:?}");
        // It stays at that.
        assert_eq!(reader.feed(b"HTTP/1.1 200 OK\r\n\r\n"), Err(Error::BrokenOff));
    };
    let malformed: fn(&Error) -> bool = |error| matches!(error, Error::Answer(_));
    let large: fn(&Error) -> bool = |error| matches!(error, Error::TooLarge(MOST));
    refuses("HTTP/1.1 200 OK\r\na: ", "x", malformed);
    refuses("HTTP/1.1 200 OK\r\n", "a: b\r\n", malformed);
    refuses("HTTP/1.1 200 OK\r\n\r\n", "x", large);
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    refuses(chunked, "2\r\nab\r\n", large);
    refuses(&format!("{chunked}1;"), "x", malformed);
    refuses(&format!("{chunked}0\r\n"), "x", malformed);
    assert_eq!(
        error("HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n"),
        Error::TooLarge(MOST)
    );
}

fn target(url: &str) -> Target {
    Target::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"))
}

fn headers(given: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    owned.collect()
}

#[test]
fn urls_in_their_parts() {
    let of = |url: &str| {
        let Target {
            secure,
            host,
            port,
            authority,
            path,
        } = target(url);
        (secure, host, port, authority, path)
    };
    let expected = |secure, host: &str, port, authority: &str, path: &str| {
        (secure, host.to_owned(), port, authority.to_owned(), path.to_owned())
    };
    assert_eq!(
        of("https://a.example/x?y=z#part"),
        expected(true, "a.example", 443, "a.example", "/x?y=z")
    );
    assert_eq!(
        of("https://a.example:443"),
        expected(true, "a.example", 443, "a.example", "/")
    );
    assert_eq!(
        of("http://a.example:8080?q"),
        expected(false, "a.example", 8080, "a.example:8080", "/?q")
    );
    assert_eq!(of("http://[::1]/a//b"), expected(false, "::1", 80, "[::1]", "/a//b"));
    assert_eq!(of("https://[::1]:80/"), expected(true, "::1", 80, "[::1]:80", "/"));
    for wrong in [
        "",
        "a.example",
        "ftp://a.example/",
        "https://",
        "https:///x",
        "https://u@a.example/",
        "https://a.example:0/",
        "https://a.example:x/",
        "https://a.example/a b",
        "https://a.example/\r\nx: y",
        "https://ä.example/",
        "https://a\\b/",
    ] {
        assert!(matches!(Target::parse(wrong), Err(Error::Request(_))), "{wrong:?}");
    }
}

#[test]
fn the_bytes_of_a_request() {
    let there = target("https://a.example:8443/p?q");
    let some = headers(&[("content-type", "application/json"), ("authorization", "Bearer t1.x")]);
    let text = |bytes: Result<Vec<u8>, Error>| String::from_utf8(bytes.unwrap()).unwrap();
    assert_eq!(
        text(request_bytes("POST", &there, &some, Some(b"{}"), None)),
        "POST /p?q HTTP/1.1\r\nHost: a.example:8443\r\nAccept-Encoding: identity\r\nContent-Length: 2\r\n\
         content-type: application/json\r\nauthorization: Bearer t1.x\r\n\r\n{}"
    );
    let own = headers(&[("Accept-Encoding", "gzip")]);
    assert_eq!(
        text(request_bytes("GET", &there, &own, None, None)),
        "GET /p?q HTTP/1.1\r\nHost: a.example:8443\r\nAccept-Encoding: gzip\r\n\r\n"
    );
    assert!(text(request_bytes("POST", &there, &[], None, None)).contains("Content-Length: 0\r\n"));
    let proxy = headers(&[("proxy-authorization", "Basic eA==")]);
    assert_eq!(
        text(request_bytes(
            "GET",
            &target("http://a.example"),
            &own,
            None,
            Some(&proxy)
        )),
        "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nAccept-Encoding: gzip\r\nproxy-authorization: Basic eA==\r\n\r\n"
    );
    assert_eq!(
        text(connect_bytes(&target("https://[::1]/x"), &proxy)),
        "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\nproxy-authorization: Basic eA==\r\n\r\n"
    );
    assert_eq!(
        text(connect_bytes(&target("https://a.example/x"), &[])),
        "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n"
    );
}

#[test]
fn nothing_is_smuggled_into_a_request() {
    let there = target("https://a.example/");
    for (name, value) in [
        ("a", "b\r\nc: d"),
        ("a", "b\nc"),
        ("a\r\nb", "c"),
        ("a b", "c"),
        ("", "c"),
        ("a", "\0"),
        ("host", "b.example"),
        ("Content-Length", "5"),
        ("transfer-encoding", "chunked"),
        ("connection", "upgrade"),
    ] {
        let given = headers(&[(name, value)]);
        let said = request_bytes("GET", &there, &given, None, None).unwrap_err();
        assert!(
            matches!(said, Error::Request(_)) && !said.to_string().contains('\n'),
            "{name:?} {value:?}: {said}"
        );
        assert!(connect_bytes(&there, &given).is_err(), "{name:?} {value:?}");
        assert!(
            request_bytes("GET", &there, &[], None, Some(&given)).is_err(),
            "{name:?} {value:?}"
        );
    }
    for method in ["", "GET /", "G\r\n", "ПОСТ"] {
        assert!(request_bytes(method, &there, &[], None, None).is_err(), "{method:?}");
    }
}
