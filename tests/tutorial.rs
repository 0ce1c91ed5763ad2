//! The tutorial of the documentation, run as it stands: it fails by itself if a step does not come out as it says.
#![cfg(feature = "emulator")]
#![allow(dead_code, reason = "the example's `main` is called by the test")]

#[path = "../examples/tutorial.rs"]
mod tutorial;

#[test]
fn the_tutorial_runs() -> Result<(), Box<dyn std::error::Error>> {
    tutorial::main()
}
