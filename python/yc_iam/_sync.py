"""Credentials for code that blocks. Any number of threads may share them."""

from __future__ import annotations

import time
from threading import Condition

from yc_iam._core import Fail, Perform, Token, Use
from yc_iam._effects import CANCELLED, checked, failure, report
from yc_iam._sources import CredentialsFrom

TYPE_CHECKING = False
if TYPE_CHECKING:
    from yc_iam.types import Action, Outcome, Signer, Supplier, Transport


class Credentials(CredentialsFrom["Transport", "Supplier", "Signer"]):
    """Gives IAM tokens: gets one when it is first asked, keeps it, renews it in time.

    Keep one for as long as the program runs. However many threads ask at once, one of them does the exchange.

    Every constructor takes `endpoints`, where the services are, by default `Endpoints.from_env()`; and `transport`,
    which sends requests in place of the standard library: it follows no redirect, returns the response whatever its
    status, and raises `TimeoutError` or another `OSError` where there is none.
    """

    __slots__ = ()
    _lock: Condition

    def _new_lock(self) -> Condition:
        return Condition()

    def token(self) -> Token:
        """A token that is good for at least the next minute.

        Returns at once while the last one is fresh. Otherwise it blocks for an exchange, and for new tries where that
        can help. Raises `YcIamError`.
        """
        token, since, until = self._fresh
        if token is not None and since <= time.time() < until:
            return token
        while True:
            with self._lock:
                step = self._poll()
                if isinstance(step, Use):
                    return step.token
                if not isinstance(step, (Perform, Fail)):
                    # The lock is free while this waits, and was not free between the poll and now: no wake-up is lost.
                    self._lock.wait(max(step.until - time.time(), 0.001))
                    continue
            if isinstance(step, Fail):
                raise step.error
            self._perform(step)

    def authorization(self) -> str:
        """The value of the `Authorization` header: `Bearer ` and a token. Blocks and raises as `token` does."""
        return self.token().authorization()

    def _perform(self, effect: Perform) -> None:
        outcome = CANCELLED
        try:
            outcome = self._do(effect.action)
        finally:
            with self._lock:
                report(self._session, effect, outcome)
                self._lock.notify_all()

    def _do(self, action: Action) -> Outcome:
        function, arguments = self._means(action)
        try:
            return checked(action, function(*arguments))
        except Exception as error:
            return failure(action, error)
