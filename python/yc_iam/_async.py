"""Credentials for asyncio. Any number of tasks may share them, in any number of event loops."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import time
from threading import Lock, Thread

from yc_iam._base import CredentialsBase, service_account_session
from yc_iam._core import Fail, Perform, Request, Token, Use
from yc_iam._effects import CANCELLED, checked, failure, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from typing_extensions import Self

    from yc_iam._core import Endpoints, Response, Session
    from yc_iam.types import Action, AsyncTransport, KeyLike, Outcome


class AsyncCredentials(CredentialsBase):
    """Gives IAM tokens, as `Credentials` does, without ever blocking the event loop.

    Keep one for as long as the program runs. However many tasks ask at once, one of them does the exchange; if that
    one is cancelled, another takes over.
    """

    __slots__ = ("_transport", "_waiting")

    def __init__(self, session: Session, name: str, transport: AsyncTransport | None) -> None:
        super().__init__(session, name, Lock())
        self._transport = transport
        self._waiting: set[asyncio.Future[None]] = set()

    @classmethod
    def service_account(
        cls, key: KeyLike, *, endpoints: Endpoints | None = None, transport: AsyncTransport | None = None
    ) -> Self:
        """Credentials of a service account; as `Credentials.service_account`.

        `transport` may be an `async def`; a plain function runs in a thread of its own, as the standard library's
        HTTP does.
        """
        return cls(*service_account_session(key, endpoints), transport)

    async def token(self) -> Token:
        """A token that is good for at least the next minute.

        Returns at once while the last one is fresh. Otherwise it awaits an exchange, and new tries where that can
        help. Raises `YcIamError`.
        """
        token, since, until = self._fresh
        if token is not None and since <= time.time() < until:
            return token
        loop = asyncio.get_running_loop()
        while True:
            with self._lock:
                step = self._poll()
                if not isinstance(step, (Use, Perform, Fail)):
                    # Announced under the same lock as the poll: no wake-up is lost.
                    changed = loop.create_future()
                    self._waiting.add(changed)
            if isinstance(step, Use):
                return step.token
            if isinstance(step, Fail):
                raise step.error
            if isinstance(step, Perform):
                await self._perform(step)
            else:
                await self._wait(changed, step.until)

    async def authorization(self) -> str:
        """The value of the `Authorization` header: `Bearer ` and a token. Awaits and raises as `token` does."""
        return (await self.token()).authorization()

    async def _wait(self, changed: asyncio.Future[None], until: float) -> None:
        timer = changed.get_loop().call_later(max(until - time.time(), 0.001), _settle, changed)
        try:
            await changed
        finally:
            timer.cancel()
            with self._lock:
                self._waiting.discard(changed)

    async def _perform(self, effect: Perform) -> None:
        outcome = CANCELLED
        try:
            outcome = await self._send(effect.action)
        finally:
            with self._lock:
                report(self._session, effect.id, outcome)
                waiting, self._waiting = self._waiting, set()
            for changed in waiting:
                _call_in(changed.get_loop(), _settle, changed)

    async def _send(self, action: Action) -> Outcome:
        try:
            if not isinstance(action, Request):
                raise NotImplementedError(f"an effect of type {type(action).__name__}")
            return checked(await asyncio.wait_for(self._call(action), action.timeout))
        except Exception as error:
            return failure(error)

    async def _call(self, request: Request) -> object:
        transport = self._transport
        if transport is None:
            return await _in_thread(_default_transport, request)
        # An object that is called like a function has the function in its type.
        if inspect.iscoroutinefunction(transport) or inspect.iscoroutinefunction(type(transport).__call__):
            answer: object = transport(request)
        else:
            answer = await _in_thread(transport, request)
        return await answer if inspect.isawaitable(answer) else answer


def _default_transport(request: Request) -> Response:
    # Imported in the thread: reading the modules from disk would block the loop.
    from yc_iam._transport import default_transport

    return default_transport(request)


async def _in_thread(function: Callable[[Request], object], request: Request) -> object:
    """Runs a function in a thread of its own.

    Not in the loop's executor: that may be full of calls that wait for this very token, and a program that ends would
    wait for its threads.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[object] = loop.create_future()

    def run() -> None:
        try:
            answer: object = function(request)
        except BaseException as error:
            answer = error
        _call_in(loop, _settle, result, answer)

    Thread(target=contextvars.copy_context().run, args=(run,), name="yc-iam", daemon=True).start()
    answer = await result
    if isinstance(answer, BaseException):
        raise answer if isinstance(answer, Exception) else RuntimeError(f"{type(answer).__name__} in the transport")
    return answer


def _settle(future: asyncio.Future[Any], result: object = None) -> None:
    if not future.done():
        future.set_result(result)


def _call_in(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *arguments: object) -> None:
    try:
        loop.call_soon_threadsafe(function, *arguments)
    except RuntimeError:
        # The loop was closed: nobody in it waits any more.
        pass
