"""HTTP by the standard library. Imported when the first request goes out: importing TLS and HTTP takes its time."""

from __future__ import annotations

import http.client
import io
import os
import socket
import ssl
import time
from urllib.parse import unquote, urlsplit

from yc_iam._core import Request, Response

# No answer that the core takes comes near this. What a program asks for itself may; more is not read.
_MAX_BODY = 64 * 1024 * 1024


def default_transport(request: Request) -> Response:
    """Sends a request and returns the answer, whatever its status. Follows no redirect.

    Everything, from the connection to the last byte, happens within `request.timeout` seconds; only the system's name
    resolution keeps its own time. Certificates are verified against `request.ca_certificate`, or else against the
    system's authorities. Raises `TimeoutError`, `ssl.SSLError` and other `OSError`s; `http.client.HTTPException` for what
    is not HTTP; `ValueError` for an answer of more than 64 MiB.
    """
    deadline = time.monotonic() + request.timeout
    target = urlsplit(request.url)
    secure = target.scheme == "https"
    host, port = target.hostname or "", target.port or (443 if secure else 80)
    proxy = _proxy(target.scheme, target.netloc) if request.use_proxy else None
    stream = _Stream(_connect(proxy.address if proxy else (host, port), deadline), deadline)
    try:
        path = f"{target.path or '/'}?{target.query}" if target.query else target.path or "/"
        headers = request.headers
        if secure:
            if proxy:
                proxy.open_tunnel(stream, host, port)
            stream.secure(host, request.ca_certificate)
        elif proxy:
            path = request.url
            headers.update(proxy.headers)
        # http.client connects only where there is no connection yet, so this one serves for TLS too.
        connection = http.client.HTTPConnection(host, port)
        connection.default_port = 443 if secure else 80
        connection.sock = stream
        # Where a program has http.client print what it sends, that would be keys and tokens.
        connection.set_debuglevel(0)
        connection.request(request.method, path, request.body, headers)
        with _final_answer(stream, request.method) as answer:
            body = answer.read(_MAX_BODY + 1)
            if len(body) > _MAX_BODY:
                raise ValueError(f"the answer has more than {_MAX_BODY} bytes")
            if answer.length:
                raise ConnectionError("the connection closed before the whole answer was there")
            return Response(answer.status, answer.getheaders(), body)
    finally:
        stream.shut()


def _final_answer(stream: _Stream, method: str) -> http.client.HTTPResponse:
    """Answers that are only information come before it (RFC 9110, section 15.2); http.client knows but one of them."""
    while True:
        answer = http.client.HTTPResponse(stream, method=method)  # type: ignore[arg-type]
        answer.begin()
        if not 102 <= answer.status < 200:
            return answer
        # It would close what the next one is read from.
        answer.fp = None  # type: ignore[assignment]


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time for the whole exchange is over")
    return left


def _connect(address: tuple[str, int], deadline: float) -> socket.socket:
    """Tries each of the host's addresses for its share of the time that is left."""
    places = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)
    failure: OSError | None = None
    for number, (family, kind, protocol, _, place) in enumerate(places):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(_left(deadline) / (len(places) - number))
            sock.connect(place)
            return sock
        except OSError as error:
            sock.close()
            failure = error
    raise failure or ConnectionError("the host has no address")


class _Stream:
    """A socket for http.client on which no number of small steps outlives the deadline."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._deadline = deadline
        self._reader: io.BufferedReader | None = None

    def secure(self, host: str, ca_certificate: str | None) -> None:
        # With authorities given, no others are loaded.
        context = ssl.create_default_context(cadata=ca_certificate)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        self._sock.settimeout(_left(self._deadline))
        self._sock = context.wrap_socket(self._sock, server_hostname=host)
        # What a proxy said before is not the server's.
        self._reader = None

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(_left(self._deadline))
        self._sock.sendall(data)

    def receive_into(self, buffer: memoryview) -> int:
        self._sock.settimeout(_left(self._deadline))
        return self._sock.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        # One for all answers: it may hold the beginning of the next.
        if self._reader is None or self._reader.closed:
            self._reader = io.BufferedReader(_Reader(self))
        return self._reader

    def close(self) -> None:
        """http.client closes its socket while the answer is still being read; `shut` is what ends it."""

    def shut(self) -> None:
        self._sock.close()


class _Reader(io.RawIOBase):
    def __init__(self, stream: _Stream) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._stream.receive_into(buffer)


class _Proxy:
    """A proxy that the environment names."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError("the environment's proxy is not an http:// one; pass a transport that can use it")
        self.address = (parts.hostname, parts.port or 80)
        self.headers: dict[str, str] = {}
        if parts.username is not None:
            from base64 import b64encode

            user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self.headers["proxy-authorization"] = "Basic " + b64encode(user.encode()).decode("ascii")

    def open_tunnel(self, stream: _Stream, host: str, port: int) -> None:
        """RFC 9110, section 9.3.6."""
        authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        lines = [f"CONNECT {authority} HTTP/1.1", f"host: {authority}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        stream.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        answer = http.client.HTTPResponse(stream, method="CONNECT")  # type: ignore[arg-type]
        answer.begin()
        if answer.status != 200:
            raise ConnectionError(f"the proxy answered with status {answer.status}")


def _proxy(scheme: str, netloc: str) -> _Proxy | None:
    # Most environments name no proxy, and then the standard library's reader of those settings need not be imported.
    if not any(name.lower().endswith("_proxy") for name in os.environ):
        return None
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    url = proxies.get(scheme) or proxies.get("all")
    return _Proxy(url) if url and not proxy_bypass(netloc) else None
