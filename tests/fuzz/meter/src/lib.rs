//! An allocator that counts: how much memory a piece of work holds at its peak, how often it asks for some, and what is held.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, with a count per thread. To be the program's `#[global_allocator]`.
#[derive(Debug)]
pub struct Meter;

/// What a piece of work took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The most bytes that were held at once, beyond those held before.
    pub peak: i64,
    /// How often memory was asked for.
    pub requests: u64,
    held: i64,
}

/// What a thread holds: what it was given, less what it gave back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Their sizes as they were asked for.
    pub bytes: i64,
    /// How many pieces of memory.
    pub pieces: i64,
}

thread_local! {
    static HELD: Cell<Held> = const { Cell::new(Held { bytes: 0, pieces: 0 }) };
    static TAKEN: Cell<Taken> = const { Cell::new(Taken { peak: 0, requests: 0, held: 0 }) };
}

fn count(bytes: i64, requests: u64) {
    let _ = HELD.try_with(|held| {
        let before = held.get();
        held.set(Held {
            bytes: before.bytes.saturating_add(bytes),
            pieces: before.pieces.saturating_add(bytes.signum()),
        });
    });
    // A thread that ends allocates after its locals are gone.
    let _ = TAKEN.try_with(|taken| {
        let before = taken.get();
        let held = before.held.saturating_add(bytes);
        taken.set(Taken {
            held,
            peak: before.peak.max(held),
            requests: before.requests.saturating_add(requests),
        });
    });
}

fn signed(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

// SAFETY: every request goes to the system's allocator as it came; counting touches no memory of the caller's.
unsafe impl GlobalAlloc for Meter {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(signed(layout.size()), 1);
        // SAFETY: the caller's promises are the ones that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(signed(layout.size()), 1);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(-signed(layout.size()), 0);
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both may be there at once while the content moves.
        count(signed(size), 1);
        count(-signed(layout.size()), 0);
        // SAFETY: as above.
        unsafe { System.realloc(place, layout, size) }
    }
}

/// Does the work and says what this thread took for it. Not to be nested.
pub fn measure<R>(work: impl FnOnce() -> R) -> (R, Taken) {
    TAKEN.set(Taken::default());
    let result = work();
    (result, TAKEN.get())
}

/// What this thread holds now. What it was given by another and gives back counts as well.
#[must_use]
pub fn held() -> Held {
    HELD.get()
}
