"""What `AsyncCredentials` asks of an event loop, by trio. Imported only by a program that runs trio already."""

from __future__ import annotations

import math

import trio
from trio import sleep

from yc_iam._effects import Overdue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import Optional, TypeVar

    T = TypeVar("T")

__all__ = ["Flag", "runs_this", "sleep", "within"]


class Flag:
    """One task waits for it, and any thread may raise it, once or more often."""

    __slots__ = ("_event", "_run")

    def __init__(self) -> None:
        self._event = trio.Event()
        self._run = trio.lowlevel.current_trio_token()

    def set(self) -> None:
        try:
            self._run.run_sync_soon(self._event.set, idempotent=True)
        except trio.RunFinishedError:
            # Nobody in it waits any more.
            pass

    async def wait(self, seconds: Optional[float] = None) -> None:
        """Until it is raised, or for so long."""
        with trio.move_on_after(math.inf if seconds is None else seconds):
            await self._event.wait()


def runs_this() -> bool:
    try:
        trio.lowlevel.current_task()
    except RuntimeError:
        return False
    return True


async def within(seconds: Optional[float], answer: Awaitable[T]) -> T:
    """Raises `Overdue` if there is no answer in time."""
    with trio.move_on_after(math.inf if seconds is None else seconds):
        return await answer
    raise Overdue(f"no answer within {seconds:g} s")
