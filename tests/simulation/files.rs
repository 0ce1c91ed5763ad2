//! Token files as kubelets keep them: rotated in time, too late, or broken for a while.

use yc_iam::emulator::{Issuer, PodTokenRequest, TokenFile};
use yc_iam::{Failure, FailureKind, Outcome};

use crate::queue::{HOUR, MINUTE, Millis, time};
use crate::random::Random;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Rotating,
    /// The kubelet is down: what is there stays there.
    Stuck,
    Missing,
    Empty,
    Garbage,
    HalfWritten,
}

/// One file, shared by the pods of a node.
pub struct PodFile {
    file: TokenFile,
    last: Vec<u8>,
    mode: Mode,
    changes_at: Millis,
    troubled: bool,
}

impl PodFile {
    pub fn new(request: PodTokenRequest, troubled: bool) -> Self {
        Self {
            file: TokenFile::new(request),
            last: Vec::new(),
            mode: Mode::Rotating,
            changes_at: 0,
            troubled,
        }
    }

    pub fn read(&mut self, issuer: &mut Issuer, now: Millis, random: &mut Random) -> Outcome {
        if self.troubled && now >= self.changes_at {
            let first = self.changes_at == 0;
            self.mode = if first || self.mode != Mode::Rotating {
                Mode::Rotating
            } else {
                random.pick(&[
                    Mode::Stuck,
                    Mode::Missing,
                    Mode::Empty,
                    Mode::Garbage,
                    Mode::HalfWritten,
                ])
            };
            self.changes_at = now + random.between(20 * MINUTE, 3 * HOUR);
        }
        match self.mode {
            Mode::Rotating => {
                let token = self.file.read(issuer, time(now)).unwrap();
                self.last = format!("{}\n", token.expose()).into_bytes();
                Outcome::File(self.last.clone())
            }
            Mode::Stuck => Outcome::File(self.last.clone()),
            Mode::Missing => Outcome::Failure(Failure {
                kind: FailureKind::File,
                detail: "no such file".to_owned(),
            }),
            Mode::Empty => Outcome::File(Vec::new()),
            Mode::Garbage => Outcome::File(vec![0xFF; 100]),
            Mode::HalfWritten => Outcome::File(self.last[..self.last.len() / 2].to_vec()),
        }
    }
}
