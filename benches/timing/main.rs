//! `cargo bench --bench timing`: does the time of a signature tell something about what is signed?
//!
//! After "Dude, is my code constant time?" (Reparaz, Balasch, Verbauwhede, 2017): signatures of two classes of messages
//! are timed in random order, and Welch's t-test asks whether the two sets of times can come from one distribution.
//! `YC_IAM_TIMING_SAMPLES` is the number of signatures for each question, 20,000 if it is not set.

#![allow(clippy::indexing_slicing)]

mod welch;

use std::env;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use getrandom::SysRng;
use getrandom::rand_core::{TryCryptoRng, TryRng};
use yc_iam::{RustCryptoSigner, ServiceAccountKey};

use welch::Samples;

type Failure = Box<dyn std::error::Error>;

const KEY_FILE: &str = include_str!("../../tests/vectors/key_file.json");
/// As long as the signing input of a usual JWT.
const MESSAGE_LENGTH: usize = 256;
/// What the control's other class has more: 128 KiB to hash take some tenths of a millisecond.
const CONTROL_LENGTH: usize = MESSAGE_LENGTH + 128 * 1024;
/// Above this the classes differ; the paper's threshold.
const THRESHOLD: f64 = 4.5;

/// Two classes of messages, told apart by a coin.
struct Question {
    name: &'static str,
    other: fn() -> Result<Vec<u8>, Failure>,
    /// The same salt and the same blinding for each signature: what differs then is the message alone.
    has_fixed_rng: bool,
    /// Whether the classes are known to differ. Shows that a difference of this size would be seen.
    is_control: bool,
}

const QUESTIONS: [Question; 3] = [
    Question {
        name: "one message or a random one, salt and blinding fixed",
        other: random_message,
        has_fixed_rng: true,
        is_control: false,
    },
    Question {
        name: "one message or a random one, as in use",
        other: random_message,
        has_fixed_rng: false,
        is_control: false,
    },
    Question {
        name: "control: one message or one with 128 KiB more to hash",
        other: long_message,
        has_fixed_rng: true,
        is_control: true,
    },
];

fn main() -> Result<ExitCode, Failure> {
    let count = match env::var("YC_IAM_TIMING_SAMPLES") {
        Ok(text) => text.parse()?,
        Err(_) => 20_000,
    };
    let signer = RustCryptoSigner::new(&ServiceAccountKey::from_json(KEY_FILE)?)?;
    let mut is_as_expected = true;
    println!("{count} signatures with 2048 bits for each question; above |t| = {THRESHOLD} the classes differ");
    for question in &QUESTIONS {
        let (one, other) = measure(&signer, question, count)?;
        let t = welch::largest_t(&one, &other);
        let differs = t > THRESHOLD;
        is_as_expected &= differs == question.is_control;
        println!(
            "{}: |t| = {t:.1}, {} (medians {:.1} and {:.1} µs)",
            question.name,
            if differs { "they differ" } else { "no difference seen" },
            one.median() / 1000.0,
            other.median() / 1000.0,
        );
    }
    Ok(if is_as_expected {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn measure(signer: &RustCryptoSigner, question: &Question, count: usize) -> Result<(Samples, Samples), Failure> {
    let fixed = random_message()?;
    let (mut one, mut other) = (Samples::default(), Samples::default());
    // Messages are made before the clock starts, and for both classes alike.
    for number in 0..count + count / 10 {
        let fresh = (question.other)()?;
        let is_other = coin()?;
        let message = if is_other { fresh } else { fixed.clone() };
        let start = Instant::now();
        if question.has_fixed_rng {
            black_box(signer.sign_with_rng(&mut FixedRng(1), black_box(&message))?);
        } else {
            black_box(signer.sign_with_rng(&mut SysRng, black_box(&message))?);
        }
        let took = start.elapsed();
        if number < count / 10 {
            continue; // the processor's caches and clock settle
        }
        if is_other { &mut other } else { &mut one }.push(took);
    }
    Ok((one, other))
}

fn coin() -> Result<bool, Failure> {
    let mut byte = [0];
    getrandom::fill(&mut byte)?;
    Ok(byte[0] & 1 == 1)
}

fn random_message() -> Result<Vec<u8>, Failure> {
    random_bytes(MESSAGE_LENGTH)
}

fn long_message() -> Result<Vec<u8>, Failure> {
    random_bytes(CONTROL_LENGTH)
}

fn random_bytes(length: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// The same numbers each time.
struct FixedRng(u64);

impl TryRng for FixedRng {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok((self.try_next_u64()? >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        // Knuth's linear congruential generator (MMIX): anything would do that is not constant.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in destination.chunks_mut(8) {
            let bytes = self.try_next_u64()?.to_be_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for FixedRng {}
