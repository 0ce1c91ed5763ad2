"""Kubernetes: the API server of a pod's own cluster, and what `kubectl` reads.

    from yc_iam.kubernetes import InCluster

    cluster = InCluster()
    response = cluster.send(f"/api/v1/namespaces/{cluster.namespace}/pods")

TLS trusts the cluster's own certificate authority there, and no other.
"""

from __future__ import annotations

import os

from yc_iam import _core
from yc_iam._core import Endpoints, ExecPlugin, Response, ServiceAccountSecret, Token
from yc_iam._effects import read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from yc_iam._core import Request
    from yc_iam.types import AsyncTransport, FailureKind, Seconds, Transport

__all__ = [
    "AsyncInCluster",
    "ExecPlugin",
    "InCluster",
    "ServiceAccountSecret",
    "exec_credential",
    "kubeconfig",
]


class _Pod:
    """What both know of the cluster, from the pod's environment and files."""

    __slots__ = ("_cluster",)

    def __init__(self, directory: str | os.PathLike[str] | None, environ: Mapping[str, str] | None) -> None:
        self._cluster = _core.Cluster(_read, None if directory is None else os.fsdecode(directory), environ)

    @property
    def server(self) -> str:
        """The API server's URL, without a slash at its end."""
        return self._cluster.server

    @property
    def namespace(self) -> str:
        """The pod's namespace."""
        return self._cluster.namespace

    @property
    def ca_certificate(self) -> str:
        """The cluster's certificate authority, PEM: the only one that `send` trusts."""
        return self._cluster.ca_certificate

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self.server}>"


class InCluster(_Pod):
    """The API server of the cluster that this pod runs in. Any number of threads may share one.

    `directory`: where the pod's credentials are, by default `/var/run/secrets/kubernetes.io/serviceaccount`; the
    certificate authority and the namespace are read once, and the token again each minute. `environ`: `os.environ` by
    default. `transport`: sends requests in place of the standard library; it trusts `request.ca_certificate` only.

    Raises `ConfigurationError` outside of a pod.
    """

    __slots__ = ("_credentials",)

    def __init__(
        self,
        directory: str | os.PathLike[str] | None = None,
        *,
        environ: Mapping[str, str] | None = None,
        transport: Transport | None = None,
    ) -> None:
        from yc_iam._sync import Credentials

        super().__init__(directory, environ)
        self._credentials = Credentials(self._cluster.source(), Endpoints.default(), transport)

    def token(self) -> Token:
        """The service account's token for the API server. Raises `YcIamError`."""
        return self._credentials.token()

    def request(
        self,
        path: str,
        method: str = "GET",
        body: str | bytes | None = None,
        *,
        content_type: str = "application/json",
    ) -> Request:
        """A request with the token, ready to be sent.

        `path` begins with `/`, may have a query, and is percent-encoded already. `method`: `GET`, `POST`, `PUT`, `PATCH`
        or `DELETE`. Raises `YcIamError`.
        """
        return self._cluster.request(method, path, self.token(), _body(body, content_type))

    def send(
        self,
        path: str,
        method: str = "GET",
        body: str | bytes | None = None,
        *,
        content_type: str = "application/json",
        timeout: Seconds | None = None,
    ) -> Response:
        """Sends a request, and gives the response, whatever its status. Takes what `request` takes.

        If the API server answers 401, the token is read anew and the request sent once more; nothing else is tried
        again. `timeout`: after how many seconds to give up; by default half a minute each time that it is sent. Raises
        `YcIamError` where there is no response.
        """
        body_of = _body(body, content_type)
        response: Response = self._credentials._run(timeout, self._cluster.task, method, path, body_of)
        return response


class AsyncInCluster(_Pod):
    """The same for asyncio. `transport` may be an `async def`."""

    __slots__ = ("_credentials",)

    def __init__(
        self,
        directory: str | os.PathLike[str] | None = None,
        *,
        environ: Mapping[str, str] | None = None,
        transport: AsyncTransport | None = None,
    ) -> None:
        from yc_iam._async import AsyncCredentials

        super().__init__(directory, environ)
        self._credentials = AsyncCredentials(self._cluster.source(), Endpoints.default(), transport)

    async def token(self) -> Token:
        """The service account's token for the API server. Raises `YcIamError`."""
        return await self._credentials.token()

    async def request(
        self,
        path: str,
        method: str = "GET",
        body: str | bytes | None = None,
        *,
        content_type: str = "application/json",
    ) -> Request:
        """A request with the token, ready to be sent, as `InCluster.request` makes it."""
        return self._cluster.request(method, path, await self.token(), _body(body, content_type))

    async def send(
        self,
        path: str,
        method: str = "GET",
        body: str | bytes | None = None,
        *,
        content_type: str = "application/json",
        timeout: Seconds | None = None,
    ) -> Response:
        """Sends a request, as `InCluster.send` does."""
        body_of = _body(body, content_type)
        response: Response = await self._credentials._run(timeout, self._cluster.task, method, path, body_of)
        return response


def kubeconfig(
    server: str,
    *,
    cluster: str,
    user: str,
    context: str | None = None,
    namespace: str | None = None,
    ca_certificate: str | None = None,
    token: str | None = None,
    token_file: str | os.PathLike[str] | None = None,
    plugin: ExecPlugin | None = None,
    existing: str | None = None,
    format: Literal["yaml", "json"] = "yaml",
) -> str:
    """A kubeconfig for the API server at this URL, for a file that only its owner can read.

    `cluster`, `user` and `context` are the entries' names; the context's is the cluster's by default, and becomes the
    current one. `ca_certificate`: PEM; without it, clients trust the machine's own authorities. Exactly one of `token`,
    `token_file` (a path) and `plugin` says how the user proves who it is. `existing`: the text of a kubeconfig that
    this one is put into; all else in it but comments is kept.

    Raises `ConfigurationError` for what cannot stand in a kubeconfig, and `TypeError` unless there is exactly one
    proof.
    """
    if sum(given is not None for given in (token, token_file, plugin)) != 1:
        raise TypeError("pass exactly one of token, token_file and plugin")
    if format not in ("yaml", "json") or (format == "json" and existing is not None):
        raise TypeError("format is 'yaml' or 'json', and 'yaml' for what is put into an existing kubeconfig")
    names = (cluster, cluster if context is None else context, user, namespace)
    path = None if token_file is None else os.fsdecode(token_file)
    return _core.kubeconfig(names, server, ca_certificate, token, path, plugin, existing, format == "json")


def exec_credential(token: Token, environ: Mapping[str, str] | None = None) -> str:
    """What a credential plug-in prints for `kubectl`: JSON with this token.

    The version is the one that `KUBERNETES_EXEC_INFO` asks for in `environ`, `os.environ` by default. Raises
    `UsageError` for a variable that is none of `kubectl`'s.
    """
    variables = os.environ if environ is None else environ
    try:
        asked = variables["KUBERNETES_EXEC_INFO"]
    except KeyError:
        return _core.exec_credential(token)
    return _core.exec_credential(token, asked)


def _read(path: str) -> bytes | tuple[FailureKind, str]:
    try:
        return bytes(read_file(path))
    except OSError as error:
        # The core names the file.
        return "file", error.strerror or type(error).__name__


def _body(body: str | bytes | None, content_type: str) -> tuple[str, str | bytes] | None:
    return None if body is None else (content_type, body)
