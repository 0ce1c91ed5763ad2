"""httpx, and its successor httpx2, with tokens of ours."""

from __future__ import annotations

import asyncio
import importlib

import pytest

from http_services import GOOD, REFUSAL, bearers, first_to, redirecting, serving
from services import lines
from yc_iam import AsyncCredentials, ConfigurationError, Credentials, YcIamError

LENGTH = {"content-length": "4"}


@pytest.fixture(params=["httpx", "httpx2"])
def library(request):
    return pytest.importorskip(request.param)


@pytest.fixture
def auth_class(library):
    return importlib.import_module(f"yc_iam.integrations.{library.__name__}").YcIamAuth


@pytest.fixture
def auth(auth_class, credentials):
    return auth_class(credentials)


@pytest.fixture(params=["Client", "AsyncClient"])
def send(request, library, auth):
    """Sends a request with a client of either kind, and closes it."""

    def by_client(*arguments, **options):
        with library.Client(auth=auth, follow_redirects=True) as client:
            return client.request(*arguments, **options)

    async def by_async_client(*arguments, **options):
        async with library.AsyncClient(auth=auth, follow_redirects=True) as client:
            return await client.request(*arguments, **options)

    if request.param == "Client":
        return by_client
    return lambda *arguments, **options: asyncio.run(by_async_client(*arguments, **options))


def test_a_request_has_the_token(send, whoami, emulator):
    assert send("GET", whoami).status_code == 200
    assert send("GET", whoami).status_code == 200
    assert emulator.tokens_issued == 1


def test_tokens_are_renewed_in_time(send, whoami, emulator, clock):
    send("GET", whoami)
    clock.offset = 12 * 3600
    assert send("GET", whoami).status_code == 200
    assert emulator.tokens_issued == 2


def test_a_refused_token_is_renewed_once(send, whoami, emulator):
    send("GET", whoami)
    emulator.revoke_all_tokens()
    assert send("GET", whoami).status_code == 200
    assert emulator.tokens_issued == 2
    with serving(REFUSAL) as server:
        assert send("GET", server.url).status_code == 401
        first, second = bearers(server)
    assert first != second


@pytest.mark.parametrize("body", [{"content": b"body"}, {"content": "body"}], ids=["bytes", "str"])
def test_bodies_are_sent_again(send, body):
    with serving(REFUSAL, GOOD) as server:
        assert send("POST", server.url, **body).json() == GOOD
        assert server.bodies == [b"body", b"body"]


def test_a_stream_is_not_sent_again(library, auth, auth_class, async_credentials, emulator):
    async def stream():
        yield b"body"

    async def post(url):
        async with library.AsyncClient(auth=auth_class(async_credentials)) as client:
            return await client.post(url, content=stream(), headers=LENGTH)

    with serving(REFUSAL, GOOD) as server, library.Client(auth=auth) as client:
        assert client.post(server.url, content=iter([b"bo", b"dy"]), headers=LENGTH).status_code == 401
        assert client.get(server.url).json() == GOOD
        first, second = bearers(server)
    assert first != second and emulator.tokens_issued == 2
    with serving(REFUSAL, GOOD) as server:
        assert asyncio.run(post(server.url)).status_code == 401
        assert len(server.received) == 1


def test_a_redirect_elsewhere_takes_no_token_along(send, credentials, emulator):
    with serving(REFUSAL) as other, redirecting(f"{other.url}/x") as server:
        assert send("GET", server.url).status_code == 401
        assert bearers(server) == [credentials.authorization()]
        assert bearers(other) == [None]
    assert emulator.tokens_issued == 1


def test_only_what_was_refused_is_sent_again(send, emulator):
    with first_to("/there", serving(REFUSAL, GOOD), "303 See Other") as server:
        assert send("POST", server.url, content=b"body").json() == GOOD
        assert lines(server) == ["POST /", "GET /there", "GET /there"]
        assert server.bodies == [b"body", b"", b""]
    with first_to("/there", serving(REFUSAL, GOOD)) as server:
        assert send("POST", server.url, content=b"body").json() == GOOD
        assert lines(server) == ["POST /", "POST /there", "POST /there"]
        assert server.bodies == [b"body"] * 3
        first, second, third = bearers(server)
    assert first == second != third
    assert emulator.tokens_issued == 3


def test_a_stream_that_led_to_something_else(library, auth):
    with first_to("/there", serving(REFUSAL, GOOD), "303 See Other") as server:
        with library.Client(auth=auth, follow_redirects=True) as client:
            assert client.post(server.url, content=iter([b"bo", b"dy"]), headers=LENGTH).json() == GOOD
        assert lines(server) == ["POST /", "GET /there", "GET /there"]


def test_no_other_token(library, auth_class, whoami):
    async def main(auth):
        async with library.AsyncClient(auth=auth) as client:
            return await client.get(whoami)

    with library.Client(auth=auth_class(Credentials.fixed("t1.fixed"))) as client:
        answer = client.get(whoami)
        assert answer.status_code == 401 and answer.json()["code"] == 16
        with pytest.raises(YcIamError):
            client.get(whoami)
    answer = asyncio.run(main(auth_class(AsyncCredentials.fixed("t1.fixed"))))
    assert answer.status_code == 401 and answer.json()["code"] == 16


def test_only_https_and_loopback(send, emulator):
    for url in ["http://example.com/", "http://user:secret@127.0.0.1/"]:
        with pytest.raises(ConfigurationError) as raised:
            send("GET", url)
        assert raised.value.code == "insecure_endpoint" and "secret" not in str(raised.value)
    assert emulator.tokens_issued == 0


def test_async_credentials(library, auth_class, async_credentials, whoami, emulator):
    async def both():
        async with library.AsyncClient(auth=auth_class(async_credentials)) as client:
            answers = await asyncio.gather(*(client.get(whoami) for _ in range(8)))
            emulator.revoke_all_tokens()
            return [*answers, await client.get(whoami)]

    assert [answer.status_code for answer in asyncio.run(both())] == [200] * 9
    assert emulator.tokens_issued == 2


def test_what_blocks_takes_no_async_credentials(library, auth_class):
    with library.Client(auth=auth_class(AsyncCredentials.fixed("t1.x"))) as client:
        with pytest.raises(TypeError, match="AsyncCredentials"):
            client.get("https://127.0.0.1")
    with pytest.raises(TypeError, match="str"):
        auth_class("t1.x")
