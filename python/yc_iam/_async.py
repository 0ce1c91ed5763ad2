"""Credentials for asyncio and trio. Any number of tasks may share them, in any number of event loops."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import sys
import time
from threading import RLock, Thread, main_thread

from yc_iam import _asyncio
from yc_iam._base import revocation
from yc_iam._core import Authorize, Done, Fail, Perform, Source, Task, Token, Use
from yc_iam._effects import CANCELLED, FOREVER, Late, checked, cut_short, failure, means, report
from yc_iam._sources import CredentialsFrom
from yc_iam.errors import YcIamError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from types import ModuleType
    from typing import Any, Callable, Union

    from typing_extensions import ParamSpec

    from yc_iam import _trio

    from yc_iam._core import Endpoints, LockboxPayload, Response
    from yc_iam._services import FederatedCredentials, Federations, Lockbox, Operations
    from yc_iam.resources import FederatedCredential, Federation, Operation, Page
    from yc_iam.types import Action, AsyncSigner, AsyncSupplier, AsyncTransport, Headers, Outcome, Seconds

    P = ParamSpec("P")
    Flag = Union[_asyncio.Flag, _trio.Flag]


class AsyncCredentials(CredentialsFrom["AsyncTransport", "AsyncSupplier", "AsyncSigner"]):
    """Gives IAM tokens, as `Credentials` does, without ever blocking the event loop.

    Keep one for as long as the program runs. However many tasks ask at once, one of them does the exchange; if that
    one is cancelled, another takes over.

    The constructors are those of `Credentials`. Every function that is passed in, a transport for instance, may be an
    `async def`; a plain function runs in a thread of its own, as the standard library's HTTP does.
    """

    __slots__ = ("_waiting",)

    def __init__(
        self,
        source: Source | None = None,
        endpoints: Endpoints | None = None,
        transport: AsyncTransport | None = None,
        supplier: AsyncSupplier | None = None,
        signer: AsyncSigner | None = None,
    ) -> None:
        super().__init__(source, endpoints, transport, supplier, signer)
        self._waiting: set[Flag] = set()

    def _forked(self, held: bool) -> None:
        super()._forked(held)
        # Their loops are the other process's.
        self._waiting = set()

    def _new_lock(self) -> RLock:
        # A signal's handler may ask, or fork, while its thread holds it.
        return RLock()

    async def token(self) -> Token:
        """A token that is good for another minute at least, or a tenth of its life if that is shorter.

        Returns at once while the last one is fresh. Otherwise it awaits an exchange, and new tries where that can
        help. Raises `YcIamError`.
        """
        token, since, until = self._fresh
        if token is not None and since <= time.time() < until:
            return token
        return await self._obtain()

    async def _obtain(self, deadline: float = FOREVER) -> Token:
        """A token, or `Late` once `time.monotonic()` is at the deadline."""
        while True:
            token, since, until = self._fresh
            if token is not None and since <= time.time() < until:
                return token
            if time.monotonic() >= deadline:
                raise Late
            loop = _loop()
            with self._lock:
                step = self._poll()
                if not isinstance(step, (Use, Perform, Fail)):
                    # Announced under the same lock as the poll: no wake-up is lost.
                    changed = loop.Flag()
                    self._waiting.add(changed)
                elif isinstance(step, Perform):
                    # While one renews, the others get what still serves.
                    spare = deadline < FOREVER and isinstance(self._session.poll(self._clock.now()), Use)
            if isinstance(step, Use):
                return self._fresh[0] or step.token
            if isinstance(step, Fail):
                try:
                    raise step.error
                finally:
                    # It holds the error, and that this frame.
                    del step
            if isinstance(step, Perform):
                await self._perform(step, deadline, spare)
            else:
                await self._wait(changed, min(step.until - self._clock.now(), deadline - time.monotonic()))

    async def authorization(self) -> str:
        """The value of the `Authorization` header: `Bearer ` and a token. Awaits and raises as `token` does."""
        return (await self.token()).authorization()

    @property
    def lockbox(self) -> Lockbox[Awaitable[LockboxPayload]]:
        """Lockbox: the payload of secrets."""
        from yc_iam._services import Lockbox

        return Lockbox(self._run)

    @property
    def federated_credentials(
        self,
    ) -> FederatedCredentials[
        Awaitable[FederatedCredential],
        Awaitable[list[FederatedCredential]],
        Awaitable[Page[FederatedCredential]],
        Awaitable[None],
    ]:
        """Federated credentials: which external subject may act as which service account."""
        from yc_iam._services import FederatedCredentials

        return FederatedCredentials(self._run)

    @property
    def federations(
        self,
    ) -> Federations[Awaitable[Federation], Awaitable[list[Federation]], Awaitable[Page[Federation]], Awaitable[None]]:
        """Workload identity federations: external OIDC issuers that are trusted."""
        from yc_iam._services import Federations

        return Federations(self._run)

    @property
    def operations(self) -> Operations[Awaitable[Operation]]:
        """Operations: what the cloud does after it has answered."""
        from yc_iam._services import Operations

        return Operations(self._run)

    async def revoke(self, token: Token | str, *, timeout: Seconds | None = None) -> str:
        """Ends an IAM token at once, as `Credentials.revoke` does."""
        subject: str = await self._run(timeout, revocation, token)
        self.invalidate(token)
        return subject

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Headers | None = None,
        body: str | bytes | None = None,
        json: object = None,
        timeout: Seconds | None = None,
    ) -> Response:
        """Sends a request with a token in its `Authorization` header, as `Credentials.request` does."""
        from yc_iam._services import request

        response: Response = await self._run(timeout, request, method, url, headers, body, json)
        return response

    async def _run(
        self, timeout: Seconds | None, make: Callable[P, Task], /, *arguments: P.args, **options: P.kwargs
    ) -> Any:
        call = self._call(make(*arguments, **options), timeout)
        # They may be secret, and whoever reports an error may show what stands in its frames.
        del arguments, options
        while True:
            step = call.poll(self._clock.now())
            if isinstance(step, Done):
                return step.answer
            if isinstance(step, Fail):
                try:
                    raise step.error
                finally:
                    # It holds the error, and that this frame.
                    del step
            if isinstance(step, Authorize):
                if step.refused is not None:
                    self.invalidate(step.refused)
                try:
                    token = (await self._obtain(time.monotonic() + step.until - self._clock.now())).value
                except Late:
                    continue
                except YcIamError:
                    if step.refused is None:
                        raise
                    # There is no other: the call ends in the answer that refused it.
                    token = step.refused
                call.authorize(token)
            elif isinstance(step, Perform):
                report(call, step, await self._do(step.action), self._clock.now())
            else:
                begin = self._clock.now()
                seconds = max(step.until - begin, 0.001)
                await _loop().sleep(seconds)
                self._clock.waited(begin, seconds)

    async def _wait(self, changed: Flag, seconds: float) -> None:
        begin, seconds = self._clock.now(), max(seconds, 0.001)
        try:
            await changed.wait(seconds)
            # Nobody has raised it.
            if changed in self._waiting:
                self._clock.waited(begin, seconds)
        finally:
            with self._lock:
                self._waiting.discard(changed)

    async def _perform(self, effect: Perform, deadline: float, spare: bool) -> None:
        session, outcome = self._session, CANCELLED
        try:
            if deadline < FOREVER:
                outcome = cut_short(await self._do_until(deadline, effect), deadline, spare)
            else:
                outcome = await self._do(effect.action)
        finally:
            with self._lock:
                # A process that was forked off meanwhile may have another, which asked for nothing.
                if session is self._session:
                    report(session, effect, outcome, self._clock.now())
                waiting, self._waiting = self._waiting, set()
            for changed in waiting:
                changed.set()

    async def _do_until(self, deadline: float, effect: Perform) -> Outcome:
        """As `_do`, where neither a supplier nor a signer outlives the deadline."""
        left = max(deadline - time.monotonic(), 0.001)
        try:
            outcome: Outcome = await _loop().within(left, self._do(effect.within(left).action))
        except (TimeoutError, asyncio.TimeoutError):
            outcome = "timeout", "the caller's time is over"
        # Some loops' timers ring a tick early: it is the caller's time that is over, and not the service's.
        while isinstance(outcome, tuple) and outcome[0] == "timeout" and 0 < deadline - time.monotonic() < 0.05:
            await _loop().sleep(0.001)
        return outcome

    async def _do(self, action: Action) -> Outcome:
        function, arguments = means(action, self._transport, self._supplier, self._signer)
        try:
            return checked(action, await _loop().within(action.timeout, _call(function, *arguments)))
        except Exception as error:
            return failure(action, error)


async def _call(function: Callable[..., object], *arguments: object) -> object:
    # An object that is called like a function has the function in its type.
    if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__):
        answer: object = function(*arguments)
    else:
        answer = await _in_thread(function, *arguments)
    return await answer if inspect.isawaitable(answer) else answer


async def _in_thread(function: Callable[..., object], *arguments: object) -> object:
    """Runs a function in a thread of its own: reading files, too, would block the loop, and so do imports.

    Not in the loop's executor: that may be full of calls that wait for this very token, and a program that ends would
    wait for its threads.
    """
    done, answers = _loop().Flag(), []

    def run() -> None:
        try:
            answers.append(function(*arguments))
        except BaseException as error:
            answers.append(error)
        done.set()

    try:
        Thread(target=contextvars.copy_context().run, args=(run,), name="yc-iam", daemon=True).start()
    except RuntimeError:
        if main_thread().is_alive():
            raise
        # Python 3.12 starts no thread any more in a program that ends, in `atexit` for instance; nothing else is to run on there.
        run()
    await done.wait()
    answer: object = answers.pop()
    if isinstance(answer, BaseException):
        try:
            raise answer if isinstance(answer, Exception) else RuntimeError(f"{type(answer).__name__} in a thread")
        finally:
            # It holds this frame.
            del answer
    return answer


def _loop() -> ModuleType:
    """The library whose loop runs this task."""
    if "trio" not in sys.modules:
        return _asyncio
    try:
        # Each of the two can run as a guest of the other. A task of asyncio is one in any case.
        if asyncio.current_task() is not None:
            return _asyncio
    except RuntimeError:
        pass
    from yc_iam import _trio

    return _trio if _trio.runs_this() else _asyncio
