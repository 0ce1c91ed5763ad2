"""Measuring whole processes, in turn, so that a change in the machine's speed hits every contender alike."""

from __future__ import annotations

import json
import os
import pathlib
import statistics
import subprocess
import time

# As a user's shell would start them: with the bytecode that pip compiled, for instance.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

Environment = dict[str, str]


def medians(
    commands: dict[str, list[str]],
    rounds: int,
    environment: Environment | None = None,
    places: dict[str, pathlib.Path] | None = None,
) -> dict[str, float]:
    """Median wall time of each command, in milliseconds, with these variables besides; where they have one, in its place."""
    variables = {**ENVIRONMENT, **(environment or {})}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for round_number in range(-min(3, rounds // 2), rounds):
        for name, command in commands.items():
            place = (places or {}).get(name)
            begin = time.perf_counter()
            subprocess.run(
                command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=variables, cwd=place
            )
            took = (time.perf_counter() - begin) * 1000
            if round_number >= 0:
                times[name].append(took)
    return {name: statistics.median(values) for name, values in times.items()}


def memory(
    commands: dict[str, list[str]], kinds: tuple[str, ...], rounds: int, environment: Environment
) -> dict[str, dict[str, float]]:
    """The median of each kind of memory of commands that print /proc/self/smaps_rollup, in MB."""
    found: dict[str, dict[str, list[float]]] = {kind: {name: [] for name in commands} for kind in kinds}
    for _ in range(rounds):
        for name, command in commands.items():
            fields = dict(line.split(":", 1) for line in printed(command, environment).splitlines() if " kB" in line)
            for kind in kinds:
                found[kind][name].append(int(fields[kind].split()[0]) * 1024 / 1e6)
    return {kind: {name: statistics.median(of) for name, of in names.items()} for kind, names in found.items()}


def printed(command: list[str], environment: Environment | None = None) -> str:
    variables = {**ENVIRONMENT, **(environment or {})}
    run = subprocess.run(
        command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=variables
    )
    return run.stdout


def printed_json(command: list[str], environment: Environment | None = None) -> dict[str, float]:
    """What a program measured by itself and printed."""
    result: dict[str, float] = json.loads(printed(command, environment))
    return result


def printed_medians(command: list[str], rounds: int, environment: Environment | None = None) -> dict[str, float]:
    """The median of each figure that so many processes printed."""
    runs = [printed_json(command, environment) for _ in range(rounds)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}
