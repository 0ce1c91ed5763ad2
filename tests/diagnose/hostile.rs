//! No content breaks it, and none makes it long or slow.

use base64ct::{Base64Url, Encoding};

use crate::common::{bytes, cases};
use crate::form::{told, well_formed};

/// A generator that is the same on every machine: the point is to go far, not to be random (xorshift64*, Vigna 2016).
struct Walker(u64);

impl Walker {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % below
    }
}

#[test]
fn no_content_breaks_it() {
    let mut walker = Walker(0x9E37_79B9_7F4A_7C15);
    let seeds: Vec<Vec<u8>> = cases("explanations")
        .iter()
        .map(|case| bytes(&case["content"]))
        .filter(|content| content.len() < 10_000)
        .collect();
    for _ in 0..6_000 {
        let mut content = match walker.next(4) {
            0 => (0..walker.next(200)).map(|_| walker.next(256) as u8).collect(),
            _ => seeds[walker.next(seeds.len())].clone(),
        };
        for _ in 0..walker.next(6) {
            let place = walker.next(content.len() + 1);
            match walker.next(4) {
                0 => content.truncate(place),
                1 => content.insert(place, walker.next(256) as u8),
                2 if place < content.len() => content[place] ^= 1 << walker.next(8),
                _ => {
                    let other = &seeds[walker.next(seeds.len())];
                    content.extend_from_slice(&other[walker.next(other.len() + 1)..]);
                }
            }
        }
        let found = told(&content);
        if let Err(problem) = well_formed(&found) {
            panic!("{problem}: {:?}", String::from_utf8_lossy(&content));
        }
    }
}

#[test]
fn hostile_sizes_stay_small() {
    let claims = |text: String| {
        let encode = |text: &str| {
            Base64Url::encode_string(text.as_bytes())
                .trim_end_matches('=')
                .to_owned()
        };
        format!("{}.{}.AAAA", encode(r#"{"alg":"RS256"}"#), encode(&text))
    };
    let long = "YC_".repeat(60_000);
    let many: Vec<String> = (0..8_000).map(|at| format!(r#""claim{at}":1"#)).collect();
    let audiences = vec![r#""https://a.example.org""#; 6_000].join(",");
    for content in [
        claims(format!(r#"{{"iss":"https://x.org","sub":"{long}","aud":"{long}"}}"#)),
        claims(format!(r#"{{"iss":"https://x.org","sub":"x",{}}}"#, many.join(","))),
        claims(format!(r#"{{"iss":"https://x.org","sub":"x","aud":[{audiences}]}}"#)),
        format!(r#"{{"issuer":"https://x.org","audiences":[{audiences}]}}"#),
        format!("Bearer {}", "Bearer ".repeat(30_000)),
        "[".repeat(200_000),
        "{\"a\":".repeat(40_000),
        "\"".repeat(200_000),
        "eyJ.".repeat(60_000),
        "-----BEGIN PRIVATE KEY-----".repeat(9_000),
        long.clone(),
    ] {
        let begun = std::time::Instant::now();
        let found = told(content.as_bytes());
        well_formed(&found).unwrap_or_else(|problem| panic!("{problem}"));
        assert!(
            begun.elapsed().as_secs() < 5,
            "{} took {:?}",
            found.kind,
            begun.elapsed()
        );
    }
}
