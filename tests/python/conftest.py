"""What several tests share."""

from __future__ import annotations

import os
import re
import signal
import time

import pytest

from clock import Clock
from yc_iam import AsyncCredentials, Credentials
from yc_iam.testing import Emulator, Issuer, generate_private_key

# Whoever starts the tests in the background may have interrupts ignored, and programs inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

NOT_FOR_TESTS = re.compile("(https?|all|no)_proxy|(yc|ydb|actions_id_token)_(?!iam_root).*", re.IGNORECASE)


@pytest.fixture(scope="session")
def private_key():
    """One private key for all tests: making one takes time."""
    return generate_private_key()


@pytest.fixture
def emulator():
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def key_file_content(emulator, private_key):
    """A key file's content that the emulator knows."""
    return emulator.service_account_key(private_key=private_key)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    """What the machine's own environment asks for is not for loopback."""
    for name in list(os.environ):
        if NOT_FOR_TESTS.fullmatch(name):
            monkeypatch.delenv(name)


@pytest.fixture
def clock(monkeypatch):
    """Takes the place of `time.time` everywhere; `clock.offset` moves it."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


@pytest.fixture(params=[Credentials, AsyncCredentials], ids=["sync", "async"])
def kind(request):
    """A test that asks for this is run for both kinds of credentials."""
    return request.param


@pytest.fixture
def issuer(private_key):
    return Issuer(private_key=private_key)


@pytest.fixture
def account(emulator, issuer):
    """A service account that the pods of `default:app` may act as."""
    account = emulator.create_service_account("pod")
    emulator.create_federated_credential(account, emulator.trust(issuer), "system:serviceaccount:default:app")
    return account
