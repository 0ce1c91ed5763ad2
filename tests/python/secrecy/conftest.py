"""Marked secrets, and all that is written while a test runs."""

from __future__ import annotations

import asyncio
import http.client
import logging
import sys
import threading
import time

import pytest

from marked import Marked, Records


@pytest.fixture(scope="module")
def marked():
    return Marked()


@pytest.fixture(autouse=True)
def records():
    """Logging at its most talkative, that of the standard library's HTTP as well."""
    handler, root = Records(), logging.getLogger()
    level, talkative = root.level, http.client.HTTPConnection.debuglevel
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    http.client.HTTPConnection.debuglevel = 1
    yield handler
    http.client.HTTPConnection.debuglevel = talkative
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture(autouse=True)
def passing_time(clock, monkeypatch):
    """No try has to be waited for: the time until then passes at once."""
    later = asyncio.BaseEventLoop.call_later

    def passes(secs):
        clock.offset += secs

    def soon(loop, secs, *rest, **more):
        if sys._getframe(1).f_globals["__name__"] == "yc_iam._asyncio":
            passes(secs)
            secs = 0
        return later(loop, secs, *rest, **more)

    async def sleep(secs):
        passes(secs)

    monkeypatch.setattr(time, "sleep", passes)
    monkeypatch.setattr(threading.Condition, "wait", waiting(threading.Condition.wait, passes))
    monkeypatch.setattr(asyncio.BaseEventLoop, "call_later", soon)
    monkeypatch.setattr("yc_iam._asyncio.sleep", sleep)


def waiting(wait, passes):
    """Nobody wakes the one who waits for another try."""

    def pass_or_wait(condition, timeout=None):
        caller = sys._getframe(1).f_globals["__name__"]
        return passes(timeout) if caller == "yc_iam._sync" else wait(condition, timeout)

    return pass_or_wait
