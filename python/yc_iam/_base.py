"""What credentials are, whether they block or are awaited."""

from __future__ import annotations

import os
import time
from _thread import get_ident
from _weakrefset import WeakSet

from yc_iam._core import Call, Endpoints, Session, Source, Task, Token, Use
from yc_iam._effects import Clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from threading import Condition, RLock
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


_ALIVE: WeakSet[CredentialsBase[Any, Any, Any]] = WeakSet()
_LEFT_BEHIND: list[Session] = []
_HELD: dict[int, dict[CredentialsBase[Any, Any, Any], RLock | Condition]] = {}
_PATIENCE = 1.0
"""A fork waits no longer than this for all locks together; each is held for microseconds, or for a signature."""


def _seed() -> int:
    """It spreads the renewals of a fleet; it is not a secret."""
    return int.from_bytes(os.urandom(8), "little")


def token_value(token: Token | str) -> str:
    if isinstance(token, str):
        return token
    if isinstance(token, Token):
        return token.value
    raise TypeError(f"a token is a Token or a str, and not an object of type {type(token).__name__}")


def revocation(token: Token | str) -> Task:
    return Task.tokens_revoke(token_value(token))


class CredentialsBase(Generic[TransportT, SupplierT, SignerT]):
    """A session, what its effects are done with, the lock that is held while it is polled and reported to, and the
    token that it gave last."""

    # With a dictionary, empty but where a test puts something in a method's place.
    __slots__ = (
        "__dict__",
        "__weakref__",
        "_clock",
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
        source: Source | None = None,
        endpoints: Endpoints | None = None,
        transport: TransportT | None = None,
        supplier: SupplierT | None = None,
        signer: SignerT | None = None,
    ) -> None:
        name = type(self).__name__
        if not isinstance(source, Source):
            constructors = f"`{name}.service_account(key)`, `.default()` or another of its constructors"
            raise TypeError(f"`{name}` is not called itself: use {constructors}")
        for place, given in (("transport", transport), ("signer", signer)):
            if given is not None and not callable(given):
                raise TypeError(f"{place} is a function, and not an object of type {type(given).__name__}")
        self._source = source
        self._clock = Clock()
        self._endpoints = Endpoints.from_env() if endpoints is None else endpoints
        self._transport = transport
        self._supplier = supplier
        self._signer = signer
        self._session = Session(source, self._endpoints, _seed())
        self._lock = self._new_lock()
        # A token, and the local times between which the core need not be asked. Written under the lock.
        self._fresh = _NOTHING
        _ALIVE.add(self)

    def invalidate(self, token: Token | str) -> bool:
        """Drops a token because a service answered 401 to it; the next call gets another.

        Ignored unless it is still the current one, so that late callers do no harm. True if it was dropped.
        """
        value = token_value(token)
        with self._lock:
            dropped = self._session.invalidate(value)
            if dropped:
                self._fresh = _NOTHING
        return dropped

    def _new_lock(self) -> RLock | Condition:
        raise NotImplementedError

    def _forked(self, held: bool) -> None:
        """Called in a new process, by the one thread that went on into it, under the lock if that could be had."""
        if held:
            self._session.forked(_seed())
            self._fresh = _NOTHING
        else:
            # Half changed, perhaps, and not even to be freed. The token that it gave still serves while it is fresh.
            _LEFT_BEHIND.append(self._session)
            self._session = Session(self._source, self._endpoints, _seed())
        self._lock = self._new_lock()

    def _call(self, task: Task, timeout: Seconds | None) -> Call:
        return Call(task, self._endpoints, timeout, os.urandom(16))

    def _poll(self) -> Step:
        """Called under the lock."""
        now = self._clock.now()
        step = self._session.poll(now)
        if isinstance(step, Use):
            # A clock that is set back behind the time when this was learnt makes it unknown again. The core hears of the time once a minute
            # at least, or it would not know how much has passed.
            token = self._fresh[0] if self._fresh[0] == step.token else step.token
            self._fresh = (token, now - 1.0, min(step.fresh_until, now + 60.0))
        return step

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._source.name}>"

    def __reduce__(self) -> NoReturn:
        name = type(self).__name__
        raise TypeError(f"`{name}` holds a secret and is not pickled or copied: make one in each process")


def _alive() -> list[CredentialsBase[Any, Any, Any]]:
    # A copy is made at once; credentials come and go in other threads.
    references = _ALIVE.data.copy()  # type: ignore[attr-defined]
    return [each for each in (reference() for reference in references) if each is not None]


def _before_fork() -> None:
    """Nobody polls or reports while the process is copied: a session does not survive that half changed."""
    # Filled as it goes, so that an interrupt in between leaves no lock behind.
    held = _HELD[get_ident()] = {}
    until = time.monotonic() + _PATIENCE
    # Always in the same order, for others may fork at the same time. This thread may hold some already.
    for each in sorted(_alive(), key=id):
        lock = each._lock
        if lock.acquire(timeout=max(0.0, until - time.monotonic())):
            held[each] = lock


def _after_fork_in_parent() -> None:
    for lock in _HELD.pop(get_ident(), {}).values():
        lock.release()


def _after_fork_in_child() -> None:
    held = _HELD.pop(get_ident(), {})
    _HELD.clear()
    for each in _alive():
        # What was not held is whole, too, if nobody was at it. Some servers fork without a word before.
        each._forked(each in held or each._lock.acquire(False))


# Windows has no fork.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child
    )
