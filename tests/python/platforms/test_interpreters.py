"""The wheel in every CPython of this machine, and the source distribution in the oldest that it serves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from interpreters import found
from shared import ROOT

PYTHONS = found()
SERVED = {minor: python for minor, python in PYTHONS.items() if minor >= 9}
TOO_OLD = {minor: python for minor, python in PYTHONS.items() if minor < 9}
PIP = ["-m", "pip", "--quiet", "--disable-pip-version-check"]


def named(pythons):
    return [pytest.param(python, id=f"3.{minor}") for minor, python in pythons.items()]


@pytest.fixture(scope="module")
def wheel():
    (wheel,) = (ROOT / "target" / "wheels").glob("*.whl")
    return wheel


def run(*command, **options):
    done = subprocess.run(
        [str(each) for each in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=1800, **options
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def environment(python, directory):
    """A virtual environment with nothing in it."""
    run(python, "-m", "venv", "--without-pip", directory)
    return directory / ("Scripts" if os.name == "nt" else "bin") / "python"


def install(wheel, python):
    """By the pip that is here, which asks the other interpreter what it takes; each venv without a pip is made fast."""
    run(sys.executable, *PIP, "--python", python, "install", "--no-index", "--no-deps", wheel)


def check(python, cwd):
    says = run(python, "-W", "error", Path(__file__).with_name("check.py"), cwd=cwd)
    assert says.startswith("good "), says
    assert str(cwd) in says


def test_which_were_found(capsys):
    with capsys.disabled():
        print("\nCPython:", *(f"3.{minor}" for minor in PYTHONS))
    assert sys.version_info[1] in SERVED


@pytest.mark.parametrize("python", named(SERVED))
def test_the_wheel(python, wheel, tmp_path):
    installed = environment(python, tmp_path / "venv")
    install(wheel, installed)
    check(installed, tmp_path)


@pytest.mark.parametrize("python", named(TOO_OLD))
def test_older_ones_are_refused(python, wheel, tmp_path):
    line = [python, *PIP, "download", "--no-index", "--no-deps", "--dest", tmp_path, wheel]
    done = subprocess.run([str(each) for each in line], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode != 0
    assert "requires a different Python" in done.stdout or "not a supported wheel" in done.stdout


def versions(lock_file):
    return set(re.findall(r'^name = "(.+)"\nversion = "(.+)"$', lock_file.read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("python", named(dict([min(SERVED.items())])))
def test_the_source_distribution(python, tmp_path):
    run(sys.executable, "-m", "maturin", "sdist", "--out", tmp_path, cwd=ROOT / "python")
    (sdist,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    unpacked = tmp_path / sdist.name[: -len(".tar.gz")]
    # It has fewer crates than the repository; those that it has are of the same versions.
    run("cargo", "metadata", "--format-version", "1", cwd=unpacked)
    assert versions(unpacked / "Cargo.lock") < versions(ROOT / "Cargo.lock")
    # Only what cargo has built before is kept; of the repository nothing is in reach. Most of the time goes otherwise
    # into making it small.
    quick = {"LTO": "off", "CODEGEN_UNITS": "16", "OPT_LEVEL": "0"}
    quick = {f"CARGO_PROFILE_RELEASE_{name}": value for name, value in quick.items()}
    built = {**os.environ, **quick, "CARGO_TARGET_DIR": str(ROOT / "target" / "sdist-build")}
    run(python, *PIP, "wheel", "--no-deps", "--wheel-dir", tmp_path, sdist, cwd=tmp_path, env=built)
    (wheel,) = tmp_path.glob("*.whl")
    installed = environment(python, tmp_path / "venv")
    install(wheel, installed)
    check(installed, tmp_path)


SUBINTERPRETER = """
import sys
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
import yc_iam
code = '''
try:
    import yc_iam
except ImportError as error:
    assert "yc_iam works in one interpreter of a process" in str(error), str(error)
else:
    raise SystemError("it was imported")
open(path, "a").write("refused ")
'''.replace("path", repr(sys.argv[1]))
kinds = ["isolated", "legacy"] if sys.version_info >= (3, 13) else [True, False] if sys.version_info >= (3, 12) else [None]
for kind in kinds:
    if kind is None:
        other = interpreters.create()
    elif isinstance(kind, bool):
        other = interpreters.create(isolated=kind)
    else:
        other = interpreters.create(kind)
    run = getattr(interpreters, "exec", None) or interpreters.run_string
    answer = run(other, code)
    assert answer is None, answer
    interpreters.destroy(other)
print(len(kinds), yc_iam.redact("here all is well"))
"""


@pytest.mark.parametrize("python", named(SERVED))
def test_subinterpreters_are_refused(python, wheel, tmp_path):
    installed = environment(python, tmp_path / "venv")
    install(wheel, installed)
    kinds, _, says = run(installed, "-c", SUBINTERPRETER, tmp_path / "said").partition(" ")
    assert says == "here all is well\n"
    assert (tmp_path / "said").read_text() == "refused " * int(kinds)
