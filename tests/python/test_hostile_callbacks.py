"""What the program's own functions may do to the host that calls them."""

from __future__ import annotations

import asyncio
import inspect
import time

import pytest

from helpers import token_answer
from hostile import VALUES
from shared import key_text
from yc_iam import Credentials, Endpoints, Response, YcIamError, _core

NOW = 1767225600.0
ID = "ajeb9l33h6mu12345678"
TOKEN = "t1.9euelZqTokenOfATest-0123456789.AbCdEf"


def transport(request):
    return token_answer(TOKEN)


@pytest.mark.parametrize("value", list(VALUES), ids=str)
def test_what_a_callback_returns_or_raises(value, kind):
    """A transport, a supplier and a signer that give this: an error of this package's, and the session goes on."""

    def gives():
        made = VALUES[value]()
        if isinstance(made, BaseException):
            raise made
        return made

    for make in (
        lambda: kind.oauth("y0_AgAAAAExampleOfNoAccount-01", endpoints=Endpoints.default(), transport=lambda _: gives()),
        lambda: kind.workload_identity(ID, token=gives, endpoints=Endpoints.default(), transport=transport),
        lambda: kind.service_account(
            key_text("plain"), signer=lambda _: gives(), endpoints=Endpoints.default(), transport=transport
        ),
    ):
        credentials = make()
        for _ in range(2):
            began = time.monotonic()
            with pytest.raises(YcIamError) as raised:
                result = credentials.token()
                asyncio.run(result) if inspect.isawaitable(result) else result
                # A supplier's text may be taken for a token by a transport that always answers.
                raise YcIamError("taken", code="cancelled", fault="caller")
            assert "HostileError-0123456789" not in str(raised.value)
            assert time.monotonic() - began < 5


def test_an_error_that_is_no_unicode(kind):
    """Reported like any other: the effect ends, and the next caller does not wait for it."""

    def broken(request):
        raise ValueError("\ud800")

    credentials = kind.oauth("y0_AgAAAAExampleOfNoAccount-01", endpoints=Endpoints.default(), transport=broken)
    for _ in range(2):
        with pytest.raises(YcIamError) as raised:
            result = credentials.token()
            asyncio.run(result) if inspect.isawaitable(result) else result
        assert raised.value.code == "transport_failed"


def test_callbacks_that_call_back():
    """Whoever is asked for a response, a signature or a token may ask the same credentials."""
    seen = []

    def asks(what):
        def inner(*_):
            seen.append(what)
            repr(credentials)
            credentials.invalidate("t1.another")
            return what

        return inner

    def answers(request):
        asks("transport")()
        return token_answer(TOKEN)

    def signs(content):
        asks("signer")()
        return bytes(256)

    credentials = Credentials.service_account(
        key_text("plain"), endpoints=Endpoints.default(), transport=answers, signer=signs
    )
    assert credentials.token().value == TOKEN
    assert seen == ["signer", "transport"]

    class Environment(dict):
        def __getitem__(self, name):
            assert Endpoints.from_env(dict(self)) == Endpoints.default()
            return super().__getitem__(name)

    assert Endpoints.from_env(Environment()) == Endpoints.default()

    class Headers(dict):
        def items(self):
            session.poll(NOW)
            return super().items()

    session = _core.Session(_core.Source.metadata(), Endpoints.default(), 1)
    effect = session.poll(NOW)
    session.complete(effect.id, NOW, Response(404, Headers(a="b"), b""))
