"""Every CPython of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST, NEWEST = 8, 16
_ASK = "import sys; print(sys.version_info[1], sys.implementation.name)"


def found():
    """Minor version → executable: the running one, pyenv's, and those on the path. One before the oldest is there to be
    refused."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    there = {sys.version_info[1]: sys._base_executable}
    for minor in range(OLDEST, NEWEST):
        on_path = shutil.which(f"python3.{minor}")
        candidates = [*map(str, sorted(pyenv.glob(f"3.{minor}.*/bin/python"))), *([on_path] if on_path else [])]
        for candidate in candidates:
            if minor not in there and _is_cpython(candidate, minor):
                there[minor] = candidate
    return dict(sorted(there.items()))


def _is_cpython(executable, minor):
    try:
        # A shim of pyenv is there and does not run when no version is chosen.
        done = subprocess.run([executable, "-c", _ASK], capture_output=True, text=True, timeout=60)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.split()[:2] == [str(minor), "cpython"]
