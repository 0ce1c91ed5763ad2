"""What was measured on, and with what."""

from __future__ import annotations

import json
import os
import pathlib
import platform
import subprocess


def described(root: pathlib.Path) -> dict[str, str]:
    node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    npm = json.loads((root / "benches/node/package.json").read_text())["dependencies"]
    pip = [tuple(line.split("==")) for line in (root / "benches/requirements.txt").read_text().split()]
    return {
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "system": f"{platform.system()} on {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "Node": node.removeprefix("v"),
        "rivals": ", ".join(f"{name} {version}" for name, version in sorted([*pip, *npm.items()])),
    }


def load() -> float:
    """How many processes wanted a core in the last minute; on Windows, nobody knows."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
