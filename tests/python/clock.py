"""A clock that a test can move: Python's own, plus an offset."""

from __future__ import annotations

import time

_system = time.time


class Clock:
    def __init__(self):
        self.offset = 0.0

    def __call__(self):
        return _system() + self.offset
