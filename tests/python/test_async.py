"""`AsyncCredentials` against the emulator: tasks, loops, cancellation, transports."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest

from helpers import exchanges, subject, token_answer
from yc_iam import AsyncCredentials, Endpoints, NetworkError, RemoteError, YcIamError, default_transport


@pytest.fixture
def credentials(emulator, key_file_content):
    return AsyncCredentials.service_account(key_file_content, endpoints=emulator.endpoints)


def with_transport(key_file_content, transport):
    return AsyncCredentials.service_account(key_file_content, endpoints=Endpoints.default(), transport=transport)


def test_a_token_that_the_service_accepts(emulator, credentials):
    async def main():
        authorization = await credentials.authorization()
        token = await credentials.token()
        assert authorization == token.authorization()
        assert await credentials.token() is token
        return authorization

    assert subject(emulator, asyncio.run(main()))
    assert len(exchanges(emulator)) == 1


def test_one_after_another_in_several_loops(emulator, credentials):
    first = asyncio.run(credentials.token())
    assert asyncio.run(credentials.token()) is first
    assert credentials.invalidate(first) is True
    assert asyncio.run(credentials.token()) != first
    assert len(exchanges(emulator)) == 2


@pytest.mark.parametrize("fault", [{"status": 503}, {"truncated": True}, {"dropped": True}, {"delay": 0.2}], ids=str)
def test_a_fault_that_passes(emulator, credentials, fault):
    emulator.order_fault(**fault)
    assert subject(emulator, asyncio.run(credentials.authorization()))


@pytest.mark.parametrize(
    ("fault", "kind"), [({"status": 403}, RemoteError), ({"html": True, "status": 200}, NetworkError)], ids=str
)
def test_a_fault_that_stays(emulator, credentials, fault, kind):
    emulator.order_fault(**fault)
    with pytest.raises(kind):
        asyncio.run(credentials.token())
    assert len(exchanges(emulator)) == 1


async def gathered(credentials, count):
    return await asyncio.gather(*(credentials.token() for _ in range(count)), return_exceptions=True)


def test_200_tasks_make_one_exchange(emulator, credentials):
    emulator.order_fault(delay=0.2)
    results = asyncio.run(gathered(credentials, 200))
    assert len({result.value for result in results}) == 1
    assert len(exchanges(emulator)) == 1


def test_200_tasks_share_one_failure(emulator, credentials):
    emulator.order_fault(status=403)
    results = asyncio.run(gathered(credentials, 200))
    assert {getattr(result, "code", result) for result in results} == {"permission_denied"}
    assert len(exchanges(emulator)) == 1


def test_200_tasks_survive_faults(emulator, credentials):
    emulator.order_fault(dropped=True)
    emulator.order_fault(status=503)
    results = asyncio.run(gathered(credentials, 200))
    assert len({result.value for result in results}) == 1
    assert len(exchanges(emulator)) == 3


def test_loops_in_several_threads_make_one_exchange(emulator, credentials):
    emulator.order_fault(delay=0.2)
    barrier, results = threading.Barrier(8), []

    def run():
        barrier.wait(30)
        results.extend(asyncio.run(gathered(credentials, 25)))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(results) == 200
    assert len({result.value for result in results}) == 1
    assert len(exchanges(emulator)) == 1


def test_the_loop_runs_on_during_an_exchange(key_file_content):
    started, release = threading.Event(), threading.Event()

    def transport(request):
        started.set()
        # A loop that stood still could not release this.
        assert release.wait(30)
        return token_answer()

    async def main():
        task = asyncio.ensure_future(with_transport(key_file_content, transport).token())
        while not started.is_set():
            await asyncio.sleep(0)
        release.set()
        return await task

    assert asyncio.run(main()).value == "t1.by-a-transport"


def test_an_async_transport(key_file_content):
    async def transport(request):
        await asyncio.sleep(0)
        return token_answer()

    class Client:
        async def __call__(self, request):
            return await transport(request)

        async def send(self, request):
            return await transport(request)

    # The last is a plain function, which nobody can tell beforehand, that returns an awaitable.
    for each in (transport, Client(), Client().send, lambda request: transport(request)):
        assert asyncio.run(with_transport(key_file_content, each).token()).value == "t1.by-a-transport"


def test_an_async_transport_runs_in_the_callers_loop(key_file_content):
    async def main():
        loop = asyncio.get_running_loop()

        async def transport(request):
            assert asyncio.get_running_loop() is loop
            return token_answer()

        return await with_transport(key_file_content, transport).token()

    assert asyncio.run(main()).value == "t1.by-a-transport"


@pytest.mark.parametrize("error", [ValueError("odd"), SystemExit(1)], ids=repr)
def test_a_transport_that_fails(key_file_content, error):
    def transport(request):
        raise error

    with pytest.raises(YcIamError) as raised:
        asyncio.run(with_transport(key_file_content, transport).token())
    assert raised.value.code == "transport_failed"
    assert type(error).__name__ in str(raised.value)


def test_an_async_transport_that_fails_and_recovers(key_file_content):
    errors = [asyncio.TimeoutError(), ConnectionError("odd")]

    async def transport(request):
        if errors:
            raise errors.pop()
        return token_answer()

    assert asyncio.run(with_transport(key_file_content, transport).token()).value == "t1.by-a-transport"
    assert errors == []


def test_a_cancelled_owner_hands_the_flight_on(key_file_content):
    calls = []

    async def transport(request):
        calls.append(request)
        if len(calls) == 1:
            await asyncio.Event().wait()
        return token_answer()

    async def main():
        credentials = with_transport(key_file_content, transport)
        owner = asyncio.ensure_future(credentials.token())
        while not calls:
            await asyncio.sleep(0)
        others = [asyncio.ensure_future(credentials.token()) for _ in range(20)]
        await asyncio.sleep(0)
        owner.cancel()
        with pytest.raises(asyncio.CancelledError):
            await owner
        return await asyncio.gather(*others)

    tokens = asyncio.run(main())
    assert {token.value for token in tokens} == {"t1.by-a-transport"}
    assert len(calls) == 2


def test_a_cancelled_owner_of_a_thread_hands_the_flight_on(emulator, key_file_content):
    started, release = threading.Event(), threading.Event()
    calls = []

    def transport(request):
        calls.append(request)
        if len(calls) == 1:
            started.set()
            assert release.wait(30)
        return default_transport(request)

    credentials = AsyncCredentials.service_account(key_file_content, endpoints=emulator.endpoints, transport=transport)

    async def main():
        owner = asyncio.ensure_future(credentials.token())
        while not started.is_set():
            await asyncio.sleep(0)
        other = asyncio.ensure_future(credentials.token())
        await asyncio.sleep(0)
        owner.cancel()
        token = await other
        assert owner.cancelled()
        return token

    try:
        assert subject(emulator, asyncio.run(main()).authorization())
    finally:
        # Its loop is gone by now, and its answer comes too late: neither does harm.
        release.set()
    assert len(calls) == 2


def test_cancelled_waiters_leave_nothing_behind(key_file_content):
    release = threading.Event()

    def transport(request):
        assert release.wait(30)
        return token_answer()

    async def main():
        credentials = with_transport(key_file_content, transport)
        owner = asyncio.ensure_future(credentials.token())
        await asyncio.sleep(0)
        waiters = [asyncio.ensure_future(credentials.token()) for _ in range(20)]
        await asyncio.sleep(0)
        assert len(credentials._waiting) == 20
        for waiter in waiters:
            waiter.cancel()
        await asyncio.gather(*waiters, return_exceptions=True)
        assert not credentials._waiting
        release.set()
        await owner

    asyncio.run(main())


@pytest.mark.parametrize("turns", range(6))
def test_a_cancellation_that_comes_with_a_failure(turns, key_file_content):
    """asyncio has nothing to report then: nobody failed to look at an exception."""
    reported = []

    async def main():
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: reported.append(context))
        answer = loop.create_future()

        async def transport(request):
            return await answer

        waiting = asyncio.create_task(with_transport(key_file_content, transport).token())
        for _ in range(5):
            await asyncio.sleep(0)
        answer.set_exception(ConnectionResetError("the connection was reset"))
        for _ in range(turns):
            await asyncio.sleep(0)
        waiting.cancel()
        done, _ = await asyncio.wait({waiting}, timeout=5)
        assert done and waiting.cancelled()

    asyncio.run(main())
    gc.collect()
    assert reported == []


def test_a_loop_that_was_closed_while_it_waited(key_file_content):
    first, release = threading.Event(), threading.Event()

    def transport(request):
        first.set()
        assert release.wait(30)
        return token_answer()

    credentials = with_transport(key_file_content, transport)

    def own():
        assert asyncio.run(credentials.token()).value == "t1.by-a-transport"

    owner = threading.Thread(target=own)
    owner.start()
    assert first.wait(30)
    loop = asyncio.new_event_loop()
    waiter = loop.create_task(credentials.token())
    loop.run_until_complete(asyncio.sleep(0))
    # Closed without a word to its tasks, as it should not be.
    loop.close()
    release.set()
    owner.join(30)
    assert not owner.is_alive()
    waiter._log_destroy_pending = False
    assert asyncio.run(credentials.token()).value == "t1.by-a-transport"


def test_a_failed_renewal_leaves_the_last_token(emulator, credentials, clock):
    first = asyncio.run(credentials.token())
    clock.offset = 2 * 3600
    emulator.order_fault(status=500, times=100)
    assert all(token == first for token in asyncio.run(gathered(credentials, 20)))
