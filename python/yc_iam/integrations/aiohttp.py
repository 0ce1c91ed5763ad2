"""aiohttp 3.12 and newer: a middleware of a request or a session.

    session = aiohttp.ClientSession(middlewares=(YcIamAuth(credentials),))
"""

from __future__ import annotations

import weakref

from aiohttp import BytesPayload, ClientHandlerType, ClientRequest, ClientResponse
from yarl import URL

from yc_iam.integrations._bearer import AnyCredentials, Exchange, either, renewed_on_asyncio, token_of

__all__ = ["YcIamAuth"]

_REDIRECTS = (301, 302, 303, 307, 308)


class YcIamAuth:
    """Puts a token into each request. After a 401 it is renewed and the request sent once more, unless its body was a
    stream that is used up or there is no other token.

    Takes `AsyncCredentials`, or `Credentials`, which are asked in a thread. A redirect to another origin takes no token
    along. Sending raises `YcIamError` where there is no token, and for a URL that is neither https nor on a loopback
    address.
    """

    def __init__(self, credentials: AnyCredentials) -> None:
        self._credentials = either(credentials)
        self._redirected: dict[int, _Redirected] = {}

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        call = _call(request)
        redirected = self._redirected.get(id(call))
        if redirected is not None and redirected.leads_to(request.url.origin()):
            response = await handler(request)
        else:
            response = await self._send(request, handler)
        if response.status in _REDIRECTS:
            redirected = redirected or _Redirected(self._redirected, call, request.url.origin())
            redirected.keep(response)
        return response

    async def _send(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        exchange = Exchange(self._credentials, str(request.url))
        exchange.authorize(await token_of(self._credentials))
        request.headers["Authorization"] = exchange.authorization
        response = await handler(request)
        if not exchange.refused(response.status) or not _is_whole(request.body):
            return response
        try:
            renewed = await renewed_on_asyncio(exchange, self._credentials)
        except BaseException:
            response.close()
            raise
        if not renewed:
            return response
        response.release()
        request.headers["Authorization"] = exchange.authorization
        return await handler(request)


def _is_whole(body: object) -> bool:
    """Whether a body that was sent can be sent again. In aiohttp 3.12.0, a stream does not tell."""
    return not getattr(body, "consumed", not isinstance(body, (bytes, BytesPayload)))


class _Redirected:
    """A call of a session's that was answered with a redirect. Forgotten with its redirects, which aiohttp keeps for as
    long as the call may go on."""

    def __init__(self, known: dict[int, _Redirected], call: object, origin: URL) -> None:
        self._known = known
        # Held, so that no other call gets its number.
        self._call = call
        self._origin = origin
        self._left = False
        self._answers: set[weakref.ref[ClientResponse]] = set()

    def leads_to(self, origin: URL) -> bool:
        """True if a request of this call is one that no token is sent with: aiohttp takes a header away for good."""
        self._left = self._left or origin != self._origin
        return self._left

    def keep(self, answer: ClientResponse) -> None:
        """Takes a redirect."""
        self._known[id(self._call)] = self
        self._answers.add(weakref.ref(answer, self._forget))

    def _forget(self, answer: weakref.ref[ClientResponse]) -> None:
        self._answers.discard(answer)
        if not self._answers:
            self._known.pop(id(self._call), None)


def _call(request: ClientRequest) -> object:
    """What the requests of one call of a session's have in common.

    A middleware is not told which request follows a redirect, and each may come from a task of its own.
    """
    timer: object = getattr(request, "_timer", None)
    if timer is None:
        raise RuntimeError("this version of aiohttp does not show which requests belong together")
    return timer
