"""HTTP over the standard library's sockets and TLS, each imported when the first request needs it.

Not by `http.client`: to import it, and `email` for it, takes as long as the rest of a first token.
"""

from __future__ import annotations

import os
import socket
import sys
import time

from yc_iam._core import Message, Request, Response, ResponseReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

# No answer that the core takes comes near this. What a program asks for itself may; more is not read.
_MAX_BODY = 64 * 1024 * 1024
_PIECE = 64 * 1024


def default_transport(request: Request) -> Response:
    """Sends a request and returns the answer, whatever its status. Follows no redirect.

    Everything, from the connection to the last byte, happens within `request.timeout` seconds; only the system's name
    resolution keeps its own time. Certificates are verified against `request.ca_certificate`, or else against the
    system's authorities. Raises `TimeoutError`, `ssl.SSLError`, and other `OSError`s, among them `ConnectionError` for
    what is not HTTP/1.1; `ValueError` for an answer of more than 64 MiB.
    """
    deadline = _elapsed() + request.timeout
    message = Message(request.method, request.url, request.headers, request.body)
    proxy = _proxy(message) if request.use_proxy else None
    host = message.host
    connection = _Connection(_connect(proxy.address if proxy else (host, message.port), deadline), deadline)
    try:
        if message.secure:
            if proxy:
                connection.send(message.connect(proxy.headers))
                answer = connection.answer("CONNECT")
                if answer.status != 200:
                    raise ConnectionError(f"the proxy answered with status {answer.status}")
            connection.secure(host, request.ca_certificate)
            connection.send(message.to_bytes())
        else:
            connection.send(message.to_bytes(proxy.headers if proxy else None))
        return connection.answer(request.method)
    finally:
        connection.close()


def _elapsed() -> float:
    """Seconds since some time. They pass also where a test has stopped Python's clocks, as freezegun does in some frames and not in others."""
    if sys.platform == "win32":
        return time.monotonic()
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def _left(deadline: float) -> float:
    left = deadline - _elapsed()
    if left <= 0:
        raise TimeoutError("the time for the whole exchange is over")
    return left


def _name(host: str, function: object, module: ModuleType) -> str | bytes:
    """A host's name for a function of the standard library: as bytes, or Python would load its tables of international names.

    What a program has put in its place, as gevent does, gets text, as from other clients.
    """
    is_own = getattr(function, "__globals__", None) is vars(module)
    return host.encode("ascii") if is_own and host.isascii() else host


def _connect(address: tuple[str, int], deadline: float) -> socket.socket:
    """Tries each of the host's addresses for its share of the time that is left."""
    host, port = address
    resolve = socket.getaddrinfo
    # By position: what others put in its place has other names for its parameters.
    places = resolve(_name(host, resolve, socket), port, 0, socket.SOCK_STREAM)
    failure: OSError | None = None
    try:
        for number, (family, kind, protocol, _, place) in enumerate(places):
            sock: socket.socket | None = None
            try:
                sock = socket.socket(family, kind, protocol)
                sock.settimeout(_left(deadline) / (len(places) - number))
                sock.connect(place)
                return sock
            except OSError as error:
                if sock is not None:
                    sock.close()
                failure = error
        raise failure or ConnectionError("the host has no address")
    finally:
        # It holds this frame, and that it: nobody would free the request, and its credential, for a long time.
        del failure


class _Connection:
    """A socket on which no number of small steps outlives the deadline."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._deadline = deadline

    def secure(self, host: str, ca_certificate: str | None) -> None:
        import ssl

        # With authorities given, no others are loaded.
        context = ssl.create_default_context(cadata=ca_certificate)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        self._sock.settimeout(_left(self._deadline))
        # Whoever cuts the connection cannot cut a body short that has no length: TLS says when it ends (RFC 9112, section 9.8).
        name = _name(host, context.wrap_socket, ssl)
        self._sock = context.wrap_socket(self._sock, server_hostname=name, suppress_ragged_eofs=False)

    def send(self, data: bytes) -> None:
        self._sock.settimeout(_left(self._deadline))
        self._sock.sendall(data)

    def answer(self, method: str) -> Response:
        """Each answer has a reader of its own: what a proxy said before TLS is not the server's."""
        reader = ResponseReader(method, _MAX_BODY)
        while True:
            self._sock.settimeout(_left(self._deadline))
            response = reader.feed(self._sock.recv(_PIECE))
            if response is not None:
                return response

    def close(self) -> None:
        self._sock.close()


class _Proxy:
    """A proxy that the environment names."""

    def __init__(self, url: str) -> None:
        from urllib.parse import unquote, urlsplit

        try:
            parts = urlsplit(url if "://" in url else f"http://{url}")
            host, port = parts.hostname, parts.port or 80
        except ValueError:
            # What Python says of it may hold a piece of the password.
            raise ValueError(
                "the environment's proxy is not a URL; in a user's name and password, `/`, `?`, `#` and `@` are written as %2F, %3F, "
                "%23 and %40"
            ) from None
        if parts.scheme != "http" or not host:
            raise ValueError("the environment's proxy is not an http:// one; pass a transport that can use it")
        self.address: tuple[str, int] = (host, port)
        self.headers: dict[str, str] = {}
        if parts.username is not None:
            from base64 import b64encode

            user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self.headers["proxy-authorization"] = "Basic " + b64encode(user.encode()).decode("ascii")


def _proxy(message: Message) -> _Proxy | None:
    # Most environments name no proxy, and then the standard library's reader of those settings need not be imported.
    if not any(name.lower().endswith("_proxy") for name in os.environ):
        return None
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    url = proxies.get("https" if message.secure else "http") or proxies.get("all")
    return _Proxy(url) if url and not proxy_bypass(message.authority) else None
