"""Programs that are not ours, run as a user's shell would run them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

PACKAGES = {
    "curl": "install curl (`apt install curl`)",
    "jq": "install jq (`apt install jq`), which the documents' commands use",
    "kubectl": "install kubectl from https://kubernetes.io/docs/tasks/tools",
}


def need(*names):
    for name in names:
        if shutil.which(name) is None:
            pytest.fail(f"`{name}` is needed and was not found: {PACKAGES[name]}", pytrace=False)


def command():
    """The path of the command `yc-iam` of the installed wheel."""
    directory = os.path.dirname(sys.executable)
    path = shutil.which("yc-iam", path=directory)
    if path is None:
        pytest.fail(f"there is no `yc-iam` in {directory}: run `cargo xtask test python`", pytrace=False)
    return path


def run(arguments, home, **variables):
    """Runs a program with a home of its own and nothing of the machine's environment but the path."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), **variables}
    return subprocess.run(arguments, cwd=home, env=environment, capture_output=True, text=True, timeout=60)


class Shell:
    """Runs commands of the documents: as they are written, but for the places that they name."""

    def __init__(self, home, places):
        self.home = home
        self.places = places

    def __call__(self, script, **variables):
        """What the script printed. `variables`: those that the documents have the reader set."""
        need("curl", "jq")
        for place, emulated in self.places.items():
            script = script.replace(place, str(emulated))
        done = run(["sh", "-euc", script], self.home, **variables)
        assert done.returncode == 0, done.stderr
        return done.stdout
