"""Processes that fork: no child shares a broken state, and no two share what must differ."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import pickle
import threading
import time
import weakref
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from forks import Child
from helpers import exchanges, result, subject, token_answer, token_of
from shared import key
from yc_iam import Credentials, Endpoints, ServiceAccountKey, _base

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    # What these tests do is what that warning is about.
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]

CHILDREN = 4


@pytest.fixture
def credentials(emulator, key_file_content, kind):
    return kind.service_account(key_file_content, endpoints=emulator.endpoints)


def children(work, count=CHILDREN):
    return [child.answer() for child in [Child(work) for _ in range(count)]]


def value(credentials):
    return token_of(credentials).value


def test_credentials_that_were_made_before(emulator, credentials):
    values = children(lambda: value(credentials))
    assert len(set(values)) == CHILDREN
    assert value(credentials) not in values
    assert len(exchanges(emulator)) == CHILDREN + 1
    assert all(subject(emulator, f"Bearer {each}") for each in values)


def test_a_token_that_was_there_before_serves_all(emulator, credentials):
    first = value(credentials)
    assert set(children(lambda: value(credentials))) == {first}
    assert len(exchanges(emulator)) == 1


def test_a_child_renews_for_itself(emulator, credentials, clock):
    first = value(credentials)
    clock.offset = 2 * 3600
    values = children(lambda: value(credentials))
    assert first not in values
    assert len(set(values)) == CHILDREN
    assert value(credentials) not in {first, *values}


def test_a_child_keeps_the_last_token_while_renewals_fail(emulator, credentials, clock):
    first = value(credentials)
    clock.offset = 2 * 3600
    emulator.order_fault(status=500, times=100)
    assert set(children(lambda: value(credentials))) == {first}


def test_each_renews_at_a_time_of_its_own(credentials):
    value(credentials)

    def fresh_until():
        value(credentials)
        return credentials._fresh[2]

    times = [*children(fresh_until), fresh_until()]
    # Two of them may be the same second by chance.
    assert len(set(times)) >= CHILDREN
    assert max(times) - min(times) < 720 + 1


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


def with_token(kind, key_file_content):
    return kind.service_account(
        key_file_content, endpoints=Endpoints.default(), transport=lambda request: token_answer()
    )


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


def test_a_server_that_forks_without_a_word_before(emulator, credentials, monkeypatch):
    """Only the hook in the child is called, as by servers that are written in C."""
    value(credentials)
    monkeypatch.setattr(_base, "_alive", lambda: [])

    def child():
        monkeypatch.undo()
        _base._after_fork_in_child()
        return credentials._fresh[0] is None, value(credentials)

    assert children(child, 2) == [[True, value(credentials)]] * 2


def test_credentials_are_not_kept_alive(key_file_content, kind):
    credentials = with_token(kind, key_file_content)
    assert children(lambda: value(credentials), 1) == ["t1.by-a-transport"]
    reference = weakref.ref(credentials)
    del credentials
    gc.collect()
    assert reference() is None
    assert not _base._HELD


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


def test_a_child_of_a_child(emulator, credentials):
    def grandchild():
        return [value(credentials), *children(lambda: value(credentials), 2)]

    (values,) = children(grandchild, 1)
    assert len(set(values)) == 1
    assert subject(emulator, f"Bearer {values[0]}")


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


def test_signatures_differ():
    signer = key("plain")

    def signatures():
        return [signer.sign_jwt(now=1767225600) for _ in range(20)]

    parent = signatures()
    of_children = children(signatures)
    every = {signed for each in (parent, *of_children, signatures()) for signed in each}
    # The same time, key and claims: only the salts can make them differ.
    assert len(every) == 20 * (CHILDREN + 2)


def _sign(content):
    return ServiceAccountKey.from_json(content).sign_jwt(now=1767225600)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_of_every_kind(emulator, key_file_content, method):
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as pool:
        signed = list(pool.map(_sign, [key_file_content] * 8))
    assert len(set(signed)) == 8


def test_credentials_refuse_to_be_pickled(credentials, key_file_content):
    for each in (credentials, key("plain"), result(credentials.token())):
        with pytest.raises(TypeError, match="holds a secret and is not pickled or copied: "):
            pickle.dumps(each)
