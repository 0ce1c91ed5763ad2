"""What credentials are, whether they block or are awaited."""

from __future__ import annotations

import os
import time

from yc_iam._core import Endpoints, ServiceAccountKey, Session, Token, Use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Any, NoReturn

    from yc_iam.types import KeyLike, Step

_NOTHING: tuple[Token | None, float, float] = (None, 0.0, 0.0)


def service_account_session(key: KeyLike, endpoints: Endpoints | None) -> tuple[Session, str]:
    """A session for a service account's key, and what to call it."""
    key = ServiceAccountKey.from_any(key)
    # Spreads the renewals of a fleet; not a secret.
    seed = int.from_bytes(os.urandom(8), "little")
    return Session(key, endpoints or Endpoints.from_env(), seed), f"service account {key.service_account_id}"


class CredentialsBase:
    """A session, the lock that is held while it is polled and reported to, and the token that it gave last."""

    __slots__ = ("__weakref__", "_fresh", "_lock", "_name", "_session")

    def __init__(self, session: Session, name: str, lock: AbstractContextManager[Any]) -> None:
        self._session = session
        self._name = name
        self._lock = lock
        # A token, and the local times between which the core need not be asked. Written under the lock.
        self._fresh = _NOTHING

    def invalidate(self, token: Token | str) -> bool:
        """Drops a token because a service answered 401 to it; the next call gets another.

        Ignored unless it is still the current one, so that late callers do no harm. True if it was dropped.
        """
        value = token if isinstance(token, str) else token.value
        with self._lock:
            dropped = self._session.invalidate(value)
            if dropped:
                self._fresh = _NOTHING
        return dropped

    def _poll(self) -> Step:
        """Called under the lock."""
        now = time.time()
        step = self._session.poll(now)
        if isinstance(step, Use):
            # A clock that is set back behind the time when this was learnt makes it unknown again.
            self._fresh = (step.token, now - 1.0, step.fresh_until)
        return step

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._name}>"

    def __reduce__(self) -> NoReturn:
        name = type(self).__name__
        raise TypeError(f"`{name}` holds a secret and is not pickled or copied: make one in each process")
