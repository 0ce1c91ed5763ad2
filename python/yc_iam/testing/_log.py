"""What an emulator received, for people to read."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from yc_iam._core import Received


def log(requests: Iterable[Received]) -> str:
    """A line for each request, the core's own words; below those that were not accepted, whose JWT it was."""
    return "\n".join(line for received in requests for line in _lines(received))


def _lines(received: Received) -> list[str]:
    at = datetime.fromtimestamp(received.at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
    line = f"{at}Z {received.method} {received.target} -> {received.status} {received.verdict}"
    faults = [fault for fault in received.faults if fault not in received.verdict]
    if faults:
        line += f" [{', '.join(faults)}]"
    jwt = [] if received.accepted else [part for part in (received.jwt_header, received.jwt_claims) if part]
    return [line, *(f"    {part}" for part in jwt)]
