"""Servers on loopback that misbehave in ways of their own, below what the emulator can be ordered to do."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from datetime import datetime, timedelta, timezone

GOOD = json.dumps(
    {
        "iamToken": "t1.token-of-a-test-server",
        "expiresAt": (datetime.now(timezone.utc) + timedelta(hours=12)).isoformat(),
    }
).encode()


def answer(body=GOOD, status="200 OK", headers=()):
    """A whole response as bytes. Nobody is to use the connection again: a script answers once."""
    lines = [f"HTTP/1.1 {status}", *headers, f"content-length: {len(body)}", "connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


class Server:
    """Calls `script` with each connection, in a thread, and closes it afterwards. `received` and `bodies`: what came."""

    def __init__(self, script, tls=None):
        self.script = script
        self.tls = tls
        self.received = []
        self.bodies = []
        self.stopping = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self.socket.getsockname()[1]
        self.threads = [threading.Thread(target=self.accept)]

    def __enter__(self):
        self.threads[0].start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        # Wakes the thread that accepts: closing the socket alone does not everywhere.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 5).close()
        for thread in self.threads:
            thread.join()
        self.socket.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            if self.stopping.is_set():
                connection.close()
                return
            thread = threading.Thread(target=self.serve, args=(connection,))
            self.threads.append(thread)
            thread.start()

    def serve(self, connection):
        connection.settimeout(10)
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            stack.callback(lambda: connection.close())
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self.script(self, connection)

    def read_request(self, connection):
        """The head of a request; the body is read too."""
        stream = connection.makefile("rb")
        head = []
        while True:
            line = stream.readline().decode("latin-1").strip()
            if not line:
                break
            head.append(line)
        length = [line.split(":")[1] for line in head if line.lower().startswith("content-length:")]
        self.bodies.append(stream.read(int(length[0]) if length else 0))
        stream.detach()
        self.received.append(head)
        return head


def replying(*chunks):
    """A script that reads a request and sends these bytes."""

    def script(server, connection):
        server.read_request(connection)
        for chunk in chunks:
            connection.sendall(chunk)

    return script


def answering(*answers):
    """A script that answers with the next of these JSON values, or pairs of a status and one; the last stays."""
    left = list(answers)

    def script(server, connection):
        server.read_request(connection)
        given = left.pop(0) if len(left) > 1 else left[0]
        status, value = given if isinstance(given, tuple) else (200, given)
        connection.sendall(answer(json.dumps(value).encode(), f"{status} Status", ["content-type: application/json"]))

    return script


def dripping(data, interval):
    """A script that reads a request and then sends a byte at a time."""

    def script(server, connection):
        server.read_request(connection)
        for byte in data:
            if server.stopping.wait(interval):
                return
            connection.sendall(bytes([byte]))

    return script


def proxying(status="200 Connection established"):
    """A script that answers CONNECT, and passes on what follows."""

    def script(server, connection):
        head = server.read_request(connection)
        connection.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode())
        if not status.startswith("200"):
            return
        host, port = head[0].split()[1].rsplit(":", 1)
        with socket.create_connection((host, int(port)), 10) as onward:
            back = threading.Thread(target=pump, args=(onward, connection))
            back.start()
            pump(connection, onward)
            back.join()

    return script


def pump(source, sink):
    with contextlib.suppress(OSError):
        while True:
            data = source.recv(65536)
            if not data:
                break
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def server_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
