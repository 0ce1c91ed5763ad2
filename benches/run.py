"""Measures this package and its rivals in one run. Called by `cargo xtask bench`, which builds the packages first.

Prints a table with a line for each goal, and writes it to target/bench/results.md and results.json.
"""

from __future__ import annotations

import argparse
import json
import pathlib

import contenders
import install
import processes
import sizes
import table

ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCH = ROOT / "target" / "bench"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21, help="processes started of each contender (default 21)")
    arguments = parser.parse_args()

    BENCH.mkdir(parents=True, exist_ok=True)
    key_file = contenders.make_key_file(BENCH / "key.json")
    python = install.python_environment(ROOT, BENCH)
    node = install.node_environment(ROOT, BENCH)

    results: dict[str, dict[str, float]] = {}
    for title, commands in contenders.cold_starts(python, node, key_file).items():
        print(f"==> {title}: {arguments.rounds} processes of each", flush=True)
        results[title] = processes.medians(commands, arguments.rounds)
    for title, command in contenders.signatures(python, node, ROOT, key_file).items():
        print(f"==> {title}", flush=True)
        results[title] = processes.printed_json(command)
    results["size"] = sizes.measure(ROOT)

    text = table.render(results)
    print("\n" + text)
    (BENCH / "results.md").write_text(text)
    (BENCH / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    print("written to target/bench/results.md and results.json")


if __name__ == "__main__":
    main()
