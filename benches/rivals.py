"""Every figure that there is of this package beside its rivals."""

from __future__ import annotations

import pathlib
import statistics

import install
import loopback
import processes
import sizes
from contenders import Programs
from groups import CACHED, EXCHANGES, KINDS_OF_MEMORY, NODE, PYTHON, SIZE, WASM_SIGNER, Language
from table import Results

CROWD = 10_000
GROWTH = (1, 10, 100, 1_000, 10_000)


def measure(root: pathlib.Path, bench: pathlib.Path, rounds: int, few: int, batches: int) -> Results:
    """`rounds`: processes of each contender that is timed from outside; `few`: of others. `batches`: of calls."""
    python = install.python_environment(root, bench)
    node = install.node_environment(root, bench)
    key_file = bench / "key.json"
    programs = Programs(root, python, node, key_file)
    results: Results = {}
    with loopback.running(python, bench / "tls", key_file) as service:
        where = service.environment
        for title, commands, environment in [
            (PYTHON.first_jwt, programs.python_first_jwt(), None),
            (NODE.first_jwt, programs.node_first_jwt(), None),
            (PYTHON.first_token, programs.python_first_token(), where),
            (NODE.first_token, programs.node_first_token(), where),
        ]:
            say(title, rounds)
            results[title] = processes.medians(commands, rounds, environment)
        for language, commands in [(PYTHON, programs.python_memory()), (NODE, programs.node_memory())]:
            say(f"{language.name}: memory after the first token", few)
            found = processes.memory(commands, KINDS_OF_MEMORY, few, where)
            results.update({language.memory(kind): figures for kind, figures in found.items()})
        results.update(crowds(programs, service, few))
    results.update(calls(programs, {"BENCH_BATCHES": str(batches)}))
    for language in (PYTHON, NODE):
        results.update(growth(programs, language, few))
    results[SIZE] = sizes.measure(root)
    return results


def calls(programs: Programs, environment: processes.Environment) -> Results:
    """Calls in a process that has everything at hand."""
    results: Results = {}
    for title, command in zip((PYTHON.one_jwt, NODE.one_jwt, WASM_SIGNER), programs.one_jwt()):
        say(title)
        results[title] = processes.printed_json(command, environment)
    say(CACHED)
    results[CACHED] = {}
    for name, command in [("Python", programs.py("cached.py")), ("JavaScript", programs.js("cached.mjs"))]:
        figures = processes.printed_json(command, environment)
        results[CACHED].update({f"{name}: {call}": figure for call, figure in figures.items()})
    return results


def crowds(programs: Programs, service: loopback.Loopback, rounds: int) -> Results:
    results: Results = {}
    for language in (PYTHON, NODE):
        for kind in language.callers:
            title = language.crowd(kind)
            say(title, rounds)
            before = service.tokens_issued()
            figures = processes.printed_medians(programs.crowd(kind, CROWD), rounds, service.environment)
            # Each process has one token before the crowd comes.
            figures[EXCHANGES] = (service.tokens_issued() - before) / rounds - 1
            results[title] = figures
    return results


def growth(programs: Programs, language: Language, rounds: int) -> Results:
    say(f"{language.name}: 1 to {GROWTH[-1]} sessions in a process", rounds)
    runs = {count: [] for count in GROWTH}
    for _ in range(rounds):
        for count in GROWTH:
            runs[count].append(processes.printed_json(programs.growth(language is PYTHON, count)))
    return {
        title: {str(count): statistics.median(run[figure] for run in found) for count, found in runs.items()}
        for title, figure in ((language.growth_time, "ms"), (language.growth_memory, "kB"))
    }


def say(title: str, rounds: int | None = None) -> None:
    print(f"==> {title}" + (f": {rounds} processes of each" if rounds else ""), flush=True)
