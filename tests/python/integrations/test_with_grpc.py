"""grpcio with tokens of ours, at a real server."""

from __future__ import annotations

import asyncio
import threading

import grpc
import pytest

from grpc_services import Service, grpc_server
from yc_iam import AsyncCredentials, Credentials, YcIamError
from yc_iam.integrations import grpc as integration
from yc_iam.integrations.grpc import (
    aio_secure_channel,
    call_credentials,
    channel_credentials,
    secure_channel,
)

UNARY = "/test.Service/UnaryUnary"


@pytest.fixture
def service(emulator):
    return Service(emulator)


@pytest.fixture
def server(service):
    with grpc_server(service) as (target, authority):
        yield target, grpc.ssl_channel_credentials(authority)


@pytest.fixture
def channel(server, credentials):
    with secure_channel(server[0], credentials, ssl=server[1]) as channel:
        yield channel


def refused(call, *arguments):
    with pytest.raises(grpc.RpcError) as raised:
        call(*arguments)
    assert raised.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_a_call_has_the_token(channel, service, credentials, emulator):
    call = channel.unary_unary(UNARY)
    assert [call(b"1"), call(b"2", timeout=30)] == [b"1", b"2"]
    assert service.bearers == [credentials.authorization()] * 2
    assert emulator.tokens_issued == 1


def test_tokens_are_renewed_in_time(channel, emulator, clock):
    call = channel.unary_unary(UNARY)
    call(b"1")
    clock.offset = 12 * 3600
    assert call(b"2") == b"2"
    assert emulator.tokens_issued == 2


def test_a_refused_token_is_renewed_once(channel, service, emulator):
    call = channel.unary_unary(UNARY)
    call(b"1")
    emulator.revoke_all_tokens()
    answer, state = call.with_call(b"2")
    assert (answer, state.code()) == (b"2", grpc.StatusCode.OK)
    assert emulator.tokens_issued == 2
    first, second, third = service.bearers
    assert first == second != third
    service.scheme = "Other "
    service.headers.clear()
    refused(call, b"3")
    assert len(service.headers) == 2 and emulator.tokens_issued == 3


def by_future(channel):
    call = channel.unary_unary(UNARY).future(b"ab")
    return call, lambda: call.result()


def by_unary_stream(channel):
    call = channel.unary_stream("/test.Service/UnaryStream")(b"ab")
    return call, lambda: b"".join(call)


def by_stream_unary(channel):
    call = channel.stream_unary("/test.Service/StreamUnary").future(iter([b"a", b"b"]))
    return call, lambda: call.result()


def by_stream_stream(channel):
    call = channel.stream_stream("/test.Service/StreamStream")(iter([b"a", b"b"]))
    return call, lambda: b"".join(call)


@pytest.mark.parametrize("begin", [by_future, by_unary_stream, by_stream_unary, by_stream_stream])
def test_what_is_not_made_again_gets_a_new_token_next_time(channel, service, emulator, begin):
    answer = begin(channel)[1]()
    assert answer in (b"ab", b"abab")
    emulator.revoke_all_tokens()
    service.gate.clear()
    call, finish = begin(channel)
    service.gate.set()
    over = threading.Event()
    call.add_done_callback(lambda _: over.set())
    refused(finish)
    # What notices it runs before this, though perhaps later than the answer is there.
    assert over.wait(10)
    assert begin(channel)[1]() == answer
    assert emulator.tokens_issued == 2 and len(service.headers) == 3


def test_a_stream_of_requests_that_blocks(channel, service, emulator):
    call = channel.stream_unary("/test.Service/StreamUnary")
    assert call(iter([b"a"])) == b"a"
    emulator.revoke_all_tokens()
    refused(lambda: call(iter([b"a"])))
    assert call(iter([b"a"])) == b"a"


def test_call_credentials_alone(server, credentials, service):
    composite = grpc.composite_channel_credentials(server[1], call_credentials(credentials))
    with grpc.secure_channel(server[0], composite) as channel:
        assert channel.unary_unary(UNARY)(b"1") == b"1"
    with grpc.secure_channel(server[0], server[1]) as channel:
        assert channel.unary_unary(UNARY)(b"1", credentials=call_credentials(credentials)) == b"1"
    assert service.bearers == [credentials.authorization()] * 2


def test_async_credentials_where_no_loop_is(server, async_credentials):
    with grpc.secure_channel(server[0], channel_credentials(async_credentials, server[1])) as channel:
        assert channel.unary_unary(UNARY)(b"1") == b"1"


def test_a_call_that_blocks_the_loop_itself(server, async_credentials, monkeypatch, emulator):
    monkeypatch.setattr(integration, "_LOOP_ANSWERS_WITHIN", 0.2)

    async def main():
        with grpc.secure_channel(server[0], channel_credentials(async_credentials, server[1])) as channel:
            call = channel.unary_unary(UNARY)
            with pytest.raises(grpc.RpcError, match="event loop"):
                call(b"1", timeout=20)
            assert emulator.tokens_issued == 0
            # The thread that grpc calls in waits for the loop, and this does not block it.
            assert await asyncio.get_running_loop().run_in_executor(None, call, b"2") == b"2"
            return call(b"3", timeout=20)

    assert asyncio.run(main()) == b"3"
    assert emulator.tokens_issued == 1


def test_a_loop_that_ends_meanwhile(server, key_file_content, monkeypatch):
    monkeypatch.setattr(integration, "_LOOP_ANSWERS_WITHIN", 0.2)
    begun, loop = threading.Event(), asyncio.new_event_loop()

    async def stuck(request):
        begun.set()
        await asyncio.Event().wait()

    async def main():
        credentials = AsyncCredentials.service_account(key_file_content, transport=stuck)
        channel = grpc.secure_channel(server[0], channel_credentials(credentials, server[1]))
        call = channel.unary_unary(UNARY).future(b"1", timeout=20)
        await loop.run_in_executor(None, begun.wait, 10)
        return channel, call

    channel, call = loop.run_until_complete(main())
    with channel, pytest.raises(grpc.RpcError, match="event loop"):
        call.result()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def test_no_other_token(server, service):
    service.scheme = "Other "
    with secure_channel(server[0], Credentials.fixed("t1.fixed"), ssl=server[1]) as channel:
        call = channel.unary_unary(UNARY)
        refused(call, b"1")
        with pytest.raises(YcIamError):
            call(b"2")
    assert service.bearers == ["Bearer t1.fixed"]


def test_no_token_goes_without_tls(service, credentials):
    with grpc_server(service, tls=False) as (target, _), grpc.insecure_channel(target) as channel:
        refused(lambda: channel.unary_unary(UNARY)(b"1", credentials=call_credentials(credentials)))
    assert service.headers == []


def test_no_token_no_call(server, service, emulator):
    broken = Credentials.fixed("t1.broken", 1.0)
    composite = channel_credentials(broken, server[1])
    with grpc.secure_channel(server[0], composite) as channel, pytest.raises(grpc.RpcError, match="expired|ended"):
        channel.unary_unary(UNARY)(b"1")
    assert service.headers == []


def test_what_blocks_takes_no_async_credentials():
    with pytest.raises(TypeError, match="AsyncCredentials"):
        secure_channel("127.0.0.1:1", AsyncCredentials.fixed("t1.x"))
    with pytest.raises(TypeError, match="str"):
        call_credentials("t1.x")


class TestAsyncio:
    @pytest.fixture
    def run(self, server, of_either_kind):
        """Runs a function that awaits, with a channel."""

        def run(main):
            async def within():
                async with aio_secure_channel(server[0], of_either_kind, ssl=server[1]) as channel:
                    return await main(channel)

            return asyncio.run(within())

        return run

    def test_a_call_has_the_token(self, run, service, emulator):
        async def main(channel):
            call = channel.unary_unary(UNARY)
            return await asyncio.gather(*(call(b"1") for _ in range(8)))

        assert run(main) == [b"1"] * 8
        assert len(set(service.bearers)) == emulator.tokens_issued == 1

    def test_a_refused_token_is_renewed_once(self, run, service, emulator):
        async def main(channel):
            call = channel.unary_unary(UNARY)
            await call(b"1")
            emulator.revoke_all_tokens()
            assert await call(b"2") == b"2"
            service.scheme = "Other "
            with pytest.raises(grpc.aio.AioRpcError) as raised:
                await call(b"3")
            return raised.value.code()

        assert run(main) is grpc.StatusCode.UNAUTHENTICATED
        assert emulator.tokens_issued == 3 and len(service.headers) == 5

    def test_no_other_token(self, server, service):
        service.scheme = "Other "

        async def main():
            async with aio_secure_channel(server[0], AsyncCredentials.fixed("t1.fixed"), ssl=server[1]) as channel:
                with pytest.raises(grpc.aio.AioRpcError) as raised:
                    await channel.unary_unary(UNARY)(b"1")
                return raised.value.code()

        assert asyncio.run(main()) is grpc.StatusCode.UNAUTHENTICATED

    @pytest.mark.parametrize("shape", ["unary_stream", "stream_unary", "stream_stream"])
    def test_streams_get_a_new_token_next_time(self, run, service, emulator, shape):
        name = shape.title().replace("_", "")

        async def main(channel):
            call = getattr(channel, shape)(f"/test.Service/{name}")

            async def make():
                made = call(b"ab" if shape == "unary_stream" else iter([b"a", b"b"]))
                if shape == "stream_unary":
                    return await made
                return b"".join([part async for part in made])

            answers = [await make()]
            emulator.revoke_all_tokens()
            with pytest.raises(grpc.aio.AioRpcError) as raised:
                await make()
            assert raised.value.code() is grpc.StatusCode.UNAUTHENTICATED
            # What notices it is a task of its own.
            for _ in range(10):
                await asyncio.sleep(0)
            return [*answers, await make()]

        first, second = run(main)
        assert first == second in (b"ab", b"abab")
        assert emulator.tokens_issued == 2 and len(service.headers) == 3
