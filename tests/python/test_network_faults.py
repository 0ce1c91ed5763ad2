"""tests/faults.json on real sockets: every fault has its error, in time; nothing is left behind, and others are served."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import gzip
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time

import pytest

from helpers import subject
from servers import Server, answer
from shared import ROOT
from yc_iam import AsyncCredentials, Credentials, Endpoints, YcIamError
from yc_iam.testing import Emulator

CASES = json.loads((ROOT / "tests" / "faults.json").read_text("utf-8"))["cases"]
OPERATION = json.dumps({"id": "ajeo1", "done": False}).encode()
GZIP = {"good": lambda: gzip.compress(OPERATION), "bomb": lambda: gzip.compress(bytes(1 << 20)) * 1024}
# For what is tried again, or waits, until the deadline; and for what ends by itself, however slow the machine is.
DEADLINE = 0.6
AMPLE = 60.0
# How long one may wait for the interpreter on a machine with much to do.
GRACE = 20.0


def script(steps):
    """Does what the file says after it has read the request."""

    def endlessly(server, connection, data):
        while not server.stopping.is_set():
            connection.sendall(data)

    def run(server, connection):
        server.read_request(connection)
        for step in steps:
            if "send" in step:
                for _ in range(step.get("times", 1)):
                    connection.sendall(step["send"].encode())
                    if server.stopping.wait(step.get("every", 0)):
                        return
            elif "fill" in step:
                endlessly(server, connection, step["fill"].encode() * 4096)
            elif "chunks" in step:
                endlessly(server, connection, f"{step['chunks']:x}\r\n{' ' * step['chunks']}\r\n".encode())
            elif "good" in step:
                connection.sendall(answer(OPERATION, headers=["content-type: application/json"]))
            elif "gzip" in step:
                connection.sendall(answer(GZIP[step["gzip"]](), headers=["content-encoding: gzip"]))
            elif "reset" in step:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                # Until the other side has enough.
                connection.settimeout(30)
                connection.recv(1)

    return run


@pytest.fixture(scope="module")
def elsewhere(private_key):
    with Emulator() as emulator:
        yield emulator, emulator.service_account_key(private_key=private_key)


def left_behind():
    """Open files and running threads."""
    gc.collect()
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0, threading.active_count()


def assert_nothing_left(before):
    """What ends in another thread may take a moment."""
    deadline = time.monotonic() + 5
    while any(now > then for now, then in zip(left_behind(), before)) and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert all(now <= then for now, then in zip(left_behind(), before))


def result(call):
    try:
        given = call()
        return asyncio.run(given) if hasattr(given, "__await__") else given
    except YcIamError as error:
        return error


def ask(kind, url, timeout, elsewhere):
    """One call of an API at this server, while other credentials work: what came of it, and how long it took."""
    credentials = kind.fixed("t1.fixed", endpoints=Endpoints.custom(iam=url, operation=url))
    outcome = []

    def run():
        began = time.monotonic()
        outcome.append(result(lambda: credentials.operations.get("ajeo1", timeout=timeout)))
        outcome.append(time.monotonic() - began)

    thread = threading.Thread(target=run)
    thread.start()
    emulator, content = elsewhere
    assert subject(emulator, Credentials.service_account(content, endpoints=emulator.endpoints).authorization())
    thread.join(timeout + 30)
    assert not thread.is_alive()
    return outcome


def deadline(expected):
    return DEADLINE if expected in ("connection_failed", "timeout") else AMPLE


def codes(expected):
    """What is tried again until the deadline may end in a try that the deadline ends."""
    return {expected, "timeout"} if expected == "connection_failed" else {expected}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_fault(case, kind, elsewhere):
    expected = case.get("python", case.get("code"))
    timeout = deadline(expected)
    before = left_behind()
    with Server(script(case["answer"])) as server:
        outcome, took = ask(kind, server.url, timeout, elsewhere)
    if expected is None:
        assert not isinstance(outcome, YcIamError) and outcome.id
    else:
        assert isinstance(outcome, YcIamError) and outcome.code in codes(expected), repr(outcome)
    assert took < timeout + GRACE
    assert_nothing_left(before)


def test_nobody_listens(kind, elsewhere):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    error, took = ask(kind, f"http://127.0.0.1:{port}", DEADLINE, elsewhere)
    assert error.code in codes("connection_failed") and took < DEADLINE + GRACE


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse where the queue is full")
def test_a_full_queue(kind, elsewhere):
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        error, took = ask(kind, f"http://127.0.0.1:{full.getsockname()[1]}", DEADLINE, elsewhere)
    assert error.code == "timeout" and took < DEADLINE + GRACE


def test_no_such_host(kind, elsewhere, monkeypatch):
    resolve = socket.getaddrinfo

    def unknown(host, *rest, **more):
        if host == "nobody.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error, took = ask(kind, "https://nobody.invalid", DEADLINE, elsewhere)
    assert error.code in codes("connection_failed") and took < DEADLINE + GRACE


@pytest.mark.parametrize("says", ["403 Forbidden", "407 Proxy Authentication Required", None], ids=str)
def test_a_proxy_that_does_not_let_through(says, elsewhere, kind, monkeypatch):
    def refuses(server, connection):
        server.read_request(connection)
        if says:
            connection.sendall(f"HTTP/1.1 {says}\r\n\r\n".encode())
        else:
            connection.recv(1)

    before = left_behind()
    with Server(refuses) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        error, took = ask(kind, "https://nobody.invalid", DEADLINE, elsewhere)
    assert error.code in codes("connection_failed" if says else "timeout") and took < DEADLINE + GRACE
    assert_nothing_left(before)


@pytest.mark.parametrize("jump", [-86_400, 86_400])
def test_a_clock_that_jumps(jump, clock, kind):
    """In mid-exchange, and again while a new try is waited for."""
    tries = []

    def run(server, connection):
        server.read_request(connection)
        tries.append(jump)
        clock.offset += jump
        if len(tries) == 2:
            connection.sendall(answer())

    with Server(run) as server:
        credentials = kind.oauth("y0_AgAAAAExampleOfNoAccount-01", endpoints=Endpoints.custom(iam=server.url))
        done = []
        thread = threading.Thread(target=lambda: done.append(result(credentials.token)), daemon=True)
        thread.start()
        thread.join(60)
        assert done, f"hangs after {len(tries)} tries"


LIMITED = """
import resource, sys, threading
from yc_iam import Credentials, Endpoints, YcIamError
import yc_iam._transport
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() + (192 << 20)
resource.setrlimit(resource.RLIMIT_AS, (used, used))
made = Credentials.fixed("t1.fixed", endpoints=Endpoints.custom(iam=sys.argv[1], operation=sys.argv[1]))
other = Credentials.service_account(sys.argv[2], endpoints=Endpoints.custom(iam=sys.argv[3]))
over, served = threading.Event(), []
def serve():
    while not over.is_set():
        served.append(other.token())
        other.invalidate(served[-1])
thread = threading.Thread(target=serve)
thread.start()
try:
    made.operations.get("ajeo1", timeout=60)
except YcIamError as error:
    print(error.code)
over.set()
thread.join()
print(len(served) > 0 and other.token() not in served)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
@pytest.mark.parametrize("name", ["a body without end", "chunks without end", "a body of an unbelievable length"])
def test_within_a_memory_limit(name, elsewhere):
    """It is cut off before the memory is, and others of the same process are served meanwhile and afterwards."""
    emulator, content = elsewhere
    (case,) = (case for case in CASES if case["name"] == name)
    with Server(script(case["answer"])) as server:
        command = [sys.executable, "-c", LIMITED, server.url, content, emulator.url]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=180)
    assert ended.stdout.split() == [case["python"], "True"], ended.stderr
