"""What several tests share."""

from __future__ import annotations

import time

import pytest

from clock import Clock
from yc_iam.testing import Emulator, generate_private_key


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
    for name in ("YC_IAM_ENDPOINT", "http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock(monkeypatch):
    """Takes the place of `time.time` everywhere; `clock.offset` moves it."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock
