"""aiohttp with tokens of ours."""

from __future__ import annotations

import asyncio
import contextvars

import aiohttp
import pytest

from http_services import GOOD, REFUSAL, bearers, first_to, hanging_up_once, redirecting, redirecting_once, serving
from yc_iam import ConfigurationError, Credentials
from yc_iam.integrations.aiohttp import YcIamAuth


@pytest.fixture
def send(of_either_kind):
    """Sends requests one after another from one session, and gives their statuses."""

    def run(*requests, around=()):
        async def main():
            async with aiohttp.ClientSession(middlewares=(*around, YcIamAuth(of_either_kind))) as session:
                statuses = []
                for method, url, options in requests:
                    async with session.request(method, url, **options) as response:
                        await response.read()
                        statuses.append(response.status)
                return statuses

        return asyncio.run(main())

    return run


def get(url, **options):
    return "GET", url, options


def test_a_request_has_the_token(send, whoami, emulator):
    assert send(get(whoami), get(whoami)) == [200, 200]
    assert emulator.tokens_issued == 1


def test_tokens_are_renewed_in_time(send, whoami, emulator, clock):
    assert send(get(whoami)) == [200]
    clock.offset = 12 * 3600
    assert send(get(whoami)) == [200]
    assert emulator.tokens_issued == 2


def test_a_refused_token_is_renewed_once(send, whoami, emulator):
    send(get(whoami))
    emulator.revoke_all_tokens()
    assert send(get(whoami)) == [200]
    assert emulator.tokens_issued == 2
    with serving(REFUSAL) as server:
        assert send(get(server.url)) == [401]
        first, second = bearers(server)
    assert first != second


@pytest.mark.parametrize("body", [b"body", "body"], ids=["bytes", "str"])
def test_bodies_are_sent_again(send, body):
    with serving(REFUSAL, GOOD) as server:
        assert send(("POST", server.url, {"data": body})) == [200]
        assert server.bodies == [b"body", b"body"]


def test_a_stream_is_not_sent_again(send, emulator):
    async def stream():
        yield b"body"

    with serving(REFUSAL, GOOD) as server:
        post = ("POST", server.url, {"data": stream(), "headers": {"content-length": "4"}})
        assert send(post, get(server.url)) == [401, 200]
        first, second = bearers(server)
    assert first != second and emulator.tokens_issued == 2


def test_a_redirect_elsewhere_takes_no_token_along(send, emulator):
    with serving(REFUSAL) as last, redirecting(f"{last.url}/x") as other, redirecting(f"{other.url}/x") as server:
        assert send(get(server.url), get(last.url), get(server.url, allow_redirects=False)) == [401, 401, 307]
        assert None not in bearers(server)
        assert bearers(other) == [None]
        # The second request goes there on purpose.
        assert [bool(bearer) for bearer in bearers(last)] == [False, True, True]
    assert emulator.tokens_issued == 2


def test_a_redirect_on_the_spot_does(send):
    with redirecting_once(GOOD) as server:
        assert send(get(server.url)) == [200]
        first, second = bearers(server)
    assert first == second is not None


async def waiting(request, handler):
    # Until Python 3.11, in a task of its own.
    return await asyncio.wait_for(handler(request), 10)


async def in_a_task(request, handler):
    return await asyncio.create_task(handler(request))


async def gathering(request, handler):
    return (await asyncio.gather(handler(request)))[0]


async def trying_again(request, handler):
    response = await handler(request)
    return await handler(request) if response.status == 503 else response


async def twice(request, handler):
    await handler(request)
    return await handler(request)


@pytest.mark.parametrize("seconds", [None, 300])
@pytest.mark.parametrize("middleware", [waiting, in_a_task, gathering, twice])
def test_nor_with_another_middleware_around_it(send, emulator, middleware, seconds):
    with redirecting_once(REFUSAL) as last, redirecting(f"{last.url}/x") as server:
        request = get(server.url, timeout=aiohttp.ClientTimeout(total=seconds))
        assert send(request, request, around=[middleware]) == [401, 401]
        assert None not in bearers(server)
        assert set(bearers(last)) == {None}
    assert emulator.tokens_issued == 1


def test_nor_one_that_leads_back(send):
    # aiohttp takes a header away for good.
    with serving(REFUSAL) as server, redirecting(f"{server.url}/x") as other:
        first_to(other.url, server)
        assert send(get(server.url)) == [401]
        assert bearers(other) == [None]
        first, second = bearers(server)
    assert first is not None and second is None


def test_nor_where_that_is_tried_again(send):
    with hanging_up_once(REFUSAL) as other, redirecting(f"{other.url}/x") as server:
        assert send(get(server.url)) == [401]
        assert bearers(other) == [None, None]
    with serving((503, {}), REFUSAL) as other, redirecting(f"{other.url}/x") as server:
        assert send(get(server.url), around=[trying_again]) == [401]
        assert bearers(other) == [None, None]


def test_a_redirect_followed_by_hand_does(send):
    with serving(GOOD) as other, redirecting(f"{other.url}/x") as server:
        statuses = send(*[get(server.url, allow_redirects=False), get(other.url)] * 16)
        assert statuses == [307, 200] * 16
        assert None not in bearers(other)


def test_no_other_token(whoami):
    async def main():
        async with aiohttp.ClientSession(middlewares=(YcIamAuth(Credentials.fixed("t1.fixed")),)) as session:
            async with session.get(whoami) as response:
                return response.status, await response.json()

    status, body = asyncio.run(main())
    assert status == 401 and body["code"] == 16


def test_a_task_that_goes_on_and_on(of_either_kind, whoami):
    async def main():
        before = len(contextvars.copy_context())
        for _ in range(8):
            async with aiohttp.ClientSession(middlewares=(YcIamAuth(of_either_kind),)) as session:
                (await session.get(whoami)).release()
        return len(contextvars.copy_context()) - before

    assert asyncio.run(main()) == 0


def test_only_https_and_loopback(send, emulator):
    with pytest.raises(ConfigurationError) as raised:
        send(get("http://example.com/"))
    assert raised.value.code == "insecure_endpoint"
    assert emulator.tokens_issued == 0


def test_tasks_share_one(of_either_kind, whoami, emulator):
    async def main():
        async with aiohttp.ClientSession(middlewares=(YcIamAuth(of_either_kind),)) as session:

            async def status():
                async with session.get(whoami) as response:
                    return response.status

            return await asyncio.gather(*(status() for _ in range(16)))

    assert asyncio.run(main()) == [200] * 16
    assert emulator.tokens_issued == 1
