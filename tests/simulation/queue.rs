//! The event queue: ordered by virtual time, and by order of arrival where the time is the same.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use yc_iam::UnixTime;

/// Virtual time since the epoch, or a duration.
pub type Millis = i64;

pub const SECOND: Millis = 1_000;
pub const MINUTE: Millis = 60 * SECOND;
pub const HOUR: Millis = 60 * MINUTE;

/// 2026-01-01T00:00:00Z.
pub const BEGIN: Millis = 1_767_225_600_000;

pub fn time(millis: Millis) -> UnixTime {
    UnixTime::from_secs_f64(millis as f64 / 1000.0).unwrap()
}

pub fn millis(time: UnixTime) -> Millis {
    (time.as_secs_f64() * 1000.0).round() as Millis
}

/// Events in the order in which they are due.
pub struct Queue<E> {
    /// When, how manieth, and in which slot.
    due: BinaryHeap<Reverse<(Millis, u64, usize)>>,
    slots: Vec<Option<E>>,
    free: Vec<usize>,
    next: u64,
}

impl<E> Queue<E> {
    pub fn new() -> Self {
        Self {
            due: BinaryHeap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            next: 0,
        }
    }

    pub fn push(&mut self, at: Millis, event: E) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.slots[slot] = Some(event);
        self.due.push(Reverse((at, self.next, slot)));
        self.next += 1;
    }

    /// When the next one is due.
    pub fn next_at(&self) -> Option<Millis> {
        self.due.peek().map(|Reverse((at, ..))| *at)
    }

    pub fn pop(&mut self) -> Option<(Millis, E)> {
        let Reverse((at, _, slot)) = self.due.pop()?;
        self.free.push(slot);
        Some((at, self.slots[slot].take().unwrap()))
    }
}
