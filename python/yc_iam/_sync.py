"""Credentials for code that blocks. Any number of threads may share them."""

from __future__ import annotations

import threading
import time
from threading import Condition

from yc_iam._base import revocation
from yc_iam._core import Authorize, Done, Fail, Perform, Task, Token, Use
from yc_iam._effects import CANCELLED, FOREVER, Late, cut_short, do, report
from yc_iam._sources import CredentialsFrom
from yc_iam.errors import YcIamError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from typing_extensions import ParamSpec

    from yc_iam._core import Endpoints, LockboxPayload, Response, Source
    from yc_iam._services import FederatedCredentials, Federations, Lockbox, Operations
    from yc_iam.resources import FederatedCredential, Federation, Operation, Page
    from yc_iam.types import Action, Headers, Outcome, Seconds, Signer, Supplier, Transport

    P = ParamSpec("P")


class Credentials(CredentialsFrom["Transport", "Supplier", "Signer"]):
    """Gives IAM tokens: gets one when it is first asked, keeps it, renews it in time.

    Keep one for as long as the program runs. However many threads ask at once, one of them does the exchange.

    Every constructor takes `endpoints`, where the services are, by default `Endpoints.from_env()`; and `transport`,
    which sends requests in place of the standard library: it follows no redirect, returns the response whatever its
    status, and raises `TimeoutError` or another `OSError` where there is none.
    """

    __slots__ = ("_performing",)
    _lock: Condition

    def __init__(
        self,
        source: Source | None = None,
        endpoints: Endpoints | None = None,
        transport: Transport | None = None,
        supplier: Supplier | None = None,
        signer: Signer | None = None,
    ) -> None:
        super().__init__(source, endpoints, transport, supplier, signer)
        # What each thread performs now: more than one where what interrupted it asks as well; none in place of what was given up.
        # Whose it is, is looked up in `threading` each time: gevent, which may come later than this, puts greenlets in there.
        self._performing: dict[int, list[Perform | None]] = {}

    def _forked(self, held: bool) -> None:
        super()._forked(held)
        self._performing = {}

    def _new_lock(self) -> Condition:
        return Condition()

    def token(self) -> Token:
        """A token that is good for another minute at least, or a tenth of its life if that is shorter.

        Returns at once while the last one is fresh. Otherwise it blocks for an exchange, and for new tries where that
        can help. Raises `YcIamError`.
        """
        token, since, until = self._fresh
        if token is not None and since <= time.time() < until:
            return token
        return self._obtain()

    def _obtain(self, deadline: float = FOREVER) -> Token:
        """A token, or `Late` once `time.monotonic()` is at the deadline."""
        while True:
            token, since, until = self._fresh
            if token is not None and since <= time.time() < until:
                return token
            if time.monotonic() >= deadline:
                raise Late
            # A signal's handler that forks puts another in its place, in the child.
            lock = self._lock
            with lock:
                step = self._poll()
                if isinstance(step, Use):
                    return self._fresh[0] or step.token
                if isinstance(step, Perform):
                    self._performing.setdefault(threading.get_ident(), []).append(step)
                    # While one renews, the others get what still serves.
                    spare = deadline < FOREVER and isinstance(self._session.poll(self._clock.now()), Use)
                elif not isinstance(step, Fail):
                    if self._gave_up_own():
                        continue
                    # The lock is free while this waits, and was not free between the poll and now: no wake-up is lost.
                    begin = self._clock.now()
                    seconds = max(min(step.until - begin, deadline - time.monotonic()), 0.001)
                    if not lock.wait(seconds):
                        self._clock.waited(begin, seconds)
                    continue
            if isinstance(step, Fail):
                try:
                    raise step.error
                finally:
                    # It holds the error, and that this frame.
                    del step
            self._perform(step, deadline, spare)

    def authorization(self) -> str:
        """The value of the `Authorization` header: `Bearer ` and a token. Blocks and raises as `token` does."""
        return self.token().authorization()

    @property
    def lockbox(self) -> Lockbox[LockboxPayload]:
        """Lockbox: the payload of secrets."""
        from yc_iam._services import Lockbox

        return Lockbox(self._run)

    @property
    def federated_credentials(
        self,
    ) -> FederatedCredentials[FederatedCredential, list[FederatedCredential], Page[FederatedCredential], None]:
        """Federated credentials: which external subject may act as which service account."""
        from yc_iam._services import FederatedCredentials

        return FederatedCredentials(self._run)

    @property
    def federations(self) -> Federations[Federation, list[Federation], Page[Federation], None]:
        """Workload identity federations: external OIDC issuers that are trusted."""
        from yc_iam._services import Federations

        return Federations(self._run)

    @property
    def operations(self) -> Operations[Operation]:
        """Operations: what the cloud does after it has answered."""
        from yc_iam._services import Operations

        return Operations(self._run)

    def revoke(self, token: Token | str, *, timeout: Seconds | None = None) -> str:
        """Ends an IAM token at once, and gives the ID of the account that it was for.

        If it is the current one of these credentials, the next call gets another. Raises `YcIamError`. After an answer
        that was lost it asks again, and the service may then refuse a token that the first try has ended.
        """
        subject: str = self._run(timeout, revocation, token)
        self.invalidate(token)
        return subject

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Headers | None = None,
        body: str | bytes | None = None,
        json: object = None,
        timeout: Seconds | None = None,
    ) -> Response:
        """Sends a request with a token in its `Authorization` header, and gives the response, whatever its status.

        If the service answers 401, the token is renewed and the request sent once more, if there is another; nothing
        else is tried again.
        `url`: https, or http on a loopback address. `body`: text, or its UTF-8 bytes. `json`: what to send as JSON in
        place of a body. `timeout`: in seconds, the wait for the token included; by default a minute. Raises
        `YcIamError` where there is no response.
        """
        from yc_iam._services import request

        response: Response = self._run(timeout, request, method, url, headers, body, json)
        return response

    def _run(self, timeout: Seconds | None, make: Callable[P, Task], /, *arguments: P.args, **options: P.kwargs) -> Any:
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
                    token = self._obtain(time.monotonic() + step.until - self._clock.now()).value
                except Late:
                    continue
                except YcIamError:
                    if step.refused is None:
                        raise
                    # There is no other: the call ends in the answer that refused it.
                    token = step.refused
                call.authorize(token)
            elif isinstance(step, Perform):
                report(call, step, self._do(step.action), self._clock.now())
            else:
                begin = self._clock.now()
                seconds = max(step.until - begin, 0.001)
                time.sleep(seconds)
                self._clock.waited(begin, seconds)

    def _gave_up_own(self) -> bool:
        """Called under the lock, by a thread that would wait. It may be in the middle of the very effect that it would wait for.

        A signal's handler asks, and what it interrupted goes on only when it has its answer.
        """
        mine = self._performing.get(threading.get_ident())
        if not mine or mine[-1] is None:
            return False
        # Handlers interrupt handlers, but not that often.
        if len(mine) > 8:
            raise RuntimeError("a transport, supplier or signer asks the credentials for the token that it is to bring")
        effect, mine[-1] = mine[-1], None
        report(self._session, effect, CANCELLED, self._clock.now())
        return True

    def _perform(self, effect: Perform, deadline: float, spare: bool) -> None:
        session, outcome = self._session, CANCELLED
        try:
            if deadline < FOREVER:
                effect = effect.within(deadline - time.monotonic())
            outcome = cut_short(self._do(effect.action), deadline, spare)
        finally:
            lock = self._lock
            with lock:
                # A process that was forked off meanwhile may have another, which asked for nothing.
                if session is self._session:
                    report(session, effect, outcome, self._clock.now())
                mine = self._performing.get(threading.get_ident(), [])
                if len(mine) < 2:
                    self._performing.pop(threading.get_ident(), None)
                else:
                    mine.pop()
                lock.notify_all()

    def _do(self, action: Action) -> Outcome:
        return do(action, self._transport, self._supplier, self._signer)
