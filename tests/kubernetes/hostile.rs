//! Texts that nobody wrote: whatever they are, there is an answer, and it shows no secret.

use yc_iam::kubernetes::ServiceAccountSecret;

use crate::common::{cases, text};
use crate::support::{kubeconfig, string};

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }
}

const PIECES: &[&str] = &[
    "\n", "  ", "- ", ": ", "?", "{", "}", "[", "]", ",", "&a ", "*a", "!!str ", "!x ", "|\n", ">-\n", "'", "\"", "\\",
    "#", "%", "---\n", "...\n", "\t", "\r", "\0", "\u{feff}", "é", "\u{85}", "\u{2028}", "<<: ", "0x", "1e999", "-",
    "~", "@", "`", "\\u",
];

fn mutated(dice: &mut Dice, from: &str) -> String {
    let mut chars: Vec<char> = from.chars().collect();
    for _ in 0..=dice.roll(6) {
        let at = dice.roll(chars.len() + 1);
        match dice.roll(4) {
            0 => chars.truncate(at),
            1 => drop(chars.drain(at..(at + dice.roll(20)).min(chars.len()))),
            2 => {
                let (from, len) = (dice.roll(chars.len() + 1), dice.roll(60));
                let copy: Vec<char> = chars.iter().skip(from).take(len).copied().collect();
                drop(chars.splice(at..at, copy));
            }
            _ => drop(chars.splice(at..at, PIECES[dice.roll(PIECES.len())].chars())),
        }
    }
    chars.into_iter().collect()
}

#[test]
fn mutations_have_an_answer() {
    let mut dice = Dice(1);
    let good = |file: &str, field: &str| -> Vec<String> {
        let found = cases(file)
            .into_iter()
            .filter(|case| case.get("error").is_none() && case.get(field).is_some());
        found.map(|case| string(&case[field])).collect()
    };
    let first = cases("kubeconfigs").swap_remove(0);
    let config = kubeconfig(&first).unwrap();
    let mark = &text(&first["user"], "token")[..40];
    let (secrets, configs) = (good("kubernetes_secrets", "content"), good("kubeconfigs", "existing"));
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..4_000 {
        let from = &secrets[dice.roll(secrets.len())];
        let text = mutated(&mut dice, from);
        let result = ServiceAccountSecret::parse(text.as_bytes());
        assert!(!format!("{result:?}").contains(mark), "{text}");
        let from = &configs[dice.roll(configs.len())];
        let text = mutated(&mut dice, from);
        match config.merged_into(&text) {
            // What was written can be read, and changes no more.
            Ok(merged) => {
                taken += 1;
                let again = config
                    .merged_into(merged.expose())
                    .unwrap_or_else(|error| panic!("{error}: {}", merged.expose()));
                assert_eq!(again.expose(), merged.expose(), "from {text}");
            }
            Err(error) => {
                refused += 1;
                assert!(!error.to_string().contains(mark) && !error.hint().is_empty(), "{error}");
            }
        }
    }
    assert!(taken > 100 && refused > 100, "{taken} were taken and {refused} refused");
}

#[test]
fn random_pieces_have_an_answer() {
    let mut dice = Dice(2);
    let config = kubeconfig(&cases("kubeconfigs")[0]).unwrap();
    for _ in 0..20_000 {
        let text: String = (0..dice.roll(40)).map(|_| PIECES[dice.roll(PIECES.len())]).collect();
        let _ = ServiceAccountSecret::parse(text.as_bytes());
        let _ = config.merged_into(&text);
    }
}

#[test]
fn nothing_prints_a_token() {
    let case = cases("kubeconfigs").swap_remove(0);
    let token = text(&case["user"], "token");
    let config = kubeconfig(&case).unwrap();
    assert!(config.to_yaml().expose().contains(token));
    for shown in [
        format!("{config:?} {:?}", config.to_yaml()),
        format!("{config:#?} {}", config.to_json()),
    ] {
        assert!(!shown.contains(&token[..20]), "{shown}");
    }
}
