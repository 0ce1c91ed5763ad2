"""What mypy --strict and pyright say of a user's program: errors on the wrong lines, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("users_types.py")


def wrong_lines():
    lines = PROGRAM.read_text("utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if "  # error: " in line}


def says(tmp_path, *arguments):
    """Runs a checker where no source of the package is in reach: it sees what is installed."""
    line = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_mypy(tmp_path):
    output = says(tmp_path, "mypy", "--strict", "--no-error-summary", "--config-file=", PROGRAM)
    found = {int(line) for line in re.findall(r"users_types\.py:(\d+): error: ", output)}
    assert found == wrong_lines(), output


@pytest.mark.skipif(shutil.which("node") is None, reason="pyright needs Node")
def test_pyright(tmp_path):
    program = tmp_path / PROGRAM.name
    program.write_text(PROGRAM.read_text("utf-8"), "utf-8")
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    report = json.loads(says(tmp_path, "pyright", "--outputjson", "--pythonpath", sys.executable, "--project", tmp_path))
    found = {each["range"]["start"]["line"] + 1 for each in report["generalDiagnostics"]}
    assert found == wrong_lines(), report["generalDiagnostics"]
