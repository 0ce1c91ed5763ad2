"""Functions that run in a process that was forked off, and what they returned."""

from __future__ import annotations

import json
import os
import select
import signal

PATIENCE = 30


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
