//! Lists, one page at a time.

use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding};

use super::query::Query;
use super::status::Refusal;

const DEFAULT_SIZE: usize = 100;
const MAX_SIZE: usize = 1000;
const MAX_TOKEN_LEN: usize = 2000;

/// The names of the parameters.
pub(super) const SIZE: &str = "pageSize";
pub(super) const TOKEN: &str = "pageToken";

/// One page of what is under a parent, in the order of the IDs, and the token of the next; empty on the last one.
pub(super) fn page<'a, T>(
    all: &'a BTreeMap<String, T>,
    parent: &str,
    is_listed: impl Fn(&T) -> bool,
    query: &Query,
) -> Result<(Vec<&'a T>, String), Refusal> {
    let size = size(query)?;
    let after = after(query, parent)?;
    let mut listed = all
        .iter()
        .filter(|(id, item)| is_listed(item) && after.as_ref().is_none_or(|after| *id > after));
    let page: Vec<_> = listed.by_ref().take(size).collect();
    let next = match (page.last(), listed.next()) {
        (Some((id, _)), Some(_)) => Base64UrlUnpadded::encode_string(format!("{parent}\n{id}").as_bytes()),
        _ => String::new(),
    };
    Ok((page.into_iter().map(|(_, item)| item).collect(), next))
}

fn size(query: &Query) -> Result<usize, Refusal> {
    match query.text(SIZE, 20)? {
        "" => Ok(DEFAULT_SIZE),
        text => match text.parse::<usize>() {
            Ok(0) => Ok(DEFAULT_SIZE),
            Ok(size) if size <= MAX_SIZE => Ok(size),
            _ => Err(Refusal::invalid(format!(
                "`{SIZE}` is not a whole number from 0 to {MAX_SIZE}"
            ))),
        },
    }
}

/// The last ID of the page before.
fn after(query: &Query, parent: &str) -> Result<Option<String>, Refusal> {
    let token = query.text(TOKEN, MAX_TOKEN_LEN)?;
    if token.is_empty() {
        return Ok(None);
    }
    let text = Base64UrlUnpadded::decode_vec(token).ok();
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
    let after = text
        .as_deref()
        .and_then(|text| text.split_once('\n'))
        .filter(|(of, _)| *of == parent);
    match after {
        Some((_, id)) => Ok(Some(id.to_owned())),
        None => Err(Refusal::invalid(format!("`{TOKEN}` is of no page of this list"))),
    }
}
