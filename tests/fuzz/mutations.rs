//! Inputs out of other inputs, the same ones each time.

use crate::common::dice::Dice;

/// Longer inputs are cut.
const MAX_LEN: usize = 16 * 1024;

/// What a reader of one of these formats stumbles over.
const WORDS: &[&str] = &[
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "-1e999",
    "9223372036854775807",
    "-9223372036854775808",
    "1.5",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{7f}",
    "\u{85}",
    "\u{feff}",
    "\u{2028}",
    "\u{202e}",
    "é",
    "\u{10ffff}",
    "=",
    "==",
    ".",
    "..",
    "/",
    "//",
    "@",
    "#",
    "?",
    "%",
    "%00",
    "&",
    "+",
    "'",
    "`",
    "<",
    "<html>",
    "- ",
    "  ",
    "? ",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "!x ",
    "|\n",
    ">-\n",
    "---\n",
    "...\n",
    "~",
    "0x",
    "eyJ",
    "t1.",
    "y0_",
    "AQVN",
    "YC",
    "-----BEGIN ",
    "-----END ",
    "-----",
    "https://",
    "http://",
    "localhost",
    "Bearer ",
    "exp",
    "iat",
    "nbf",
    "aud",
    "iss",
    "sub",
    "date: ",
    "retry-after: ",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "9999-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "4294967295",
    "4294967296",
    "{token}",
    "{jwt}",
    "\n%%%\n",
];

pub(crate) fn mutated(dice: &mut Dice, inputs: &[Vec<u8>]) -> Vec<u8> {
    let any = |dice: &mut Dice| inputs[dice.roll(inputs.len() as u64) as usize].clone();
    let mut input = any(dice);
    for _ in 0..=dice.roll(6) {
        let at = dice.roll(input.len() as u64 + 1) as usize;
        let end = (at + 1 + dice.roll(40) as usize).min(input.len()).max(at);
        match dice.roll(9) {
            0 => input.truncate(at),
            1 => drop(input.drain(at..end)),
            2 => {
                let piece = input[at..end].to_vec();
                let place = dice.roll(input.len() as u64 + 1) as usize;
                drop(input.splice(place..place, piece));
            }
            3 => {
                let piece = input[at..end].repeat(dice.pick(&[2, 9, 100]));
                drop(input.splice(at..end, piece));
            }
            4 => {
                let other = any(dice);
                let from = dice.roll(other.len() as u64 + 1) as usize;
                drop(input.splice(at.., other[from..].iter().copied()));
            }
            5 | 6 => drop(input.splice(at..at, dice.pick(WORDS).bytes())),
            7 => drop(input.splice(at..end, dice.pick(WORDS).bytes())),
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << dice.roll(8);
                }
            }
        }
        input.truncate(MAX_LEN);
    }
    input
}

/// The words as libFuzzer reads them.
pub(crate) fn dictionary() -> String {
    let quoted = |word: &&str| word.bytes().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
    let line = |word| format!("\"{}\"\n", quoted(word));
    WORDS.iter().map(line).collect()
}
