"""Processes that fork while something is under way: an exchange, a signature, an event loop, a lock that a thread holds."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from contextlib import ExitStack

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from forks import CHILDREN, FORKS, children, value, with_token
from helpers import subject, token_answer
from yc_iam import Credentials, Endpoints, ServiceAccountKey

pytestmark = FORKS


def test_an_exchange_under_way_stays_the_parents(key_file_content, kind):
    started, release, parent = threading.Event(), threading.Event(), os.getpid()

    def transport(request):
        if os.getpid() == parent:
            started.set()
            assert release.wait(30)
            return token_answer("t1.parent")
        return token_answer(f"t1.child-{os.getpid()}")

    credentials = kind.service_account(key_file_content, endpoints=Endpoints.default(), transport=transport)
    values = []
    owner = threading.Thread(target=lambda: values.append(value(credentials)))
    owner.start()
    assert started.wait(30)
    answers = children(lambda: value(credentials))
    release.set()
    owner.join(30)
    assert len(set(answers)) == CHILDREN
    assert all(answer.startswith("t1.child-") for answer in answers)
    assert values == ["t1.parent"]
    assert value(credentials) == "t1.parent"


@pytest.mark.parametrize("cached", [False, True], ids=["no-token", "token"])
def test_a_lock_that_another_thread_holds(emulator, credentials, cached):
    before = {value(credentials)} if cached else set()
    held, release = threading.Event(), threading.Event()

    def hold():
        with credentials._lock:
            held.set()
            assert release.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(30)
    try:
        # Each fork waits a second for it.
        values = children(lambda: value(credentials), 2)
        again = children(lambda: [credentials.invalidate(each) for each in values] and value(credentials), 1)
    finally:
        release.set()
        holder.join(30)
    assert len(set(values)) == (1 if cached else 2)
    assert before <= set(values)
    assert all(subject(emulator, f"Bearer {each}") for each in (*values, *again))
    assert value(credentials)


def test_forks_while_threads_ask(emulator, credentials):
    """Whatever the threads hold at that moment, which no test can choose."""
    stop = threading.Event()

    def ask():
        while not stop.is_set():
            credentials.invalidate(value(credentials))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        values = [children(lambda: value(credentials), 1)[0] for _ in range(25)]
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    assert all(subject(emulator, f"Bearer {each}") for each in values)


def test_many_locks_that_another_thread_holds(key_file_content, kind):
    """A fork waits once for all of them, not once for each."""
    all_of_them = [with_token(kind, key_file_content) for _ in range(20)]
    held, release = threading.Event(), threading.Event()

    def hold():
        with ExitStack() as stack:
            for each in all_of_them:
                stack.enter_context(each._lock)
            held.set()
            assert release.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(30)
    before = time.monotonic()
    try:
        assert children(lambda: [value(each) for each in all_of_them], 1) == [["t1.by-a-transport"] * 20]
    finally:
        release.set()
        holder.join(30)
    assert time.monotonic() - before < 10


def test_a_fork_by_a_thread_that_holds_the_lock(emulator, credentials):
    """As a signal's handler may do."""
    with credentials._lock:
        values = children(lambda: value(credentials), 2)
    assert len({*values, value(credentials)}) == 3


def test_a_fork_in_a_transport(key_file_content, kind):
    """The child goes on with a request that is its parent's: what it answers there is dropped."""
    in_child = []

    def transport(request):
        if not in_child:
            in_child.append(True)
            assert children(lambda: value(credentials), 1) == ["t1.child"]
            return token_answer("t1.parent")
        return token_answer("t1.child")

    credentials = kind.service_account(key_file_content, endpoints=Endpoints.default(), transport=transport)
    assert value(credentials) == "t1.parent"


def test_a_child_that_returns_from_a_transport(key_file_content):
    """As `Child` does not: the whole stack goes on there."""
    pid, (read, write) = [], os.pipe()

    def transport(request):
        if pid:
            return token_answer("t1.child")
        pid.append(os.fork())
        return token_answer("t1.parent" if pid[0] else "t1.not-its-own")

    credentials = Credentials.service_account(key_file_content, endpoints=Endpoints.default(), transport=transport)
    try:
        got = value(credentials)
    finally:
        if pid[0] == 0:
            os.write(write, got.encode())
            os._exit(0)
    os.waitpid(pid[0], 0)
    os.close(write)
    with open(read) as answer:
        assert (got, answer.read()) == ("t1.parent", "t1.child")


@pytest.fixture
def busy_key(key_file_content):
    """A key with which four threads sign all the time."""
    stop, signer = threading.Event(), ServiceAccountKey.from_json(key_file_content)

    def sign():
        while not stop.is_set():
            signer.sign_jwt()

    threads = [threading.Thread(target=sign) for _ in range(4)]
    for thread in threads:
        thread.start()
    yield signer
    stop.set()
    for thread in threads:
        thread.join(30)


def test_forks_while_threads_sign(busy_key, private_key):
    """A fork in the middle of a signature would leave the key half used in the child, where that is fatal."""
    public_key = load_pem_private_key(private_key.encode(), None).public_key()
    for _ in range(50):
        (signed,) = children(busy_key.sign_jwt, 1)
        claims = jwt.decode(signed, public_key, algorithms=["PS256"], options={"verify_aud": False})
        assert claims["iss"] == busy_key.service_account_id


def test_a_fork_in_the_middle_of_an_event_loop(emulator, credentials, kind):
    async def main():
        answer = credentials.token()
        return (await answer if kind.__name__.startswith("Async") else answer).value

    def child():
        asyncio.events._set_running_loop(None)
        return asyncio.run(main())

    async def parent():
        await asyncio.sleep(0)
        return children(child, 2)

    values = asyncio.run(parent())
    assert len(set(values)) == 2
