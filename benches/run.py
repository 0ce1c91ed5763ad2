"""Measures this package and its rivals in one run. Called by `cargo xtask bench`, which builds the packages first.

Prints a table with a line for each goal, and writes it to target/bench/results.md and results.json.
"""

from __future__ import annotations

import argparse
import json
import pathlib

import contenders
import functions
import install
import processes
import sizes
import table

ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCH = ROOT / "target" / "bench"


def against_rivals(rounds: int) -> dict[str, dict[str, float]]:
    key_file = contenders.make_key_file(BENCH / "key.json")
    python = install.python_environment(ROOT, BENCH)
    node = install.node_environment(ROOT, BENCH)
    results: dict[str, dict[str, float]] = {}
    for title, commands in contenders.cold_starts(python, node, key_file).items():
        print(f"==> {title}: {rounds} processes of each", flush=True)
        results[title] = processes.medians(commands, rounds)
    for title, command in contenders.signatures(python, node, ROOT, key_file).items():
        print(f"==> {title}", flush=True)
        results[title] = processes.printed_json(command)
    results["size"] = sizes.measure(ROOT)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21, help="processes started of each contender (default 21)")
    parser.add_argument("--only", choices=["rivals", "serverless"], help="only this part (default: all)")
    arguments = parser.parse_args()

    BENCH.mkdir(parents=True, exist_ok=True)
    results: dict[str, dict[str, float]] = {}
    if arguments.only in (None, "rivals"):
        results.update(against_rivals(arguments.rounds))
    if arguments.only in (None, "serverless"):
        results.update(functions.measure(ROOT, BENCH, arguments.rounds))

    text = table.render(results)
    print("\n" + text)
    (BENCH / "results.md").write_text(text)
    (BENCH / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    print("written to target/bench/results.md and results.json")


if __name__ == "__main__":
    main()
