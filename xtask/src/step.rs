//! Saying what is being done, and how long it took.

use std::fmt;
use std::time::{Duration, Instant};

use crate::failure::Result;

/// Announces a piece of work, does it, and prints the time it took.
pub fn step<T>(doing: impl fmt::Display, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {doing}");
    let start = Instant::now();
    let result = work();
    let took = Seconds(start.elapsed());
    match &result {
        Ok(_) => println!("    done in {took}"),
        Err(_) => println!("    failed after {took}"),
    }
    result
}

/// A remark about the step under way.
pub fn note(text: impl fmt::Display) {
    println!("    {text}");
}

/// A duration as people read it.
pub struct Seconds(pub Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_millis() {
            millis @ 0..1000 => write!(f, "{millis} ms"),
            _ => write!(f, "{:.1} s", self.0.as_secs_f64()),
        }
    }
}
