"""Many threads, one exchange; and what happens when the one that does it is interrupted."""

from __future__ import annotations

import signal
import threading
import time

import pytest

from helpers import exchanges, token_answer, with_transport
from shared import key_text
from yc_iam import Credentials, NetworkError


@pytest.fixture
def credentials(emulator, key_file_content):
    return Credentials.service_account(key_file_content, endpoints=emulator.endpoints)


def in_threads(count, work):
    """Runs `work` in so many threads at once, and gives what each returned or raised."""
    barrier, results = threading.Barrier(count), []

    def run():
        barrier.wait(30)
        try:
            results.append(work())
        except BaseException as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(results) == count
    return results


def test_200_threads_make_one_exchange(emulator, credentials):
    emulator.order_fault(delay=0.2)
    results = in_threads(200, credentials.token)
    assert {result.value for result in results} == {credentials.token().value}
    assert len(exchanges(emulator)) == 1


def test_200_threads_share_one_renewal(emulator, credentials, clock):
    first = credentials.token()
    clock.offset = 2 * 3600
    emulator.order_fault(delay=0.2)
    results = in_threads(200, credentials.token)
    # One renews, the others go on with what they have.
    assert len(exchanges(emulator)) == 2
    assert sum(result != first for result in results) >= 1
    assert credentials.token() != first


def test_200_threads_share_one_failure(emulator, credentials):
    emulator.order_fault(status=403, times=1)
    results = in_threads(200, credentials.token)
    assert {getattr(result, "code", result) for result in results} == {"permission_denied"}
    # Each has an exception of its own: tracebacks do not pile up in one.
    assert len({id(result) for result in results}) == 200
    assert len(exchanges(emulator)) == 1


def test_200_threads_survive_a_fault(emulator, credentials):
    emulator.order_fault(dropped=True)
    emulator.order_fault(status=503)
    results = in_threads(200, credentials.token)
    assert {result.value for result in results} == {credentials.token().value}
    assert len(exchanges(emulator)) == 3


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_interrupted_owner_hands_the_flight_on(key_file_content, interruption):
    waiting, results = threading.Event(), []

    def transport(request):
        if not waiting.is_set():
            thread.start()
            waiting.set()
            raise interruption
        return token_answer()

    credentials = with_transport(key_file_content, transport)
    thread = threading.Thread(target=lambda: results.append(credentials.token().value))
    with pytest.raises(interruption):
        credentials.token()
    thread.join(30)
    assert results == ["t1.by-a-transport"]
    assert credentials.token().value == "t1.by-a-transport"


def test_a_slow_transport_keeps_nobody_from_an_old_token(emulator, key_file_content, clock):
    started, release = threading.Event(), threading.Event()
    values = iter(["t1.first", "t1.second"])

    def transport(request):
        value = next(values)
        if value == "t1.second":
            started.set()
            assert release.wait(30)
        return token_answer(value)

    credentials = with_transport(key_file_content, transport)
    assert credentials.token().value == "t1.first"
    clock.offset = 2 * 3600
    renewal = threading.Thread(target=credentials.token)
    renewal.start()
    assert started.wait(30)
    assert credentials.token().value == "t1.first"
    release.set()
    renewal.join(30)
    assert credentials.token().value == "t1.second"


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="a signal of Unix")
def test_a_signals_handler_need_not_wait_for_what_it_interrupted(key_file_content):
    values, seen = iter(["t1.interrupted", "t1.of-the-handler"]), []

    def transport(request):
        value = next(values)
        if value == "t1.interrupted":
            signal.raise_signal(signal.SIGUSR1)
        return token_answer(value)

    credentials = with_transport(key_file_content, transport)
    before = signal.signal(signal.SIGUSR1, lambda *_: seen.append((time.monotonic(), credentials.token().value, time.monotonic())))
    try:
        token = credentials.token()
    finally:
        signal.signal(signal.SIGUSR1, before)
    ((begin, value, end),) = seen
    assert value == token.value == "t1.of-the-handler"
    # What was interrupted counts as lost only after fifteen.
    assert end - begin < 10


def test_a_transport_that_asks_for_what_it_is_to_bring(key_file_content):
    def transport(request):
        credentials.token()

    credentials = with_transport(key_file_content, transport)
    with pytest.raises(NetworkError, match="asks the credentials for the token that it is to bring"):
        credentials.token()


def test_greenlets_that_share_a_thread(monkeypatch):
    """gevent tells them apart by a `get_ident` of its own, which it may put in after the import."""
    thread = threading.get_ident()
    greenlet, seen, sent = [thread], [], []

    def transport(request):
        sent.append(request)
        if len(sent) == 1:
            greenlet[0] = thread + 1
            with pytest.raises(NetworkError) as raised:
                credentials.request("GET", "https://localhost/", timeout=0.2)
            seen.append(raised.value.code)
            greenlet[0] = thread
        return token_answer()

    credentials = with_transport(key_text("plain"), transport)
    with monkeypatch.context() as patched:
        patched.setattr(threading, "get_ident", lambda: greenlet[0])
        assert credentials.token().value == "t1.by-a-transport"
    # It waited for the exchange that was under way.
    assert (len(sent), seen) == (1, ["timeout"])


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="a signal of Unix")
def test_handlers_that_interrupt_handlers(key_file_content):
    depth, values = [], []

    def transport(request):
        if len(depth) < 4:
            depth.append(request)
            signal.raise_signal(signal.SIGUSR1)
        return token_answer(f"t1.{len(depth)}")

    credentials = with_transport(key_file_content, transport)
    before = signal.signal(signal.SIGUSR1, lambda *_: values.append(credentials.token().value))
    try:
        assert credentials.token().value == "t1.4"
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert values == ["t1.4"] * 4
