"""grpcio, blocking and on asyncio.

    with secure_channel("compute.api.cloud.yandex.net:443", credentials) as channel:
        stub = InstanceServiceStub(channel)

Or, for a channel of another making, its two parts: `call_credentials`, which put the token in, and `interceptor`, which
renews a refused one. grpc itself sends call credentials over TLS only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import wait
from threading import Event
from typing import Any, Callable, Optional, Union

import grpc
import grpc.aio

from yc_iam._async import AsyncCredentials
from yc_iam._core import Token, is_grpc_refusal
from yc_iam.integrations._bearer import AnyCredentials, Exchange, blocking, either, fresh, renewed, renewed_on_asyncio, token_of

__all__ = [
    "aio_interceptors",
    "aio_secure_channel",
    "call_credentials",
    "channel_credentials",
    "interceptor",
    "secure_channel",
]

Options = Sequence[tuple[str, Any]]

# In seconds. One that is only busy comes back to its callbacks sooner.
_LOOP_ANSWERS_WITHIN = 5.0


def call_credentials(credentials: AnyCredentials) -> grpc.CallCredentials:
    """Put the token of the moment into each call's metadata, under `authorization`. For channels of both kinds.

    A call fails, without being sent, where there is no token. `AsyncCredentials` are awaited in the event loop that
    this is called in, or else in one of their own: a call that blocks that very loop fails, unless the token is fresh.
    """
    return grpc.metadata_call_credentials(_Plugin(either(credentials)), name="yc-iam")


def channel_credentials(
    credentials: AnyCredentials, ssl: Optional[grpc.ChannelCredentials] = None
) -> grpc.ChannelCredentials:
    """TLS, and `call_credentials` in it. `ssl`: what TLS takes, by default `grpc.ssl_channel_credentials()`."""
    return grpc.composite_channel_credentials(
        grpc.ssl_channel_credentials() if ssl is None else ssl, call_credentials(credentials)
    )


def secure_channel(
    target: str,
    credentials: AnyCredentials,
    *,
    ssl: Optional[grpc.ChannelCredentials] = None,
    options: Optional[Options] = None,
) -> grpc.Channel:
    """A channel whose calls have a token, by `channel_credentials` and `interceptor`. Takes `Credentials`."""
    channel = grpc.secure_channel(target, channel_credentials(blocking(credentials), ssl), options=options)
    return grpc.intercept_channel(channel, interceptor(credentials))


def aio_secure_channel(
    target: str,
    credentials: AnyCredentials,
    *,
    ssl: Optional[grpc.ChannelCredentials] = None,
    options: Optional[Options] = None,
) -> grpc.aio.Channel:
    """The same on asyncio, by `channel_credentials` and `aio_interceptors`; takes `AsyncCredentials` as well."""
    return grpc.aio.secure_channel(
        target, channel_credentials(credentials, ssl), options=options, interceptors=aio_interceptors(credentials)
    )


def interceptor(credentials: AnyCredentials) -> Interceptor:
    """For `grpc.intercept_channel`: after UNAUTHENTICATED, the token is renewed and the call made once more,
    if there is another.

    The token is only renewed, for later calls, if the call is a stream on either side, or was made with `future` and is
    not over at once.
    """
    return Interceptor(blocking(credentials))


def aio_interceptors(credentials: AnyCredentials) -> list[grpc.aio.ClientInterceptor]:
    """For a `grpc.aio` channel's `interceptors`: the same; every unary call is made once more."""
    given = either(credentials)
    return [_AioUnary(given), _AioUnaryStream(given), _AioStreamUnary(given), _AioStreamStream(given)]


class _Plugin(grpc.AuthMetadataPlugin):
    """grpc calls it in a thread made for that, so it may block."""

    def __init__(self, credentials: AnyCredentials) -> None:
        self._credentials = credentials
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        if isinstance(credentials, AsyncCredentials):
            try:
                self._loop = asyncio.get_running_loop()
            except RuntimeError:
                pass

    def __call__(self, context: grpc.AuthMetadataContext, callback: grpc.AuthMetadataPluginCallback) -> None:
        try:
            token = self._token()
        except Exception as error:
            # Its text holds no secret, and becomes part of the call's details.
            callback((), error)
        else:
            callback((("authorization", token.authorization()),), None)

    def _token(self) -> Token:
        if not isinstance(self._credentials, AsyncCredentials):
            return self._credentials.token()
        token = fresh(self._credentials)
        if token is not None:
            return token
        if self._loop is not None and self._loop.is_running():
            return _from_loop(self._loop, self._credentials)
        return asyncio.run(self._credentials.token())


def _from_loop(loop: asyncio.AbstractEventLoop, credentials: AsyncCredentials) -> Token:
    """A token from a loop in another thread. Raises `RuntimeError` if that one is blocked or has stopped."""
    _check(loop)
    future = asyncio.run_coroutine_threadsafe(credentials.token(), loop)
    while not wait([future], _LOOP_ANSWERS_WITHIN).done:
        try:
            _check(loop)
        except RuntimeError:
            future.cancel()
            raise
    return future.result()


def _check(loop: asyncio.AbstractEventLoop) -> None:
    alive = Event()
    loop.call_soon_threadsafe(alive.set)
    if not alive.wait(_LOOP_ANSWERS_WITHIN):
        raise RuntimeError(
            "the event loop that has to get a token does not run: in its thread, call by grpc.aio, or pass "
            "`Credentials`"
        )


class _Try(Exchange):
    """A call, as the core sees it: the target is grpc's own matter, and a refusal says what 401 does."""

    def __init__(self, credentials: AnyCredentials) -> None:
        super().__init__(credentials, "https://localhost/")

    def ended(self, code: Optional[grpc.StatusCode]) -> bool:
        return self.refused(401 if code is not None and is_grpc_refusal(code.value[0]) else 200)


Call = Any
Continuation = Callable[[Any, Any], Call]


class Interceptor(
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
    grpc.StreamStreamClientInterceptor,
):
    """What `interceptor` makes."""

    def __init__(self, credentials: AnyCredentials) -> None:
        self._credentials = blocking(credentials)

    def intercept_unary_unary(self, continuation: Continuation, client_call_details: Any, request: Any) -> Call:
        """Makes a call, and once more with another token if need be."""
        exchange = _Try(self._credentials)
        exchange.authorize(self._credentials.token())
        call = continuation(client_call_details, request)
        if not call.done():
            call.add_done_callback(lambda ended: exchange.ended(ended.code()))
        elif exchange.ended(call.code()) and renewed(exchange, self._credentials):
            call = continuation(client_call_details, request)
        return call

    def intercept_unary_stream(self, continuation: Continuation, client_call_details: Any, request: Any) -> Call:
        """Makes a call, and drops a token that it is refused with."""
        return self._watched(continuation, client_call_details, request)

    def intercept_stream_unary(self, continuation: Continuation, client_call_details: Any, requests: Any) -> Call:
        """As `intercept_unary_stream`."""
        return self._watched(continuation, client_call_details, requests)

    def intercept_stream_stream(self, continuation: Continuation, client_call_details: Any, requests: Any) -> Call:
        """As `intercept_unary_stream`."""
        return self._watched(continuation, client_call_details, requests)

    def _watched(self, continuation: Continuation, details: Any, requests: Any) -> Call:
        exchange = _Try(self._credentials)
        exchange.authorize(self._credentials.token())
        call = continuation(details, requests)
        call.add_done_callback(lambda ended: exchange.ended(ended.code()))
        return call


class _Aio:
    def __init__(self, credentials: AnyCredentials) -> None:
        self._credentials = credentials

    async def _begun(self) -> _Try:
        exchange = _Try(self._credentials)
        exchange.authorize(await token_of(self._credentials))
        return exchange

    async def _watched(self, continuation: Continuation, details: Any, requests: Any) -> Call:
        exchange = await self._begun()
        call = await continuation(details, requests)

        async def look() -> None:
            exchange.ended(await call.code())

        tasks = set()

        def ended(_: Any) -> None:
            # The loop itself holds tasks weakly.
            task = asyncio.ensure_future(look())
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        call.add_done_callback(ended)
        return call


class _AioUnary(_Aio, grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(self, continuation: Continuation, client_call_details: Any, request: Any) -> Call:
        exchange = await self._begun()
        call = await continuation(client_call_details, request)
        if exchange.ended(await call.code()) and await renewed_on_asyncio(exchange, self._credentials):
            call = await continuation(client_call_details, request)
        return call


class _AioUnaryStream(_Aio, grpc.aio.UnaryStreamClientInterceptor):
    async def intercept_unary_stream(self, continuation: Continuation, client_call_details: Any, request: Any) -> Call:
        return await self._watched(continuation, client_call_details, request)


class _AioStreamUnary(_Aio, grpc.aio.StreamUnaryClientInterceptor):
    async def intercept_stream_unary(
        self, continuation: Continuation, client_call_details: Any, request_iterator: Any
    ) -> Call:
        return await self._watched(continuation, client_call_details, request_iterator)


class _AioStreamStream(_Aio, grpc.aio.StreamStreamClientInterceptor):
    async def intercept_stream_stream(
        self, continuation: Continuation, client_call_details: Any, request_iterator: Any
    ) -> Call:
        return await self._watched(continuation, client_call_details, request_iterator)
