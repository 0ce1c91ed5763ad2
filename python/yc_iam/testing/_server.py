"""A server on loopback that delivers replies just as badly as they were ordered."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Event
from typing import TYPE_CHECKING, Any, Callable

from yc_iam._core import Reply

if TYPE_CHECKING:
    import ssl

_MAX_BODY = 1024 * 1024
# A client that connects and says nothing must not keep the server from stopping.
_PATIENCE = 5

Answer = Callable[[str, str, "list[tuple[str, str]]", bytes], Reply]


class Server(ThreadingMixIn, TCPServer):
    """One thread for each connection, one request on each. `stop()` waits for all of them."""

    allow_reuse_address = True
    request_queue_size = 256
    daemon_threads = False

    def __init__(self, port: int, answer: Answer, tls: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self.tls = tls
        self.stopping = Event()
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.server_address[1]}"

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """In the connection's own thread, so that nobody waits for another's handshake."""
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        request.settimeout(_PATIENCE)
        with self.tls.wrap_socket(request, server_side=True) as secure:
            super().finish_request(secure, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is nothing to report."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE

    def handle_one_request(self) -> None:
        self.close_connection = True
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            return
        self.close_connection = True
        if self.headers.get("expect", "").lower() == "100-continue":
            self.handle_expect_100()
        length = self.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > _MAX_BODY:
            self.send_error(413)
            return
        body = self.rfile.read(int(length))
        reply = self.server.answer(self.command, self.path, self.headers.items(), body)
        if self.server.stopping.wait(reply.delay) or reply.sent is None:
            return
        self._send(reply, reply.sent)

    def _send(self, reply: Reply, sent: int) -> None:
        response = reply.response
        self.send_response_only(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in response.headers):
            self.send_header("content-length", str(len(response.body)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(response.body[:sent])

    def log_message(self, format: str, *arguments: Any) -> None:
        """Tests have output of their own."""
