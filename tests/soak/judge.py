"""Whether samples are flat: the second half of the time beside the first, after a warm-up."""

from __future__ import annotations

import statistics
from typing import Any

Sample = dict[str, float]

# The first fifth: caches fill, allocators and garbage collectors find their size.
WARM_UP = 0.2

# How much more the second half may have: a share and a number. Allocators keep pages back, so that resident memory wanders
# by some per cent; the garbage collectors' own counts less so. Open files and threads are those of the requests under way
# at that moment, which is chance. WebAssembly's memory grows by pages of 64 KiB and never shrinks; one session takes some
# kilobytes of it.
TOLERANCES = {
    "resident": (0.05, 2 << 20),
    "objects": (0.02, 200),
    "heap": (0.05, 1 << 20),
    "external": (0.05, 1 << 20),
    "wasm": (0.0, 4 << 16),
    "files": (0.25, 5),
    "threads": (0.25, 5),
    "resources": (0.25, 5),
}

# Compared by the least of each half, all others by their medians: garbage, and pages that V8 will give back, come and go by
# the minute. What leaks lifts the floor.
FLOORS = ("resident", "heap", "external")

# What must be as it was before, when all callers are gone: a file or a thread more is one that leaked. Modules that were
# imported meanwhile are objects, too; a failed call in a hundred that left its frames behind would be thousands.
RETURNING = {"files": 0, "threads": 0, "resources": 0, "objects": 300}


def complaints(samples: list[Sample], end: dict[str, Any]) -> list[str]:
    """What is wrong with a run; nothing, if all is flat and nobody hung."""
    warm = samples[int(len(samples) * WARM_UP) :]
    if len(warm) < 4:
        return [f"{len(samples)} samples are too few to judge"]
    found = []
    for name, (share, number) in TOLERANCES.items():
        if name in samples[0]:
            first, second = halves(warm, name)
            if second > first * (1 + share) + number:
                found.append(f"{name} grows: {first:.0f} in the first half, {second:.0f} in the second")
    before, after = end.get("before", {}), end.get("after", {})
    for name, more in RETURNING.items():
        if after.get(name, 0) > before.get(name, 0) + more:
            found.append(f"{name}: {after[name]} are left, and {before[name]} were there before")
    counts = end.get("counts", {})
    if counts.get("hung"):
        found.append(f"{counts['hung']} calls took longer than they may")
    found += [f"{count}: {what}" for what, count in counts.items() if "broke" in what]
    return found


def halves(samples: list[Sample], name: str) -> tuple[float, float]:
    middle = len(samples) // 2
    typical = min if name in FLOORS else statistics.median
    first, second = ([sample[name] for sample in part] for part in (samples[:middle], samples[middle:]))
    return typical(first), typical(second)


def table(samples: list[Sample]) -> str:
    """All samples, a line each; memory in kB."""
    names = list(samples[0])
    lines = ["".join(f"{name:>12}" for name in names)]
    for sample in samples:
        lines.append("".join(f"{shown(name, sample.get(name, 0)):>12}" for name in names))
    return "\n".join(lines)


def shown(name: str, value: float) -> str:
    return f"{value / 1000:.0f}" if name in ("resident", "heap", "external", "wasm") else f"{value:.0f}"
