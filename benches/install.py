"""Puts the packages and their rivals side by side under target/bench/."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

QUIET_PIP = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def run(command: list[str], **options: object) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, **options)  # type: ignore[call-overload]


def newest(directory: pathlib.Path, pattern: str) -> pathlib.Path:
    found = sorted(directory.glob(pattern), key=lambda path: path.stat().st_mtime)
    if not found:
        raise SystemExit(f"no {pattern} in {directory}: run `cargo xtask bench`, which builds it")
    return found[-1]


def python_environment(root: pathlib.Path, bench: pathlib.Path) -> str:
    """A virtual environment with the rivals and the wheel; returns its interpreter."""
    venv = bench / "venv"
    interpreter = str(venv / ("Scripts" if os.name == "nt" else "bin") / "python")
    if not pathlib.Path(interpreter).exists():
        print("==> installing the Python rivals into target/bench/venv", flush=True)
        run([sys.executable, "-m", "venv", str(venv)])
    run([interpreter, *QUIET_PIP, "--requirement", str(root / "benches/requirements.txt")])
    wheel = newest(root / "target/wheels", "*.whl")
    run([interpreter, *QUIET_PIP, "--force-reinstall", "--no-deps", "--no-index", str(wheel)])
    return interpreter


def node_environment(root: pathlib.Path, bench: pathlib.Path) -> pathlib.Path:
    """A folder with the rivals, the tarball and the contenders' scripts; returns it."""
    folder = bench / "node"
    folder.mkdir(exist_ok=True)
    for script in (root / "benches/node").iterdir():
        if script.is_file():
            shutil.copy(script, folder / script.name)
    print("==> installing the npm rivals into target/bench/node", flush=True)
    npm = "npm.cmd" if os.name == "nt" else "npm"
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
    run([npm, "ci", *quiet], cwd=folder)
    tarball = newest(root / "target/npm", "*.tgz")
    run([npm, "install", "--no-save", "--no-package-lock", *quiet, str(tarball)], cwd=folder)
    return folder
