"""aiohttp with tokens of ours."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from http_services import GOOD, REFUSAL, bearers, redirecting, redirecting_once, serving
from yc_iam import ConfigurationError
from yc_iam.integrations.aiohttp import YcIamAuth


@pytest.fixture
def send(of_either_kind):
    """Sends requests one after another from one session, and gives their statuses."""

    def run(*requests):
        async def main():
            async with aiohttp.ClientSession(middlewares=(YcIamAuth(of_either_kind),)) as session:
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
