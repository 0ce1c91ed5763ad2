"""What httpx and httpx2 have in common: the flow of an `Auth`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import Any

from yc_iam.integrations._bearer import AnyCredentials, Exchange, blocking, either, token_of


class Flow:
    """Both flows, for both kinds of requests and responses."""

    _request_not_read: type[Exception]

    def __init__(self, credentials: AnyCredentials) -> None:
        self._credentials = either(credentials)

    def sync_auth_flow(self, request: Any) -> Generator[Any, Any, None]:
        """What httpx calls."""
        credentials = blocking(self._credentials)
        exchange = Exchange(credentials, str(request.url))
        while exchange.authorize(credentials.token()):
            response = yield self._with(request, exchange)
            if not self._refused(exchange, request, response):
                break

    async def async_auth_flow(self, request: Any) -> AsyncGenerator[Any, Any]:
        """What httpx calls."""
        exchange = Exchange(self._credentials, str(request.url))
        while exchange.authorize(await token_of(self._credentials)):
            response = yield self._with(request, exchange)
            if not self._refused(exchange, request, response):
                break

    def _with(self, request: Any, exchange: Exchange) -> Any:
        request.headers["Authorization"] = exchange.authorization
        return request

    def _refused(self, exchange: Exchange, request: Any, response: Any) -> bool:
        # Where a redirect leads elsewhere, the client takes the header away.
        if response.request.headers.get("Authorization") != exchange.authorization:
            return False
        if not exchange.refused(response.status_code):
            return False
        try:
            # Only a body that is held as a whole can be sent again.
            request.content  # noqa: B018
        except self._request_not_read:
            return False
        return True
