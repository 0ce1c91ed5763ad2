"""What credentials are, whether they block or are awaited."""

from __future__ import annotations

import os
import time

from yc_iam._core import Call, Endpoints, Session, Source, Task, Token, Use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Any, Generic, NoReturn, TypeVar

    from yc_iam.types import Seconds, Step

    TransportT = TypeVar("TransportT")
    SupplierT = TypeVar("SupplierT")
    SignerT = TypeVar("SignerT")
else:
    # `typing` takes its time, and only type checkers need what is between the brackets.
    TransportT = SupplierT = SignerT = None

    class Generic:
        __slots__ = ()

        def __class_getitem__(cls, _):
            return cls


_NOTHING: tuple[Token | None, float, float] = (None, 0.0, 0.0)


class CredentialsBase(Generic[TransportT, SupplierT, SignerT]):
    """A session, what its effects are done with, the lock that is held while it is polled and reported to, and the
    token that it gave last."""

    __slots__ = (
        "__weakref__",
        "_endpoints",
        "_fresh",
        "_lock",
        "_session",
        "_signer",
        "_source",
        "_supplier",
        "_transport",
    )

    def __init__(
        self,
        source: Source,
        endpoints: Endpoints | None,
        transport: TransportT | None,
        supplier: SupplierT | None = None,
        signer: SignerT | None = None,
    ) -> None:
        self._source = source
        self._endpoints = Endpoints.from_env() if endpoints is None else endpoints
        self._transport = transport
        self._supplier = supplier
        self._signer = signer
        # The seed spreads the renewals of a fleet; it is not a secret.
        self._session = Session(source, self._endpoints, int.from_bytes(os.urandom(8), "little"))
        self._lock = self._new_lock()
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

    def _new_lock(self) -> AbstractContextManager[Any]:
        raise NotImplementedError

    def _call(self, task: Task, timeout: Seconds | None) -> Call:
        return Call(task, self._endpoints, timeout, os.urandom(16))

    def _poll(self) -> Step:
        """Called under the lock."""
        now = time.time()
        step = self._session.poll(now)
        if isinstance(step, Use):
            # A clock that is set back behind the time when this was learnt makes it unknown again.
            self._fresh = (step.token, now - 1.0, step.fresh_until)
        return step

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._source.name}>"

    def __reduce__(self) -> NoReturn:
        name = type(self).__name__
        raise TypeError(f"`{name}` holds a secret and is not pickled or copied: make one in each process")
