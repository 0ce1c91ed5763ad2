"""The names of the groups of figures, and the unit of each."""

from __future__ import annotations

from dataclasses import dataclass

CACHED = "cached token, µs per call"
WASM_SIGNER = "one signature in WebAssembly, ms"
SIZE = "size, kB"

# Among the milliseconds of the callers.
EXCHANGES = "exchanges, a number"

# Of /proc/PID/smaps_rollup: all that is resident, the same with shared pages divided among those who share them, and what
# this process alone has written.
KINDS_OF_MEMORY = ("Rss", "Pss", "Private_Dirty")


@dataclass(frozen=True)
class Language:
    name: str
    callers: tuple[str, ...]

    @property
    def first_jwt(self) -> str:
        return f"{self.name}: fresh process → first JWT, ms"

    @property
    def first_token(self) -> str:
        return f"{self.name}: fresh process → first token over TLS, ms"

    @property
    def one_jwt(self) -> str:
        return f"{self.name}: one JWT, ms"

    @property
    def growth_time(self) -> str:
        return f"{self.name}: so many sessions, ms to the first token of each"

    @property
    def growth_memory(self) -> str:
        return f"{self.name}: so many sessions, kB of each"

    def crowd(self, kind: str) -> str:
        return f"{self.name}: 10,000 {kind} on an expired token, ms"

    def memory(self, kind: str) -> str:
        return f"{self.name}: memory after the first token, {kind}, MB"


PYTHON = Language("Python", ("tasks", "threads"))
NODE = Language("Node", ("promises",))
