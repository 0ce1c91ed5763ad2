"""Processes that fork: no child shares a broken state, and no two share what must differ."""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import weakref
from concurrent.futures import ProcessPoolExecutor

import pytest

from forks import CHILDREN, FORKS, children, value, with_token
from helpers import exchanges, result, subject
from shared import key
from yc_iam import ServiceAccountKey, _base

pytestmark = FORKS


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


def test_a_child_of_a_child(emulator, credentials):
    def grandchild():
        return [value(credentials), *children(lambda: value(credentials), 2)]

    (values,) = children(grandchild, 1)
    assert len(set(values)) == 1
    assert subject(emulator, f"Bearer {values[0]}")


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
