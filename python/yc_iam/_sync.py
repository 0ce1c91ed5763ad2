"""Credentials for code that blocks. Any number of threads may share them."""

from __future__ import annotations

import time
from threading import Condition

from yc_iam._base import CredentialsBase, service_account_session
from yc_iam._core import Fail, Perform, Request, Token, Use
from yc_iam._effects import CANCELLED, checked, failure, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Self

    from yc_iam._core import Endpoints, Session
    from yc_iam.types import Action, KeyLike, Outcome, Transport


class Credentials(CredentialsBase):
    """Gives IAM tokens: gets one when it is first asked, keeps it, renews it in time.

    Keep one for as long as the program runs. However many threads ask at once, one of them does the exchange.
    """

    __slots__ = ("_transport",)
    _lock: Condition

    def __init__(self, session: Session, name: str, transport: Transport | None) -> None:
        super().__init__(session, name, Condition())
        self._transport = transport

    @classmethod
    def service_account(
        cls,
        key: KeyLike,
        *,
        endpoints: Endpoints | None = None,
        transport: Transport | None = None,
    ) -> Self:
        """Credentials of a service account.

        `key`: a `ServiceAccountKey`, a key file's path, its content, or a mapping. `endpoints`: by default those that
        the environment asks for with `YC_IAM_ENDPOINT`, else the global installation's. `transport`: sends requests
        in place of the standard library; it follows no redirect, returns the response whatever its status, and raises
        `TimeoutError` or another `OSError` where there is none.

        Nothing is sent yet. Raises `InvalidKeyError`, or `ConfigurationError` if the file cannot be read.
        """
        return cls(*service_account_session(key, endpoints), transport)

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
            outcome = self._send(effect.action)
        finally:
            with self._lock:
                report(self._session, effect.id, outcome)
                self._lock.notify_all()

    def _send(self, action: Action) -> Outcome:
        try:
            if not isinstance(action, Request):
                raise NotImplementedError(f"an effect of type {type(action).__name__}")
            if self._transport is not None:
                return checked(self._transport(action))
            from yc_iam._transport import default_transport

            return default_transport(action)
        except Exception as error:
            return failure(error)
