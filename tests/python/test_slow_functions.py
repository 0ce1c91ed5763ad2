"""Functions of the program that never end, in loops whose time passes at once: nobody waits for them for ever."""

from __future__ import annotations

import asyncio
import threading

import pytest

from helpers import token_answer
from shared import file_cases, key
from yc_iam import AsyncCredentials, Response, YcIamError

ACCOUNT = "ajeb9l33h6mu12345678"
EXCHANGED = b'{"access_token": "t1.by-a-transport", "expires_in": 43200, "token_type": "Bearer"}'
NAMES = {"signer": "the signer", "supplier": "the supplier"}


class HastyLoop(asyncio.SelectorEventLoop):
    """Where nothing happens for a moment, it is at once the time that somebody waits for."""

    def __init__(self, clock):
        super().__init__()
        self._clock, self._ahead, patient = clock, 0.0, self._selector.select

        def select(timeout):
            events = patient(timeout if timeout is None else min(timeout, 0.02))
            if not events and timeout is not None and timeout > 0.02:
                self._ahead += timeout
                self._clock.offset += timeout
            return events

        self._selector.select = select

    def time(self):
        return super().time() + self._ahead


@pytest.fixture
def loop(clock):
    loop = HastyLoop(clock)
    yield loop
    loop.close()


def subject_token():
    return next(case for case in file_cases("subject_tokens.json") if case["name"] == "no_times")["content"]["text"]


def credentials(name, function):
    """Whose signer or supplier this is, at a service that grants whatever is asked."""

    async def transport(request):
        return token_answer() if request.url.endswith("/iam/v1/tokens") else Response(200, {}, EXCHANGED)

    if name == "signer":
        return AsyncCredentials.service_account(key("plain"), signer=lambda_of(function, 1), transport=transport)
    return AsyncCredentials.workload_identity(ACCOUNT, token=lambda_of(function, 0), transport=transport)


def lambda_of(function, arguments):
    if asyncio.iscoroutinefunction(function):

        async def awaited(*given):
            assert len(given) == arguments
            return await function()

        return awaited
    return lambda *given: function()


def good(name):
    return b"\x5a" * 256 if name == "signer" else subject_token()


async def outcomes(creds, count):
    return await asyncio.gather(*(creds.token() for _ in range(count)), return_exceptions=True)


@pytest.mark.parametrize("name", NAMES)
def test_one_that_is_lost_once(loop, name):
    calls = []

    async def function():
        calls.append(name)
        if len(calls) == 1:
            await asyncio.Event().wait()
        return good(name)

    tokens = loop.run_until_complete(outcomes(credentials(name, function), 3))
    assert [token.value for token in tokens] == ["t1.by-a-transport"] * 3
    assert len(calls) == 2


@pytest.mark.parametrize("name", NAMES)
def test_one_that_never_ends(loop, clock, name):
    async def function():
        await asyncio.Event().wait()

    creds = credentials(name, function)
    for count in (3, 1):
        # An error stands for a second.
        clock.offset += 1
        before = clock.offset
        for error in loop.run_until_complete(outcomes(creds, count)):
            assert isinstance(error, YcIamError)
            assert (error.code, error.transient) == ("timeout", True)
            assert NAMES[name] in str(error) and "30 s" in str(error)
        assert 140 < clock.offset - before < 160


@pytest.mark.parametrize("name", NAMES)
def test_a_thread_that_never_ends_is_abandoned(loop, name):
    calls, over = [], threading.Event()

    def function():
        calls.append(name)
        if len(calls) == 1:
            over.wait()
        return good(name)

    try:
        tokens = loop.run_until_complete(outcomes(credentials(name, function), 2))
    finally:
        over.set()
    assert [token.value for token in tokens] == ["t1.by-a-transport"] * 2


def test_a_timeout_of_its_own_is_its_failure(loop):
    async def function():
        raise TimeoutError("the vault is slow")

    with pytest.raises(YcIamError, match="the vault is slow") as raised:
        loop.run_until_complete(credentials("signer", function).token())
    assert raised.value.code == "signing_failed"


def test_under_trio(clock):
    trio = pytest.importorskip("trio")
    testing = pytest.importorskip("trio.testing")
    calls = []

    async def transport(request):
        return token_answer()

    async def signer(message):
        calls.append(message)
        if len(calls) == 1:
            await trio.sleep_forever()
        return good("signer")

    async def main():
        return await AsyncCredentials.service_account(key("plain"), signer=signer, transport=transport).token()

    hasty = testing.MockClock(autojump_threshold=0)
    assert trio.run(main, clock=hasty).value == "t1.by-a-transport"
    assert hasty.current_time() - 30 >= 0
    assert len(calls) == 2
