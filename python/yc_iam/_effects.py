"""What both kinds of credentials do with an effect's outcome: name a failure, and report to the core."""

from __future__ import annotations

import sys
import time

from yc_iam._core import Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from yc_iam._core import Session
    from yc_iam.types import FailureKind, Outcome

CANCELLED: Outcome = ("cancelled", "")
"""Until there is another: whoever performs an effect may be interrupted at any time."""


def checked(answer: object) -> Outcome:
    """What a transport returned, if it is what a transport returns."""
    if isinstance(answer, Response):
        return answer
    return "other", f"a transport returns a yc_iam.Response, and not an object of type {type(answer).__name__}"


def failure(error: BaseException) -> Outcome:
    """An exception as the core knows it. What HTTP clients raise wraps what the sockets raised: that decides."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or link.__context__
    detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    for kind, types in _kinds():
        if any(isinstance(link, types) for link in chain):
            return kind, detail
    return "other", detail


def _kinds() -> list[tuple[FailureKind, tuple[type[BaseException], ...]]]:
    # Python 3.9 and 3.10 have timeouts of their own in two modules.
    timeouts: tuple[type[BaseException], ...] = (
        TimeoutError,
        *_known("socket", "timeout"),
        *_known("asyncio", "TimeoutError"),
    )
    return [
        ("timeout", timeouts),
        ("connection", _known("ssl", "SSLEOFError", "SSLZeroReturnError")),
        ("tls", _known("ssl", "SSLError")),
        ("connection", (OSError, *_known("http.client", "HTTPException"))),
    ]


def _known(module: str, *names: str) -> tuple[type[BaseException], ...]:
    # What was never imported has raised nothing.
    return tuple(getattr(sys.modules[module], name) for name in names) if module in sys.modules else ()


def report(session: Session, effect: int, outcome: Outcome) -> None:
    """Hands the outcome to the core."""
    now = time.time()
    if isinstance(outcome, Response):
        session.complete_response(effect, now, outcome)
    else:
        session.complete_failure(effect, now, *outcome)
