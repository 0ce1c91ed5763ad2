"""One request that another library sends, by the rules of the core's own requests."""

from __future__ import annotations

import time
from typing import Any, Optional, Union

from yc_iam._async import AsyncCredentials, _in_thread
from yc_iam._base import CredentialsBase
from yc_iam._core import Authorize, Fail, Perform, Request, Response, Task, Token
from yc_iam._sync import Credentials
from yc_iam.errors import YcIamError

AnyCredentials = Union[Credentials, AsyncCredentials]

# The time that a request may take is up to the library; this only has to be longer.
_PATIENCE = 7 * 24 * 3600


class Exchange:
    """A request and, if the service refuses the token, another. Does no I/O: tokens and statuses are passed in.

    `url`: where the request goes to. Raises `ConfigurationError` unless it is https, or http on a loopback address, and
    `UsageError` for what is no URL.
    """

    __slots__ = ("_call", "_credentials", "_effect", "authorization")

    def __init__(self, credentials: CredentialsBase[Any, Any, Any], url: str) -> None:
        # Only the address counts here: method, headers and body stay with the library.
        self._call = credentials._call(Task.request("GET", url), _PATIENCE)
        self._credentials = credentials
        self._effect = 0
        self.authorization = ""
        """The value of the `Authorization` header of the request that is to be sent now."""

    def authorize(self, token: Token) -> bool:
        """Takes a token. True if a request is to be sent with it, and false if it is the one that was just refused."""
        self._call.authorize(token.value)
        step = self._call.poll(time.time())
        if isinstance(step, Fail):
            raise step.error
        if not isinstance(step, Perform) or not isinstance(step.action, Request):
            return False
        self._effect = step.id
        self.authorization = step.action.headers["authorization"]
        return True

    def refused(self, status: int) -> bool:
        """Takes the status of the answer. True if it asks for another token; then the refused one is dropped."""
        self._call.complete(self._effect, time.time(), Response(status, {}, b""))
        step = self._call.poll(time.time())
        if not isinstance(step, Authorize) or step.refused is None:
            return False
        self._credentials.invalidate(step.refused)
        return True


def check_url(url: str) -> None:
    """Raises `ConfigurationError` for a URL that no token is sent to, and `UsageError` for what is none."""
    Task.request("GET", url)


def blocking(credentials: AnyCredentials) -> Credentials:
    """Credentials for code that blocks. Raises `TypeError` for others."""
    if isinstance(credentials, Credentials):
        return credentials
    raise TypeError(f"code that blocks takes `Credentials`, and not an object of type {type(credentials).__name__}")


def either(credentials: AnyCredentials) -> AnyCredentials:
    """Credentials of either kind. Raises `TypeError` for anything else."""
    if isinstance(credentials, (Credentials, AsyncCredentials)):
        return credentials
    raise TypeError(f"credentials are expected, and not an object of type {type(credentials).__name__}")


def renewed(exchange: Exchange, credentials: Credentials) -> bool:
    """Passes in a token after a refusal. False if there is no other: then the answer that refused it is the answer."""
    try:
        return exchange.authorize(credentials.token())
    except YcIamError:
        return False


async def renewed_on_asyncio(exchange: Exchange, credentials: AnyCredentials) -> bool:
    """As `renewed`, without blocking the event loop."""
    try:
        return exchange.authorize(await token_of(credentials))
    except YcIamError:
        return False


def fresh(credentials: AnyCredentials) -> Optional[Token]:
    """The token of the moment, if it is there already."""
    token, since, until = credentials._fresh
    return token if token is not None and since <= time.time() < until else None


async def token_of(credentials: AnyCredentials) -> Token:
    """A token, without blocking the event loop."""
    if isinstance(credentials, AsyncCredentials):
        return await credentials.token()
    token = fresh(credentials)
    if token is not None:
        return token
    fetched = await _in_thread(credentials.token)
    assert isinstance(fetched, Token)
    return fetched
