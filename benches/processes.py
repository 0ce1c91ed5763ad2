"""Timing whole processes, in turn, so that a change in the machine's speed hits every contender alike."""

from __future__ import annotations

import json
import os
import pathlib
import statistics
import subprocess
import time

WARM_UPS = 3

# As a user's shell would start them: with the bytecode that pip compiled, for instance.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def medians(
    commands: dict[str, list[str]],
    rounds: int,
    environment: dict[str, str] | None = None,
    places: dict[str, pathlib.Path] | None = None,
) -> dict[str, float]:
    """Median wall time of each command, in milliseconds, with these variables besides, and where they have one in its place."""
    variables = {**ENVIRONMENT, **(environment or {})}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for round_number in range(-WARM_UPS, rounds):
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


def printed_json(command: list[str]) -> dict[str, float]:
    """What a program measured by itself and printed."""
    options = {"check": True, "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "text": True, "env": ENVIRONMENT}
    result: dict[str, float] = json.loads(subprocess.run(command, **options).stdout)  # type: ignore[call-overload]
    return result
