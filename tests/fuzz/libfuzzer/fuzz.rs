//! libFuzzer's side: moves bytes by what they reach. `FUZZ_TARGET` names the target.

#![no_main]

#[path = "../../common/mod.rs"]
mod common;
#[path = "../targets/mod.rs"]
mod targets;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use targets::Target;
use yc_iam_meter::Meter;

#[global_allocator]
static METER: Meter = Meter;

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").expect("`FUZZ_TARGET` must name a target");
    let target = Target::named(&name).expect("`FUZZ_TARGET` must name a target");
    target.warm_up();
    target
});

fuzz_target!(|input: &[u8]| {
    TARGET.check(input);
});
