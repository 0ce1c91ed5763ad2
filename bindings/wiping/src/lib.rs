//! An allocator that wipes what it gets back.
//!
//! Types that are wiped when dropped do not reach what other code keeps for a while: the scratch of a parser, buffers
//! that grew, copies that arithmetic makes, arguments on their way in.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;

/// The system's allocator, and zeros in all memory that goes back to it. To be a library's `#[global_allocator]`.
#[derive(Debug)]
pub struct Wiping;

// SAFETY: every request goes to the system's allocator as it came. What is written to is the caller's block, whole, after
// its last use. `realloc` is the trait's own: it moves the content to a new block and gives the old one to `dealloc`.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are the ones that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the block is the caller's, of this size, and nobody reads it any more.
        unsafe { place.write_bytes(0, layout.size()) };
        // Or the compiler leaves out what nobody reads.
        let place = black_box(place);
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }
}
