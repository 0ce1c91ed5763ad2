"""kubernetes, the client of the Kubernetes project.

    with client.ApiClient(configuration(InCluster())) as api:
        pods = client.CoreV1Api(api).list_namespaced_pod("default")

For `kubernetes.aio`, take `aio_configuration`. `refresh_hook` alone is for a configuration that is there already, also
one of `kubernetes_asyncio`.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, Callable, Optional, Union

from yc_iam._async import AsyncCredentials
from yc_iam._core import Token
from yc_iam._sync import Credentials
from yc_iam.integrations._bearer import check_url
from yc_iam.kubernetes import AsyncInCluster, InCluster

if TYPE_CHECKING:
    from kubernetes.aio.client import Configuration as AioConfiguration
    from kubernetes.client import Configuration

__all__ = ["aio_configuration", "configuration", "refresh_hook"]

Blocking = Union[InCluster, Credentials]
Awaiting = Union[AsyncInCluster, AsyncCredentials]
StrPath = Union[str, "os.PathLike[str]"]


def configuration(
    source: Blocking, *, host: Optional[str] = None, ca_file: Optional[StrPath] = None
) -> Configuration:
    """A `kubernetes.client.Configuration` whose requests have the token of the moment.

    `source`: an `InCluster`, whose API server it is; or `Credentials`, whose IAM tokens the clusters of Yandex Cloud
    take, with `host`, the API server's URL, and `ca_file`, the path of its certificate authority. Raises
    `ConfigurationError` for a URL that is neither https nor on a loopback address.

    The client asks for a token at each request, and does not say which one was refused: after a 401, a pod's token is
    read anew within a minute; for others, call `credentials.invalidate(credentials.token())` and try again.
    """
    from kubernetes.client import Configuration

    if not isinstance(source, (InCluster, Credentials)):
        raise TypeError(f"an InCluster or Credentials are expected, and not an object of type {type(source).__name__}")
    made: Configuration = _filled(Configuration(), source, host, ca_file)
    return made


def aio_configuration(
    source: Awaiting, *, host: Optional[str] = None, ca_file: Optional[StrPath] = None
) -> AioConfiguration:
    """The same for `kubernetes.aio`, from an `AsyncInCluster` or `AsyncCredentials`."""
    from kubernetes.aio.client import Configuration

    if not isinstance(source, (AsyncInCluster, AsyncCredentials)):
        raise TypeError(
            f"an AsyncInCluster or AsyncCredentials are expected, and not an object of type {type(source).__name__}"
        )
    made: AioConfiguration = _filled(Configuration(), source, host, ca_file)
    return made


def refresh_hook(source: Union[Blocking, Awaiting]) -> Callable[[Any], Optional[Awaitable[None]]]:
    """For a configuration's `refresh_api_key_hook`: puts the token of the moment into it. Awaited if `source` is.

    The configuration has to have some `api_key["authorization"]` before, as the client looks whether there is one.
    """

    # Functions, and not objects: configurations are copied with all they hold, and credentials are not.
    def refresh(configuration: Any) -> None:
        token = source.token()
        assert isinstance(token, Token)
        configuration.api_key["authorization"] = token.authorization()

    async def refresh_awaited(configuration: Any) -> None:
        token = await source.token()  # type: ignore[misc]
        configuration.api_key["authorization"] = token.authorization()

    return refresh_awaited if isinstance(source, (AsyncInCluster, AsyncCredentials)) else refresh


def _filled(made: Any, source: Union[Blocking, Awaiting], host: Optional[str], ca_file: Optional[StrPath]) -> Any:
    if isinstance(source, (InCluster, AsyncInCluster)):
        if host is not None or ca_file is not None:
            raise TypeError("host and ca_file go with credentials only: a pod knows them")
        host = source.server
        ca_file = os.path.join(os.path.dirname(source._cluster.token_path), "ca.crt")
    elif host is None:
        raise TypeError("pass host, the URL of the API server")
    check_url(host)
    made.host = host
    made.ssl_ca_cert = None if ca_file is None else os.fspath(ca_file)
    made.api_key = {"authorization": ""}
    made.api_key_prefix = {}
    made.refresh_api_key_hook = refresh_hook(source)
    return made
