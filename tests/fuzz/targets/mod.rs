//! What is fuzzed: each target takes any bytes, and panics if something does not hold.
//!
//! The same functions serve the test, which moves bytes by seed, and libFuzzer, which moves them by what they reach.

mod answers;
mod credentials;
mod emulator;
mod encodings;
mod http1;
mod kubernetes;
mod message;
mod promises;
mod round_trips;
mod seeds;
mod tokens;
mod walks;

use yc_iam_meter::measure;

/// One target.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Panics if something does not hold.
    run: fn(&[u8]),
    /// What is mutated, out of the vectors.
    seeds: fn() -> Vec<Vec<u8>>,
    /// The most memory that an input may take: so many bytes, and so many more for each byte of the input.
    bound: (i64, i64),
}

const KIB: i64 = 1024;
const MIB: i64 = 1024 * KIB;

pub(crate) const ALL: &[Target] = &[
    Target {
        name: "key_text",
        run: credentials::key_text,
        seeds: seeds::keys,
        bound: (256 * KIB, 256),
    },
    Target {
        name: "explain",
        run: credentials::explain,
        seeds: seeds::explanations,
        bound: (256 * KIB, 512),
    },
    Target {
        name: "redact",
        run: credentials::redact,
        seeds: seeds::redactions,
        bound: (64 * KIB, 16),
    },
    Target {
        name: "response",
        run: answers::response,
        seeds: seeds::responses,
        bound: (256 * KIB, 256),
    },
    Target {
        name: "api_answer",
        run: answers::api_answer,
        seeds: seeds::api_answers,
        bound: (256 * KIB, 512),
    },
    Target {
        name: "jwt",
        run: tokens::jwt,
        seeds: seeds::jwts,
        bound: (256 * KIB, 512),
    },
    Target {
        name: "token_file",
        run: tokens::token_file,
        seeds: seeds::token_files,
        bound: (256 * KIB, 256),
    },
    Target {
        name: "kubeconfig",
        run: kubernetes::kubeconfig,
        seeds: seeds::kubeconfigs,
        bound: (64 * MIB, 512),
    },
    Target {
        name: "secret",
        run: kubernetes::secret,
        seeds: seeds::kubernetes_secrets,
        bound: (64 * MIB, 512),
    },
    Target {
        name: "session",
        run: walks::session,
        seeds: seeds::tapes,
        bound: (256 * KIB, 256),
    },
    Target {
        name: "source",
        run: walks::source,
        seeds: seeds::tapes,
        bound: (256 * KIB, 256),
    },
    Target {
        name: "call",
        run: walks::call,
        seeds: seeds::tapes,
        bound: (256 * KIB, 256),
    },
    Target {
        name: "emulator",
        run: emulator::requests,
        seeds: emulator::seeds,
        bound: (2 * MIB, 1024),
    },
    Target {
        name: "http1",
        run: http1::answer,
        seeds: http1::seeds,
        bound: (256 * KIB, 64),
    },
    Target {
        name: "round_trips",
        run: round_trips::all,
        seeds: seeds::tapes,
        bound: (4 * MIB, 1024),
    },
];

impl Target {
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|target| target.name == name)
    }

    /// The vectors' texts.
    pub(crate) fn seeds(&self) -> Vec<Vec<u8>> {
        (self.seeds)()
    }

    /// Makes what is made once, by the first input, and is no input's.
    pub(crate) fn warm_up(&self) {
        if let Some(seed) = self.seeds().first() {
            (self.run)(seed);
        }
    }

    /// Runs one input, and says how much memory it took for each byte that it may take.
    pub(crate) fn check(&self, input: &[u8]) -> f64 {
        let (base, per_byte) = self.bound;
        let bound = base + per_byte * i64::try_from(input.len()).unwrap();
        let ((), mut taken) = measure(|| (self.run)(input));
        if taken.peak > bound {
            // The first input that needs a file of vectors reads it for all.
            ((), taken) = measure(|| (self.run)(input));
        }
        assert!(
            taken.peak <= bound,
            "{} holds {} bytes for an input of {}, more than {bound}",
            self.name,
            taken.peak,
            input.len()
        );
        taken.peak as f64 / bound as f64
    }
}
