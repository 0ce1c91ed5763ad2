"""A week of `tests/soak`: what holds for months of it holds for so long."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from shared import ROOT

STEPS = 160


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="what a process holds is read from /proc")
def test_a_week():
    command = [sys.executable, str(ROOT / "tests/soak/python/weeks.py"), "steps", str(STEPS)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    middle, end, done = map(json.loads, ended.stdout.splitlines())
    middle, end = middle["sample"], end["sample"]
    assert done["counts"]["tokens"] > STEPS * 5 and done["counts"]["cancelled"] > STEPS / 4
    # Each failure that left its frames behind would be ten objects more.
    assert end["objects"] < middle["objects"] + 100
    assert (end["files"], end["threads"]) == (middle["files"], middle["threads"])
    assert not ended.stderr
