"""aiohttp 3.12 and newer: a middleware of a request or a session.

    session = aiohttp.ClientSession(middlewares=(YcIamAuth(credentials),))
"""

from __future__ import annotations

from contextvars import ContextVar
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
from yarl import URL

from yc_iam.integrations._bearer import AnyCredentials, Exchange, either, token_of

__all__ = ["YcIamAuth"]

_REDIRECTS = (301, 302, 303, 307, 308)
_NOWHERE: frozenset[URL] = frozenset()


class YcIamAuth:
    """Puts a token into each request. After a 401 it is renewed and the request sent once more, unless its body was a
    stream that is used up.

    Takes `AsyncCredentials`, or `Credentials`, which are asked in a thread. A redirect to another origin takes no token
    along: nor does a request that follows one by hand, in the same task and at once. Sending raises `YcIamError` where
    there is no token, and for a URL that is neither https nor on a loopback address.
    """

    def __init__(self, credentials: AnyCredentials) -> None:
        self._credentials = either(credentials)
        # A middleware is not told whether a request follows a redirect. Both are sent from the same task.
        self._led_to: ContextVar[frozenset[URL]] = ContextVar("led_to", default=_NOWHERE)

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        led_to = self._led_to.get()
        self._led_to.set(_NOWHERE)
        if request.url.origin() in led_to:
            response = await handler(request)
            self._look_for_redirect(request.url, response, stripped=True)
            return response
        exchange = Exchange(self._credentials, str(request.url))
        exchange.authorize(await token_of(self._credentials))
        response = await self._send(exchange, request, handler)
        if exchange.refused(response.status) and not getattr(request.body, "consumed", False):
            if exchange.authorize(await token_of(self._credentials)):
                response.release()
                response = await self._send(exchange, request, handler)
        self._look_for_redirect(request.url, response)
        return response

    async def _send(self, exchange: Exchange, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        request.headers["Authorization"] = exchange.authorization
        return await handler(request)

    def _look_for_redirect(self, url: URL, response: ClientResponse, stripped: bool = False) -> None:
        location = response.headers.get("Location") or response.headers.get("URI")
        if response.status not in _REDIRECTS or not location:
            return
        try:
            # A session may be told to take the location as it is, or to encode it first.
            origins = {url.join(URL(location, encoded=encoded)).origin() for encoded in (False, True)}
        except ValueError:
            # aiohttp does not follow it either.
            return
        if stripped or origins != {url.origin()}:
            self._led_to.set(frozenset(origins))
