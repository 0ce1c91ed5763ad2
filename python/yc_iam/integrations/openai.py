"""openai 1.106 and newer, for services with its API such as AI Studio.

    with client(credentials, base_url) as models:
        models.chat.completions.create(model="gpt://FOLDER_ID/MODEL", messages=[…])

`api_key` alone is for whatever takes a function as its key, and for clients with a `http_client` of their own.
"""

from __future__ import annotations

from collections.abc import Awaitable
from importlib import import_module
from typing import Any, Callable, overload

from openai import AsyncOpenAI, DefaultAsyncHttpxClient, DefaultHttpxClient, OpenAI

from yc_iam._async import AsyncCredentials
from yc_iam._sync import Credentials
from yc_iam.integrations._bearer import AnyCredentials, blocking, check_url, either, token_of

__all__ = ["api_key", "async_client", "client"]


@overload
def api_key(credentials: Credentials) -> Callable[[], str]: ...
@overload
def api_key(credentials: AsyncCredentials) -> Callable[[], Awaitable[str]]: ...
def api_key(credentials: AnyCredentials) -> Any:
    """A function that gives the token of the moment, for `OpenAI`; awaited for `AsyncOpenAI` if the credentials are.

    It is not told where the token goes: always pass `base_url`, as that of another company is the default.
    """
    given = either(credentials)
    if isinstance(given, Credentials):
        return lambda: given.token().value

    async def value() -> str:
        return (await given.token()).value

    return value


def client(credentials: Credentials, base_url: str, **options: Any) -> OpenAI:
    """An `OpenAI` whose requests have the token of the moment. After a 401 it is renewed, and the request sent again.

    `base_url`: where the service is. `options`: what `OpenAI` takes besides, such as `project`, but not `http_client`.
    Raises `ConfigurationError` for a URL that is neither https nor on a loopback address.
    """
    check_url(base_url)
    http_client = DefaultHttpxClient(auth=_auth(DefaultHttpxClient, blocking(credentials)))
    return OpenAI(base_url=base_url, api_key=api_key(credentials), http_client=http_client, **options)


def async_client(credentials: AnyCredentials, base_url: str, **options: Any) -> AsyncOpenAI:
    """The same on asyncio: an `AsyncOpenAI`. Takes `AsyncCredentials`, or `Credentials`, asked in a thread."""
    check_url(base_url)
    given = either(credentials)

    async def value() -> str:
        return (await token_of(given)).value

    http_client = DefaultAsyncHttpxClient(auth=_auth(DefaultAsyncHttpxClient, given))
    return AsyncOpenAI(base_url=base_url, api_key=value, http_client=http_client, **options)


def _auth(client_class: type, credentials: AnyCredentials) -> Any:
    """For the httpx that this version of openai is built on."""
    names = {base.__module__.split(".")[0] for base in client_class.__mro__}
    name = "httpx2" if "httpx2" in names else "httpx"
    return import_module(f"yc_iam.integrations.{name}").YcIamAuth(credentials)
