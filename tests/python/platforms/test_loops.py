"""`AsyncCredentials` in every event loop: asyncio and trio, each on its own and through anyio."""

from __future__ import annotations

import asyncio
import json
import threading

import anyio
import pytest
import trio

from helpers import exchanges, subject, token_answer
from yc_iam import AsyncCredentials, Endpoints, YcIamError

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request):
    return request.param


@pytest.fixture
def credentials(emulator, key_file_content):
    return AsyncCredentials.service_account(key_file_content, endpoints=emulator.endpoints)


def with_transport(key_file_content, transport):
    return AsyncCredentials.service_account(key_file_content, endpoints=Endpoints.default(), transport=transport)


async def gathered(credentials, count):
    """What so many tasks got that asked at once."""
    results = []

    async def ask():
        try:
            results.append(await credentials.token())
        except YcIamError as error:
            results.append(error)

    async with anyio.create_task_group() as group:
        for _ in range(count):
            group.start_soon(ask)
    assert len(results) == count
    return results


async def test_a_token_that_the_service_accepts(emulator, credentials):
    authorization = await credentials.authorization()
    assert await anyio.to_thread.run_sync(subject, emulator, authorization)
    assert (await credentials.token()).authorization() == authorization
    assert len(exchanges(emulator)) == 1


async def test_a_secret(emulator, credentials, key_file_content):
    secret = emulator.create_secret("b1gfolder", "database", {"password": "of-the-test"})
    emulator.add_access_binding(secret, "lockbox.payloadViewer", json.loads(key_file_content)["service_account_id"])
    assert (await credentials.lockbox.get(secret)).text("password") == "of-the-test"


async def test_100_tasks_make_one_exchange(emulator, credentials):
    emulator.order_fault(delay=0.2)
    assert len({token.value for token in await gathered(credentials, 100)}) == 1
    assert len(exchanges(emulator)) == 1


async def test_100_tasks_share_one_failure(emulator, credentials):
    emulator.order_fault(status=403)
    assert {error.code for error in await gathered(credentials, 100)} == {"permission_denied"}
    assert len(exchanges(emulator)) == 1


async def test_100_tasks_survive_faults(emulator, credentials):
    emulator.order_fault(dropped=True)
    emulator.order_fault(status=503)
    assert len({token.value for token in await gathered(credentials, 100)}) == 1
    assert len(exchanges(emulator)) == 3


async def test_a_cancelled_owner_hands_the_flight_on(key_file_content):
    calls, values = [], []

    async def transport(request):
        calls.append(request)
        if len(calls) == 1:
            await anyio.sleep_forever()
        return token_answer()

    credentials = with_transport(key_file_content, transport)

    async def own(scope):
        with scope:
            await credentials.token()

    async def ask():
        values.append((await credentials.token()).value)

    scope = anyio.CancelScope()
    async with anyio.create_task_group() as group:
        group.start_soon(own, scope)
        while not calls:
            await anyio.lowlevel.checkpoint()
        for _ in range(20):
            group.start_soon(ask)
        while len(credentials._waiting) < 20:
            await anyio.lowlevel.checkpoint()
        scope.cancel()
    assert values == ["t1.by-a-transport"] * 20
    assert len(calls) == 2
    assert scope.cancelled_caught


async def test_a_cancelled_owner_of_a_thread_hands_the_flight_on(key_file_content):
    started, release, calls = threading.Event(), threading.Event(), []

    def transport(request):
        calls.append(request)
        if len(calls) == 1:
            started.set()
            assert release.wait(30)
        return token_answer()

    credentials = with_transport(key_file_content, transport)

    async def own(scope):
        with scope:
            await credentials.token()

    scope = anyio.CancelScope()
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(own, scope)
            while not started.is_set():
                await anyio.lowlevel.checkpoint()
            scope.cancel()
        assert (await credentials.token()).value == "t1.by-a-transport"
    finally:
        # Its answer comes too late, and does no harm.
        release.set()
    assert len(calls) == 2


async def test_cancelled_waiters_leave_nothing_behind(key_file_content):
    started, release = threading.Event(), threading.Event()

    def transport(request):
        started.set()
        assert release.wait(30)
        return token_answer()

    credentials = with_transport(key_file_content, transport)
    async with anyio.create_task_group() as group:
        group.start_soon(credentials.token)
        while not started.is_set():
            await anyio.lowlevel.checkpoint()
        async with anyio.create_task_group() as waiters:
            for _ in range(20):
                waiters.start_soon(credentials.token)
            while len(credentials._waiting) < 20:
                await anyio.lowlevel.checkpoint()
            waiters.cancel_scope.cancel()
        assert not credentials._waiting
        release.set()
    assert (await credentials.token()).value == "t1.by-a-transport"


async def test_a_deadline_of_the_callers(key_file_content):
    release = threading.Event()

    def transport(request):
        release.wait(30)
        return token_answer()

    credentials = with_transport(key_file_content, transport)
    try:
        with pytest.raises(TimeoutError):
            with anyio.fail_after(0):
                await credentials.token()
    finally:
        release.set()
    assert (await credentials.token()).value == "t1.by-a-transport"


@pytest.mark.parametrize("blocking", [False, True])
async def test_a_call_without_a_token_ends_in_its_time(key_file_content, blocking):
    release = threading.Event()

    async def awaited(_):
        await anyio.sleep_forever()

    def blocks(_):
        release.wait(30)
        raise TimeoutError

    credentials = with_transport(key_file_content, blocks if blocking else awaited)
    errors = []

    async def ask(timeout):
        with pytest.raises(YcIamError) as raised:
            await credentials.request("GET", "https://example.com", timeout=timeout)
        errors.append(raised.value.code)

    try:
        with anyio.fail_after(10):
            async with anyio.create_task_group() as group:
                for timeout in (0.4, 0.2, 0.2):
                    group.start_soon(ask, timeout)
    finally:
        release.set()
    assert errors == ["timeout"] * 3
    assert not credentials._waiting


async def test_a_timeout_of_the_transports_is_tried_again(key_file_content):
    calls = []

    async def transport(request):
        calls.append(request)
        if len(calls) == 1:
            with anyio.fail_after(0):
                await anyio.sleep_forever()
        return token_answer()

    assert (await with_transport(key_file_content, transport).token()).value == "t1.by-a-transport"
    assert len(calls) == 2


async def test_a_thread_that_fails(key_file_content):
    def transport(request):
        raise SystemExit(1)

    with pytest.raises(YcIamError, match="SystemExit") as raised:
        await with_transport(key_file_content, transport).token()
    assert raised.value.code == "transport_failed"


@pytest.fixture
def both(emulator, key_file_content):
    emulator.order_fault(delay=0.2)
    return AsyncCredentials.service_account(key_file_content, endpoints=emulator.endpoints)


def test_loops_of_both_kinds_share_one_exchange(emulator, both):
    values, barrier = [], threading.Barrier(6)

    async def ask():
        values.extend(token.value for token in await gathered(both, 10))

    def run(backend):
        barrier.wait(30)
        anyio.run(ask, backend=backend)

    threads = [threading.Thread(target=run, args=(backend,)) for backend in ("asyncio", "trio") * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(values) == 60
    assert len(set(values)) == 1
    assert len(exchanges(emulator)) == 1


def test_trio_without_anyio(emulator, both):
    token = trio.run(both.token)
    assert subject(emulator, token.authorization())
    # Once there is a token, it serves any loop.
    assert asyncio.run(both.token()) is token


def test_trio_as_a_guest_of_asyncio(emulator, both):
    async def main():
        loop, done = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()
        trio.lowlevel.start_guest_run(
            both.token, run_sync_soon_threadsafe=loop.call_soon_threadsafe, done_callback=done.set_result
        )
        return (await done).unwrap()

    assert subject(emulator, asyncio.run(main()).authorization())
