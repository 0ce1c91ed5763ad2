"""AWS Lambda's runtime API on loopback, as its runtime interface clients expect it."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread

VERSION = "/2018-06-01/runtime/"


class LambdaRuntime:
    """`address` is what `AWS_LAMBDA_RUNTIME_API` has to hold."""

    def __init__(self, server):
        self.address = "127.0.0.1:{}".format(server.server_address[1])
        self.events = Queue()
        self.answers = Queue()

    def invoke(self, event, timeout=30):
        """Lets the function handle an event: which call it answered with, `response` or `error`, and the answer."""
        self.events.put(event)
        try:
            return self.answers.get(timeout=timeout)
        except Empty:
            raise TimeoutError("the function has not answered") from None


@contextmanager
def lambda_runtime():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        # Whoever waits for an event when it ends is no reason to wait for him.
        server.block_on_close = False
        server.runtime = LambdaRuntime(server)
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.runtime
        finally:
            server.runtime.events.put(None)
            server.shutdown()
            thread.join()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        assert self.path == f"{VERSION}invocation/next", self.path
        event = self.server.runtime.events.get()
        if event is None:
            self.close_connection = True
            return
        self.answer(
            200,
            json.dumps(event).encode(),
            {
                "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
                "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 10_000),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:example",
            },
        )

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.runtime.answers.put((self.path.rpartition("/")[2], json.loads(body)))
        self.answer(202, b'{"status": "OK"}', {})

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Tests have output of their own."""
