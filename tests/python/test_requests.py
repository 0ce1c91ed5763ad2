"""Requests of the program's own, refused tokens, revocation, threads, tasks and cancellation."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
import threading

import pytest

from helpers import result
from servers import Server
from services import SECRET, fixed, header, lines, running, serving
from yc_iam import AsyncCredentials, ConfigurationError, Credentials, NetworkError, RemoteError, Response, UsageError


@pytest.fixture
def renewable(kind, emulator, key_file_content):
    """Credentials whose tokens come from the emulator, for a service elsewhere."""

    def make(server):
        endpoints = emulator.endpoints.replace(lockbox=server.url)
        return kind.service_account(key_file_content, endpoints=endpoints)

    return make


REFUSAL = (401, {"code": 16, "message": "The token is invalid"})


def test_a_refused_token_is_renewed_once(renewable, emulator):
    with serving(REFUSAL, SECRET, REFUSAL) as server:
        credentials = renewable(server)
        assert result(credentials.lockbox.get("e6qs")).text("user") == "ann"
        first, second = (header(head, "authorization") for head in server.received)
        assert first != second and emulator.tokens_issued == 2
        with pytest.raises(RemoteError) as raised:
            result(credentials.lockbox.get("e6qs"))
        assert (raised.value.code, raised.value.status) == ("unauthenticated", 401)
        assert emulator.tokens_issued == 3


def test_no_other_token(kind):
    with serving(REFUSAL) as server:
        credentials = fixed(kind, server)
        answer = result(credentials.request("GET", server.url))
        assert (answer.status, json.loads(answer.body)) == REFUSAL
        with pytest.raises(ConfigurationError, match="was refused by a service"):
            result(credentials.request("GET", server.url))
        with pytest.raises(RemoteError, match="The token is invalid") as raised:
            result(fixed(kind, server).lockbox.get("e6qs"))
        assert (raised.value.code, raised.value.status) == ("unauthenticated", 401)
        assert len(server.received) == 2


def test_no_other_token_at_the_moment(kind, emulator, key_file_content):
    with serving(REFUSAL) as server:
        credentials = kind.service_account(key_file_content, endpoints=emulator.endpoints)
        result(credentials.token())
        emulator.order_fault(status=403, times=5)
        assert result(credentials.request("GET", server.url)).status == 401
        assert len(server.received) == 1


def test_any_request(renewable, emulator):
    with serving(REFUSAL, {"a": 1}, (404, {})) as server:
        credentials = renewable(server)
        answer = result(credentials.request("post", f"{server.url}/x?y=z", headers={"X-A": "b"}, json={"k": "ü"}))
        assert (answer.status, json.loads(answer.body)) == (200, {"a": 1})
        assert result(credentials.request("PUT", f"{server.url}/x", body="ü".encode())).status == 404
        assert lines(server) == ["POST /x?y=z", "POST /x?y=z", "PUT /x"]
        assert header(server.received[1], "x-a") == "b"
        assert header(server.received[1], "content-type") == "application/json"
        assert [json.loads(body) for body in server.bodies[:2]] == [{"k": "ü"}] * 2
        assert server.bodies[2] == "ü".encode()
    assert emulator.tokens_issued == 2


def test_requests_that_are_refused_here(kind):
    credentials = kind.fixed("t1.fixed", transport=lambda _: pytest.fail("nothing may be sent"))
    with pytest.raises(ConfigurationError) as raised:
        result(credentials.request("GET", "http://service.example/"))
    assert raised.value.code == "insecure_endpoint"
    for url in ("service.example/path", "/path", "https:///path"):
        with pytest.raises(ConfigurationError, match="this one has no scheme or no host; pass the whole URL"):
            result(credentials.request("GET", url))
    for arguments in [("BREW", "https://a.example/"), ("GET", "https://a.example/ b")]:
        with pytest.raises(UsageError):
            result(credentials.request(*arguments))
    with pytest.raises(UsageError, match="UTF-8"):
        result(credentials.request("POST", "https://a.example/", body=b"\xff"))
    with pytest.raises(TypeError, match="not both"):
        result(credentials.request("POST", "https://a.example/", body="x", json={}))
    with pytest.raises(UsageError, match="secret_id"):
        result(credentials.lockbox.get("a/b"))
    with pytest.raises(UsageError, match="page_size"):
        result(credentials.federations.list_page("b1gf1", page_size=-1))
    with pytest.raises(UsageError, match="nothing is to be changed"):
        result(credentials.federations.update("ajef1"))


def test_headers_and_json(kind):
    with serving({}) as server:
        given = [("Content-Type", "application/json; charset=utf-8"), ("X-A", "b")]
        result(fixed(kind, server).request("POST", server.url, headers=given, json=[]))
        assert header(server.received[0], "content-type") == "application/json; charset=utf-8"
        assert server.bodies == [b"[]"]


def test_revoking_the_current_token(kind, emulator, key_file_content):
    credentials = kind.service_account(key_file_content, endpoints=emulator.endpoints)
    first = result(credentials.token())
    with serving({"subjectId": "ajes1"}) as server:
        revoking = kind.service_account(key_file_content, endpoints=emulator.endpoints)
        revoking._endpoints = emulator.endpoints.replace(iam=server.url)
        current = result(revoking.token())
        assert result(revoking.revoke(first)) == "ajes1"
        assert result(revoking.token()) == current
        assert result(revoking.revoke(current)) == "ajes1"
        assert result(revoking.token()) != current
        assert lines(server) == ["POST /iam/v1/tokens:revoke"] * 2
        assert json.loads(server.bodies[0]) == {"iamToken": first.value}
    with pytest.raises(ConfigurationError):
        result(credentials.revoke("y0_an-oauth-token"))


def test_custom_transports_are_used(kind):
    seen = []

    def transport(request):
        seen.append(request.url)
        raise ConnectionResetError("no")

    with pytest.raises(NetworkError):
        result(kind.fixed("t1.fixed", transport=transport).request("GET", "https://a.example/"))
    # No request of the program's own is sent twice.
    assert seen == ["https://a.example/"]


def test_threads_share_credentials():
    with serving(SECRET) as server:
        credentials, texts = fixed(Credentials, server), []
        threads = [
            threading.Thread(target=lambda: texts.append(credentials.lockbox.get("e6qs").text("user")))
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert texts == ["ann"] * 20


def test_tasks_share_credentials():
    async def main(credentials):
        return await asyncio.gather(*(credentials.lockbox.get("e6qs") for _ in range(20)))

    with serving(SECRET) as server:
        payloads = asyncio.run(main(fixed(AsyncCredentials, server)))
    assert [payload.text("user") for payload in payloads] == ["ann"] * 20


def test_a_wait_can_be_cancelled():
    async def main(credentials):
        waiting = asyncio.create_task(credentials.operations.wait("ajeo1"))
        while not server.received:
            await asyncio.sleep(0.005)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return await credentials.operations.get("ajeo1")

    with serving(running()) as server:
        assert not asyncio.run(main(fixed(AsyncCredentials, server))).done


@pytest.mark.parametrize("turns", range(6))
def test_a_cancellation_that_comes_with_the_answer(turns):
    async def main():
        answer = asyncio.get_running_loop().create_future()

        async def transport(request):
            return await answer

        credentials = AsyncCredentials.fixed("t1.fixed", transport=transport)
        waiting = asyncio.create_task(credentials.operations.wait("ajeo1"))
        for _ in range(5):
            await asyncio.sleep(0)
        answer.set_result(Response(200, {}, json.dumps({"id": "ajeo1", "done": False}).encode()))
        for _ in range(turns):
            await asyncio.sleep(0)
        waiting.cancel()
        done, _ = await asyncio.wait({waiting}, timeout=5)
        assert done and waiting.cancelled()

    asyncio.run(main())


def test_a_request_can_be_cancelled():
    async def main(server, credentials):
        waiting = asyncio.create_task(credentials.request("GET", server.url))
        while not server.threads[1:]:
            await asyncio.sleep(0.005)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    with Server(lambda server, _: server.stopping.wait(10)) as server:
        asyncio.run(main(server, fixed(AsyncCredentials, server)))


def test_nothing_is_done_before_it_is_awaited():
    coroutine = AsyncCredentials.fixed("t1.fixed").lockbox.get("a/b")
    with pytest.raises(UsageError):
        asyncio.run(coroutine)


def test_what_holds_a_secret_is_not_copied(kind):
    with serving(SECRET) as server:
        payload = result(fixed(kind, server).lockbox.get("e6qs"))
    for duplicate in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            duplicate(payload)
    assert "ann" not in repr(payload) + str(payload)
