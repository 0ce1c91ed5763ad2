"""Measures this package and its rivals in one run. Called by `cargo xtask bench`, which builds the packages first.

Prints tables, and a line for each goal; writes them to target/bench/. A whole run also writes docs/speed.md,
docs/speed.svg and the README's table.
"""

from __future__ import annotations

import argparse
import datetime
import json
import pathlib

import functions
import machine
import pages
import picture
import rivals
import table

ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCH = ROOT / "target" / "bench"
MEMORY = pathlib.Path("/proc/self/smaps_rollup")


def main() -> None:
    arguments = parsed()
    rounds = arguments.rounds or (2 if arguments.quick else 21)
    few, batches = (1, 5) if arguments.quick else (5, 31)
    if arguments.only != "serverless" and not MEMORY.exists():
        raise SystemExit(f"memory is read from {MEMORY}, which only Linux has: elsewhere, measure `--only serverless`")
    BENCH.mkdir(parents=True, exist_ok=True)
    load = machine.load()
    results: table.Results = {}
    if arguments.only in (None, "rivals"):
        results.update(rivals.measure(ROOT, BENCH, rounds, few, batches))
    if arguments.only in (None, "serverless"):
        results.update(functions.measure(ROOT, BENCH, rounds))

    run = {"date": arguments.date, "rounds": str(rounds), "load": f"{load:.2f}", **machine.described(ROOT)}
    text = table.render(results)
    print("\n" + text)
    (BENCH / "results.md").write_text(text)
    (BENCH / "results.json").write_text(json.dumps({"run": run, **results}, indent=2, ensure_ascii=False) + "\n")
    print("written to target/bench/results.md and results.json")
    if load > 1.5:
        print(f"the machine was busy when this began: {load:.1f} processes wanted a core")
    if arguments.only != "serverless":
        publish(results, run, None if arguments.only or arguments.quick else ROOT)


def publish(results: table.Results, run: pages.Run, root: pathlib.Path | None) -> None:
    """A part, or a quick run, is not for the documentation."""
    docs = BENCH if root is None else root / "docs"
    (docs / "speed.svg").write_text(picture.draw(results, pages.caption(run)))
    (docs / "speed.md").write_text(pages.speed(results, run))
    block = pages.in_short(results, run)
    if root is None:
        (docs / "readme.md").write_text(block)
    else:
        pages.write_into(root / "README.md", block)
    print(
        f"written to {docs.relative_to(ROOT)}/speed.md and speed.svg" + ("" if root is None else ", and into README.md")
    )


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, help="processes started of each contender (default 21)")
    parser.add_argument("--only", choices=["rivals", "serverless"], help="only this part (default: all)")
    parser.add_argument("--quick", action="store_true", help="a few rounds of each, to see that all of it works")
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="the date to write (default: today)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
