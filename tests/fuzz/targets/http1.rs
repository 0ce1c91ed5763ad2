//! Answers as bytes on a connection.

use yc_iam::Response;
use yc_iam::http1::{Error, ResponseReader};

const MOST: usize = 4096;

/// Two bytes say which method, and how the rest comes in pieces; in pieces or at once, it is the same.
pub(crate) fn answer(input: &[u8]) {
    let [kind, sizes, bytes @ ..] = input else { return };
    let method = ["GET", "HEAD", "CONNECT"][usize::from(*kind) % 3];
    let whole = read(method, [bytes].into_iter());
    let pieces = read(method, bytes.chunks(usize::from(*sizes) % 61 + 1));
    match (&whole, &pieces) {
        (Ok(whole), Ok(pieces)) => assert_eq!(whole, pieces),
        // Which of two things is wrong first depends on how much is seen at once.
        (Err(_), Err(_)) => {}
        _ => panic!("at once {whole:?}, in pieces {pieces:?}"),
    }
    if let Ok(response) = whole {
        assert!(response.body.len() <= MOST && response.body.len() <= bytes.len());
        assert!((100..1000).contains(&response.status));
    }
}

fn read<'a>(method: &str, pieces: impl Iterator<Item = &'a [u8]>) -> Result<Response, Error> {
    let mut reader = ResponseReader::new(method, MOST);
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        if let Some(response) = reader.feed(piece)? {
            return Ok(response);
        }
    }
    reader
        .feed(b"")
        .map(|response| response.expect("an end is an answer or an error"))
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let seeds = [
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}".to_owned(),
        "HTTP/1.0 404 Not Found\r\n\r\nuntil the end".to_owned(),
        "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\na: b\r\n c\r\n\r\nab".to_owned(),
        format!("{chunked}3\r\nabc\r\n2;x=\"y\"\r\nde\r\n0\r\nlate: yes\r\n\r\n"),
        format!("{chunked}10\r\n0123456789abcdef\r\n0\r\n"),
    ];
    let with = |(number, seed): (usize, String)| [&[number as u8, 7], seed.as_bytes()].concat();
    seeds.into_iter().enumerate().map(with).collect()
}
