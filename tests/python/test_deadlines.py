"""A call's `timeout` holds while the call waits for a token, too; and whoever runs out of time spoils nothing for the others."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from helpers import result, token_answer
from servers import Server, answer, replying
from services import SECRET, serving
from yc_iam import AsyncCredentials, Credentials, Endpoints, NetworkError, Response, YcIamError
from yc_iam.kubernetes import AsyncInCluster, InCluster

SOON = 0.5
GENEROUS = 10
"""Without an end of its own, a call would wait for five exchanges of ten seconds each."""


def silent(server, _):
    server.stopping.wait(60)


def at(kind, iam, elsewhere, **options):
    endpoints = Endpoints.custom(iam=iam, lockbox=elsewhere, operation=elsewhere)
    return kind.oauth("y0_example", endpoints=endpoints, **options)


def late(ask):
    """The error of a call that is given little time, and in time."""
    began = time.monotonic()
    with pytest.raises(YcIamError) as raised:
        result(ask())
    assert time.monotonic() - began < GENEROUS
    return raised.value


CALLS = {
    "request": lambda its, url: its.request("GET", url, timeout=SOON),
    "lockbox": lambda its, _: its.lockbox.get("e6qs", timeout=SOON),
    "federations": lambda its, _: its.federations.get("ajef1", timeout=SOON),
    "revoke": lambda its, _: its.revoke("t1.example", timeout=SOON),
}


@pytest.mark.parametrize("name", CALLS)
def test_an_exchange_without_an_answer(kind, name):
    with Server(silent) as server, serving({}) as service:
        made = at(kind, server.url, service.url)
        error = late(lambda: CALLS[name](made, service.url))
        assert (type(error), error.code) == (NetworkError, "timeout")
        assert "no token" in str(error) and error.__context__ is None
        assert not service.received


def silent_after_a_token():
    """A script, and the connections that it had."""
    had = []

    def script(server, connection):
        had.append(connection)
        (silent if len(had) > 1 else replying(answer(token_answer().body)))(server, connection)

    return script, had


def test_a_renewal_without_an_answer(kind):
    """The first token is refused; the operation that is waited for goes on without the call."""
    script, _ = silent_after_a_token()
    with Server(script) as server, serving((401, {"code": 16, "message": "no"})) as service:
        made = at(kind, server.url, service.url)
        result(made.token())
        error = late(lambda: made.operations.wait("ajeo1", timeout=2))
        assert error.code == "operation_unfinished"
        assert len(service.received) == 1


def test_whoever_has_more_time_gets_the_token(kind):
    """The one who does the exchange gives up; those who wait for it are not charged for that."""
    begun, asked = threading.Event(), []

    def script(server, connection):
        asked.append(server.read_request(connection))
        if len(asked) == 1:
            begun.set()
            server.stopping.wait(60)
        else:
            connection.sendall(answer(token_answer().body))

    with Server(script) as server, serving(SECRET) as service:
        made = at(kind, server.url, service.url)
        errors = []

        def impatient():
            errors.append(late(lambda: made.lockbox.get("e6qs", timeout=SOON)))

        thread = threading.Thread(target=impatient)
        thread.start()
        assert begun.wait(GENEROUS)
        assert result(made.lockbox.get("e6qs", timeout=30)).keys() == ["user", "blob"]
        thread.join()
        assert [error.code for error in errors] == ["timeout"]
        assert len(asked) == 2


def test_tasks_that_wait_for_an_exchange():
    """Each ends at its own time, also those that only wait for the one that does it."""

    async def main():
        made = at(AsyncCredentials, server.url, server.url)
        calls = [made.lockbox.get("e6qs", timeout=SOON * number) for number in (2, 1, 1)]
        return await asyncio.gather(*calls, return_exceptions=True)

    with Server(silent) as server:
        began = time.monotonic()
        errors = asyncio.run(main())
        assert time.monotonic() - began < GENEROUS
        assert [error.code for error in errors] == ["timeout"] * 3


def test_threads_that_wait_for_an_exchange():
    errors = []
    with Server(silent) as server:
        made = at(Credentials, server.url, server.url)

        def ask(timeout):
            errors.append(late(lambda: made.lockbox.get("e6qs", timeout=timeout)))

        threads = [threading.Thread(target=ask, args=(SOON * number,)) for number in (2, 1, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [error.code for error in errors] == ["timeout"] * 3


def test_a_renewal_that_takes_too_long_leaves_the_old_token_to_the_others(kind, clock):
    script, had = silent_after_a_token()
    with Server(script) as server, serving(SECRET) as service:
        made = at(kind, server.url, service.url)
        result(made.token())
        clock.offset += 3600 * 1.2
        assert late(lambda: made.lockbox.get("e6qs", timeout=SOON)).code == "timeout"
        # The next renewal comes half a minute later.
        assert result(made.lockbox.get("e6qs", timeout=30)).keys() == ["user", "blob"]
        assert len(had) == 2


def test_a_supplier_that_hangs_is_left_behind():
    async def supplier():
        await asyncio.sleep(60)

    with serving({}) as service:
        endpoints = Endpoints.all_at(service.url)
        made = AsyncCredentials.workload_identity("ajeexample", token=supplier, endpoints=endpoints)
        assert late(lambda: made.request("GET", service.url, timeout=SOON)).code == "timeout"


def test_a_transport_that_fails_at_once_is_not_asked_without_a_pause(kind):
    asked = []

    def transport(request):
        asked.append(request.timeout)
        raise TimeoutError

    made = at(kind, "http://127.0.0.1:9", "http://127.0.0.1:9", transport=transport)
    with pytest.raises(YcIamError):
        result(made.lockbox.get("e6qs", timeout=30))
    assert len(asked) == 5
    assert all(timeout <= 10 for timeout in asked)


def test_a_request_may_take_all_the_time_that_it_is_given(kind):
    timeouts = []

    def transport(request):
        timeouts.append(request.timeout)
        return Response(200, {}, b"")

    made = kind.fixed("t1.example", endpoints=Endpoints.default(), transport=transport)
    for timeout in (300, None, float("inf")):
        result(made.request("POST", "https://example.com/slow", timeout=timeout))
    assert 299 < timeouts[0] <= 300
    assert timeouts[1:] == pytest.approx([60, 2_000_000], abs=1)


@pytest.mark.parametrize("kind", [InCluster, AsyncInCluster], ids=["sync", "async"])
def test_so_may_one_to_the_api_server(kind, emulator, tmp_path):
    timeouts = []

    def transport(request):
        timeouts.append(request.timeout)
        return Response(200, {}, b"")

    emulator.kubernetes.mount(tmp_path, "web", "app")
    cluster = kind(tmp_path, environ=emulator.kubernetes.environ, transport=transport)
    for timeout in (300, None):
        result(cluster.send("/version", timeout=timeout))
    assert 299 < timeouts[0] <= 300
    assert timeouts[1] == 30


def test_a_timer_that_rings_a_tick_early():
    """uvloop's do, and asyncio's on Windows: what is over is still the caller's time, and says nothing to the others."""

    async def transport(request):
        if "metadata" in request.url.lower() or "169.254" in request.url:
            await asyncio.sleep(0.7)
            return Response(200, {}, b'{"access_token":"t1.example","expires_in":3600,"token_type":"Bearer"}')
        return Response(200, {}, b"")

    async def both():
        loop = asyncio.get_running_loop()
        call_later = loop.call_later
        loop.call_later = lambda delay, *rest, **named: call_later(max(delay - 0.015, 0), *rest, **named)
        made = AsyncCredentials.metadata(transport=transport)
        asked = (made.request("GET", "https://service.invalid", timeout=timeout) for timeout in (0.3, 5))
        return await asyncio.gather(*asked, return_exceptions=True)

    hasty, patient = asyncio.run(both())
    assert (type(hasty), hasty.code) == (NetworkError, "timeout")
    assert patient.status == 200
