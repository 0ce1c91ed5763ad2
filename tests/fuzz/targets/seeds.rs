//! Corpora out of the vectors, read when the tests run: a new case is a new seed.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;

use super::message;
use crate::common::call_world::kinds;
use crate::common::dice::Dice;
use crate::common::{bytes, cases};

/// Longer cases are about limits, which the vectors hold already.
const MAX_SEED: usize = 8 * 1024;

fn fields(file: &str, name: &str) -> Vec<Vec<u8>> {
    let given = cases(file).into_iter().filter(|case| case[name].is_object());
    short(given.map(|case| bytes(&case[name])))
}

fn short(seeds: impl IntoIterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
    seeds.into_iter().filter(|seed| seed.len() <= MAX_SEED).collect()
}

pub(crate) fn keys() -> Vec<Vec<u8>> {
    let public = cases("external_keys").into_iter();
    let public = public.filter_map(|case| Some(case["public_key"].as_str()?.as_bytes().to_vec()));
    fields("keys", "content").into_iter().chain(short(public)).collect()
}

pub(crate) fn explanations() -> Vec<Vec<u8>> {
    let expected = cases("explanations").into_iter().flat_map(|case| {
        let given = ["federation", "credential"].map(|name| case["expected"][name].clone());
        given
            .into_iter()
            .filter(Value::is_object)
            .map(|given| bytes(&given))
            .collect::<Vec<_>>()
    });
    fields("explanations", "content")
        .into_iter()
        .chain(short(expected))
        .collect()
}

pub(crate) fn redactions() -> Vec<Vec<u8>> {
    let texts = cases("redact").into_iter();
    let urls = cases("endpoints").into_iter();
    let texts = texts.map(|case| case["text"].as_str().unwrap().as_bytes().to_vec());
    let urls = urls.filter_map(|case| Some(case["overrides"]["iam"].as_str()?.as_bytes().to_vec()));
    short(texts.chain(urls))
}

fn answer(case: &Value) -> Vec<u8> {
    let headers = case["headers"].as_array().into_iter().flatten();
    let headers = headers.map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()));
    let body = case.get("body").map(bytes).unwrap_or_default();
    message::write(&case["status"].to_string(), headers, &body)
}

pub(crate) fn responses() -> Vec<Vec<u8>> {
    let files = ["responses", "access_tokens"];
    short(files.into_iter().flat_map(cases).map(|case| answer(&case)))
}

pub(crate) fn api_answers() -> Vec<Vec<u8>> {
    short(cases("api_answers").iter().map(|case| {
        let name = case["task"].as_object().unwrap().keys().next().unwrap();
        let which = kinds().iter().position(|kind| kind.get(name).is_some()).unwrap();
        [vec![which as u8], answer(case)].concat()
    }))
}

pub(crate) fn token_files() -> Vec<Vec<u8>> {
    let mut seeds = fields("subject_tokens", "content");
    seeds.extend(explanations());
    seeds
}

/// Every JWT among them, decoded.
pub(crate) fn jwts() -> Vec<Vec<u8>> {
    let decode = |part: &[u8]| Base64UrlUnpadded::decode_vec(std::str::from_utf8(part).ok()?).ok();
    let seeds = token_files().into_iter().filter_map(|token| {
        let mut parts = token.trim_ascii().splitn(3, |byte| *byte == b'.');
        let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
        Some([decode(header)?, decode(claims)?, signature.to_vec()].join(&b'\n'))
    });
    seeds.collect()
}

pub(crate) fn kubeconfigs() -> Vec<Vec<u8>> {
    let written = cases("kubeconfigs").into_iter().flat_map(|case| {
        let texts = ["existing", "yaml", "json"].map(|name| case[name].clone());
        texts.into_iter().filter_map(|text| match text {
            Value::String(text) => Some(text.into_bytes()),
            Value::Object(_) if text.get("text").or(text.get("base64")).is_some() => Some(bytes(&text)),
            _ => None,
        })
    });
    let infos = cases("exec_credentials").into_iter();
    let infos = infos.filter_map(|case| Some(case["exec_info"].as_str()?.as_bytes().to_vec()));
    short(written.chain(infos))
}

pub(crate) fn kubernetes_secrets() -> Vec<Vec<u8>> {
    fields("kubernetes_secrets", "content")
}

/// Tapes for dice. What a byte means depends on all before it: any will do.
pub(crate) fn tapes() -> Vec<Vec<u8>> {
    let mut dice = Dice::new(1);
    let mut tape = |len: usize| (0..len).map(|_| dice.roll(256) as u8).collect();
    [8, 32, 64, 64, 128, 256, 256, 512].map(&mut tape).into()
}
