"""The tutorial, run as it stands: it fails by itself if a step does not come out as it says."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).resolve().parents[2] / "examples" / "tutorial.py"


def test_the_tutorial_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(TUTORIAL))["main"](tmp_path)
    said = capsys.readouterr().out
    assert [line[0] for line in said.splitlines() if line[:1].isdigit()] == list("12345678")
    assert "the password has 13 characters" in said
    assert "correct horse" not in said
