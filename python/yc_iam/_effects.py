"""What both kinds of credentials know of effects: how they are done, what may come of them, and whom to tell."""

from __future__ import annotations

import os
import sys
import time

from yc_iam._core import ReadFile, ReadInput, ReadVariable, Request, Response, Session, Sign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from yc_iam._core import Call, Perform, Program
    from yc_iam.types import Action, FailureKind, Outcome

ROOM = 64 * 1024
"""No file that holds a key or a token comes near this."""

MOST = 4 * 1024 * 1024
"""Nor does anything that the core takes come near this: more is not read, or a device would be read for ever."""


class Overdue(TimeoutError):
    """What was awaited did not come in the time that it had: this library's own limit, and no exception of the awaited."""


CANCELLED: Outcome = ("cancelled", "")
"""Until there is another: whoever performs an effect may be interrupted at any time."""

FOREVER = float("inf")


class Late(Exception):
    """There is no token, and whoever asked has no more time: the call knows what that means."""


class Clock:
    """Python's, in seconds since the epoch. Where a test has stopped that, this one goes on by what was waited: whoever waits for a time
    would wait for ever."""

    __slots__ = ("_passed", "_stopped")

    def __init__(self) -> None:
        # What it said all through a wait, and what time it was when that was over.
        self._stopped, self._passed = 0.0, 0.0

    def now(self) -> float:
        said = time.time()
        return self._passed if said == self._stopped else said

    def waited(self, begin: float, seconds: float) -> None:
        """Takes note of a wait that lasted its whole time."""
        if self.now() == begin:
            self._stopped, self._passed = time.time(), begin + seconds


def cut_short(outcome: Outcome, deadline: float, spare: bool) -> Outcome:
    """What is reported by someone whose own time may have ended before the effect's.

    Then a time-out says nothing about the service. With a `spare` token it counts all the same: the others are to use
    that one, and not to begin the same renewal one after the other.
    """
    timed_out = isinstance(outcome, tuple) and outcome[0] == "timeout"
    return CANCELLED if timed_out and not spare and time.monotonic() >= deadline else outcome


def send(request: Request) -> Response:
    """Sends a request with the standard library, which is imported only now."""
    from yc_iam._transport import default_transport

    return default_transport(request)


def read_file(path: str) -> bytearray:
    """The content, in memory that can be wiped."""
    content, length = bytearray(ROOM), 0
    with open(path, "rb", buffering=0) as file:
        while count := file.readinto(memoryview(content)[length:]):
            length += count
            if length > MOST:
                _wipe(content)
                raise _too_large()
            if length == len(content):
                content, full = content + bytes(length), content
                _wipe(full)
    del content[length:]
    return content


def read_variable(name: str) -> bytes:
    return os.fsencode(os.environ[name])


def read_input() -> bytes:
    # Where it is closed, Python has none.
    content = b"" if sys.stdin is None else sys.stdin.buffer.read(MOST + 1)
    if len(content) > MOST:
        raise _too_large()
    return content


def _too_large() -> OSError:
    import errno

    return OSError(errno.EFBIG, f"it has more than {MOST // 1024 // 1024} MiB")


def means(
    action: Action, transport: Any = None, supplier: Any = None, signer: Any = None
) -> tuple[Callable[..., object], tuple[object, ...]]:
    """The function that does it, and its arguments."""
    if isinstance(action, Request):
        return send if transport is None else transport, (action,)
    if isinstance(action, ReadFile):
        return read_file, (action.path,)
    if isinstance(action, ReadInput):
        return read_input, ()
    if isinstance(action, ReadVariable):
        return read_variable, (action.name,)
    return (signer, (action.input,)) if isinstance(action, Sign) else (supplier, ())


def do(action: Action, transport: Any = None, supplier: Any = None, signer: Any = None) -> Outcome:
    """What comes of it, for those who wait until it is done."""
    function, arguments = means(action, transport, supplier, signer)
    try:
        return checked(action, function(*arguments))
    except Exception as error:
        return failure(action, error)


def checked(action: Action, answer: object) -> Outcome:
    """What came of an action, if it is what may come of it."""
    if isinstance(action, Request):
        if isinstance(answer, Response):
            return answer
        wanted = "a transport returns a yc_iam.Response"
    elif isinstance(action, ReadFile) and isinstance(answer, bytearray):
        # It is `read_file`'s, and wiped when the core has it.
        return answer
    elif isinstance(answer, (bytes, bytearray)):
        return bytes(answer)
    elif isinstance(action, Sign):
        wanted = "a signer returns bytes"
    elif isinstance(answer, str):
        return answer.encode("utf-8", "replace")
    else:
        wanted = "a supplier returns str or bytes"
    if hasattr(answer, "__await__") and hasattr(answer, "close"):
        # Nobody here will ever await it, and this is all the warning that there need be.
        answer.close()
    return _kind(action), f"{wanted}, and not an object of type {type(answer).__name__}"


def failure(action: Action, error: BaseException) -> Outcome:
    """An exception as the core knows it."""
    if isinstance(error, Overdue):
        return "timeout", str(error)
    if isinstance(action, ReadVariable) and isinstance(error, KeyError):
        return "variable", ""
    if isinstance(action, (ReadFile, ReadInput)) and isinstance(error, OSError) and error.strerror:
        # The core names the file.
        return "file", error.strerror
    name = type(error).__name__
    try:
        detail = f"{name}: {error}" if str(error) else name
    except Exception:
        # An exception of the program's own may fail to say what it is.
        detail = name
    return _network_kind(error) if isinstance(action, Request) else _kind(action), detail


def report(session: Session | Call | Program, effect: Perform, outcome: Outcome, now: float) -> None:
    """Hands the outcome to the core, and wipes what was read for it."""
    try:
        if isinstance(session, Session) and isinstance(effect.action, Sign) and isinstance(outcome, bytes):
            session.complete_signature(effect.id, now, outcome)
        else:
            session.complete(effect.id, now, outcome)
    finally:
        if isinstance(outcome, bytearray):
            _wipe(outcome)


def _wipe(content: bytearray) -> None:
    content[:] = bytes(len(content))


def _kind(action: Action) -> FailureKind:
    if isinstance(action, Request):
        return "other"
    if isinstance(action, (ReadFile, ReadInput)):
        return "file"
    if isinstance(action, ReadVariable):
        return "variable"
    return "signing" if isinstance(action, Sign) else "supplier"


def _network_kind(error: BaseException) -> FailureKind:
    """What HTTP clients raise wraps what the sockets raised: that decides."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    # By identity: what an exception is equal to is its own affair.
    while link is not None and not any(link is known for known in chain):
        chain.append(link)
        link = link.__cause__ or link.__context__
    for kind, types in _network_kinds():
        if any(isinstance(link, types) for link in chain):
            return kind
    return "other"


def _network_kinds() -> list[tuple[FailureKind, tuple[type[BaseException], ...]]]:
    # Python 3.9 and 3.10 have timeouts of their own in two modules.
    timeouts: tuple[type[BaseException], ...] = (
        TimeoutError,
        *_known("socket", "timeout"),
        *_known("asyncio", "TimeoutError"),
        *_known("trio", "TooSlowError"),
    )
    return [
        ("timeout", timeouts),
        ("connection", _known("ssl", "SSLEOFError", "SSLZeroReturnError")),
        ("tls", _known("ssl", "SSLError")),
        ("connection", (OSError, *_known("http.client", "HTTPException"))),
    ]


def _known(module: str, *names: str) -> tuple[type[BaseException], ...]:
    # What was never imported has raised nothing; and who imports it now, or put something in its place, may not have the names.
    there = (getattr(sys.modules.get(module), name, None) for name in names)
    return tuple(each for each in there if isinstance(each, type) and issubclass(each, BaseException))
