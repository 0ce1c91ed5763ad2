"""What httpx and httpx2 have in common: the flow of an `Auth`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import Any

from yc_iam.integrations._bearer import AnyCredentials, Exchange, blocking, either, renewed, renewed_on_asyncio, token_of


class Flow:
    """Both flows, for both kinds of requests and responses."""

    _request_not_read: type[Exception]

    def __init__(self, credentials: AnyCredentials) -> None:
        self._credentials = either(credentials)

    def sync_auth_flow(self, request: Any) -> Generator[Any, Any, None]:
        """What httpx calls."""
        credentials = blocking(self._credentials)
        exchange = Exchange(credentials, str(request.url))
        exchange.authorize(credentials.token())
        response = yield _with(exchange, request)
        if self._may_repeat(exchange, request, response) and renewed(exchange, credentials):
            yield _with(exchange, response.request)

    async def async_auth_flow(self, request: Any) -> AsyncGenerator[Any, Any]:
        """What httpx calls."""
        exchange = Exchange(self._credentials, str(request.url))
        exchange.authorize(await token_of(self._credentials))
        response = yield _with(exchange, request)
        if self._may_repeat(exchange, request, response) and await renewed_on_asyncio(exchange, self._credentials):
            yield _with(exchange, response.request)

    def _may_repeat(self, exchange: Exchange, request: Any, response: Any) -> bool:
        """True if the request that was answered, perhaps the last of several redirects, is to be sent with another
        token: what led to it was done already."""
        # Where a redirect leads elsewhere, the client takes the header away.
        if response.request.headers.get("Authorization") != exchange.authorization:
            return False
        if not exchange.refused(response.status_code):
            return False
        # A redirect takes the body along as it is, or none at all.
        return self._is_whole(response.request) or self._is_whole(request)

    def _is_whole(self, request: Any) -> bool:
        """Only a body that is held as a whole can be sent again."""
        try:
            request.content  # noqa: B018
        except self._request_not_read:
            return False
        return True


def _with(exchange: Exchange, request: Any) -> Any:
    request.headers["Authorization"] = exchange.authorization
    return request
