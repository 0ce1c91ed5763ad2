"""gRPC servers on loopback, over TLS, that take the emulator's tokens and no others."""

from __future__ import annotations

import contextlib
import threading
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor

import grpc

from helpers import subject
from yc_iam._core import cluster_tls


class Service(grpc.GenericRpcHandler):
    """Answers every method by `answer(method, request)`, or with its requests, as bytes; `headers`: what arrived."""

    def __init__(self, emulator, answer=lambda method, request: request, header="authorization", scheme="Bearer "):
        self.emulator = emulator
        self.answer = answer
        self.header = header
        self.scheme = scheme
        self.public = ()
        self.headers = []
        self.gate = threading.Event()
        self.gate.set()

    def service(self, details):
        kind = details.method.rsplit("/", 1)[1]
        if kind == "UnaryStream":
            return grpc.unary_stream_rpc_method_handler(self.several(details.method))
        if kind == "StreamUnary":
            return grpc.stream_unary_rpc_method_handler(self.joined(details.method))
        if kind == "StreamStream":
            return grpc.stream_stream_rpc_method_handler(self.each(details.method))
        return grpc.unary_unary_rpc_method_handler(self.one(details.method))

    def one(self, method):
        return lambda request, context: self.judge(method, context) and self.answer(method, request)

    def several(self, method):
        def stream(request, context):
            self.judge(method, context)
            yield request
            yield request

        return stream

    def joined(self, method):
        def joined(requests, context):
            # A stream that ends before it is read is another error at times, in grpc's client for asyncio.
            received = b"".join(requests)
            self.judge(method, context)
            return received

        return joined

    def each(self, method):
        def stream(requests, context):
            received = list(requests)
            self.judge(method, context)
            yield from received

        return stream

    def judge(self, method, context):
        self.gate.wait(10)
        value = dict(context.invocation_metadata()).get(self.header)
        self.headers.append((method, value))
        if method in self.public:
            return True
        try:
            subject(self.emulator, f"Bearer {(value or '').removeprefix(self.scheme)}")
        except urllib.error.HTTPError:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "the token is not good")
        return True

    @property
    def bearers(self):
        return [value for _, value in self.headers]


@contextlib.contextmanager
def grpc_server(service, tls=True):
    """The server's address, and the certificate authority to trust."""
    authority, certificate, key = cluster_tls([], time.time())
    server = grpc.server(ThreadPoolExecutor(8), handlers=[service])
    if tls:
        pair = (key.encode(), certificate.encode())
        port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([pair]))
    else:
        port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}", authority.encode()
    finally:
        server.stop(None).wait()
