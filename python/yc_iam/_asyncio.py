"""What `AsyncCredentials` asks of an event loop, by asyncio. `_trio` has the same names."""

from __future__ import annotations

import asyncio
from asyncio import sleep

from yc_iam._effects import Overdue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import Optional, TypeVar

    T = TypeVar("T")

__all__ = ["Flag", "sleep", "within"]


class Flag:
    """One task waits for it, and any thread may raise it, once or more often."""

    __slots__ = ("_future",)

    def __init__(self) -> None:
        self._future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def set(self) -> None:
        loop = self._future.get_loop()
        # Nearly always the loop that runs this: to wake it from within would be a system call for each of many tasks.
        if asyncio._get_running_loop() is loop:
            _settle(self._future)
            return
        try:
            loop.call_soon_threadsafe(_settle, self._future)
        except RuntimeError:
            # The loop was closed: nobody in it waits any more.
            pass

    async def wait(self, seconds: Optional[float] = None) -> None:
        """Until it is raised, or for so long."""
        if seconds is None:
            return await self._future
        timer = self._future.get_loop().call_later(seconds, _settle, self._future)
        try:
            await self._future
        finally:
            timer.cancel()


async def within(seconds: Optional[float], answer: Awaitable[T]) -> T:
    """Raises `Overdue` if there is no answer in time.

    `asyncio.wait_for` loses a cancellation that comes together with the answer, up to Python 3.11.
    """
    task = asyncio.ensure_future(answer)
    # Whatever comes between, its exception is looked at, or asyncio would report that nobody did.
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        await asyncio.wait({task}, timeout=seconds)
        if task.done():
            return task.result()
        raise Overdue(f"no answer within {seconds:g} s")
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
        # It holds the exception, and that this frame.
        del task


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
