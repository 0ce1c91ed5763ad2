"""Functions that run in a process that was forked off, and what they returned."""

from __future__ import annotations

import json
import os
import select
import signal

import pytest

from helpers import token_answer, token_of
from yc_iam import Endpoints

PATIENCE = 30
CHILDREN = 4

FORKS = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    # What these tests do is what that warning is about.
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]


class Child:
    """Runs `work` in a child of this process, which inherits all that its parent has."""

    def __init__(self, work):
        self._read, write = os.pipe()
        self._id = os.fork()
        if self._id == 0:
            try:
                answer = {"answer": work()}
            except BaseException as error:
                answer = {"error": repr(error)}
            os.write(write, json.dumps(answer).encode())
            # Nothing of the tests' own is torn down twice.
            os._exit(0)
        os.close(write)

    def answer(self):
        """What it returned. A child that hangs or fails fails the test."""
        try:
            if not select.select([self._read], [], [], PATIENCE)[0]:
                os.kill(self._id, signal.SIGKILL)
                raise AssertionError("the child hangs")
            answer = json.loads(os.read(self._read, 65536) or b'{"error": "the child died"}')
        finally:
            os.close(self._read)
            os.waitpid(self._id, 0)
        assert "error" not in answer, answer["error"]
        return answer["answer"]


def children(work, count=CHILDREN):
    return [child.answer() for child in [Child(work) for _ in range(count)]]


def value(credentials):
    return token_of(credentials).value


def with_token(kind, key_file_content):
    return kind.service_account(
        key_file_content, endpoints=Endpoints.default(), transport=lambda request: token_answer()
    )
