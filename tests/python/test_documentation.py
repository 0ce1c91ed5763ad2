"""Everything that the documentation shows is run."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import subprocess
import sys
import textwrap
from unittest import mock

import pytest

import yc_iam
import yc_iam.kubernetes
import yc_iam.testing
from shared import ROOT

# What is fenced as `py` or `javascript` is not run: it needs a pod, or is another package's code, shown for comparison.
FENCED = re.compile(r"^( *)```python\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
SHELL = re.compile(r"^( *)```sh\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
DOCS = ROOT / "docs"
READMES = [path for path in (ROOT / "README.md", ROOT / "python" / "README.md") if path.exists()]
PAGES = [*READMES, *sorted(DOCS.rglob("*.md"))]


def blocks(fenced):
    """What is fenced so, of every page."""
    return [
        pytest.param(textwrap.dedent(block[2]), id=f"{path.parent.name}/{path.name}-{number}")
        for path in PAGES
        for number, block in enumerate(fenced.finditer(path.read_text("utf-8")), 1)
    ]


@pytest.fixture
def directory(tmp_path, monkeypatch, emulator, key_file_content):
    """A directory with a key file, and an emulator that knows it."""
    (tmp_path / "key.json").write_text(key_file_content)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YC_IAM_ENDPOINT", emulator.url)
    return tmp_path


@pytest.mark.parametrize("code", blocks(FENCED))
def test_block(code, directory):
    with mock.patch.dict(os.environ):
        exec(compile(code, "README", "exec"), {"__name__": "__main__"})


@pytest.mark.skipif(os.name == "nt", reason="the blocks are for a POSIX shell")
@pytest.mark.parametrize("code", blocks(SHELL))
def test_shell_block(code, directory):
    programs = directory / "bin"
    programs.mkdir()
    command = programs / "yc-iam"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m yc_iam "$@"\n')
    command.chmod(0o700)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-eu", "-c", code],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not DOCS.exists(), reason="there is no documentation beside the tests")
@pytest.mark.parametrize(
    ("page", "script"), [("errors.md", "generate_errors.py"), ("reference/python.md", "generate_reference.py")]
)
def test_generated_pages_are_current(page, script):
    generator = runpy.run_path(str(DOCS / script))
    assert (DOCS / page).read_text("utf-8") == generator["page"](), f"run python docs/{script}"


# Pages of registries have no neighbours: they link to the repository by its address.
HOME = "https://github.com/yc-iam/yc-iam/blob/main/"
REGISTRIES = {ROOT / "python" / "README.md", ROOT / "js" / "README.md", ROOT / "src" / "README.md"}
MADE = {"node_modules", "target", "dist", "__pycache__"}
EVERYWHERE = [path for path in sorted(ROOT.rglob("*.md")) if not MADE & set(path.relative_to(ROOT).parts)]
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")


def anchors(text):
    """What GitHub makes of a page's headings."""
    text = re.sub(r"^( *)```.*?^ *```$", "", text, flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", EVERYWHERE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    lost = []
    for target, anchor in LINK.findall(path.read_text("utf-8")):
        if target.startswith(HOME):
            there = ROOT / target[len(HOME) :]
        elif re.match(r"https?:", target):
            continue
        else:
            there = path.parent / target if target else path
            if target and path in REGISTRIES:
                lost.append(f"{target}: not by its address")
        if not there.exists():
            lost.append(target)
        elif anchor and there.suffix == ".md" and anchor not in anchors(there.read_text("utf-8")):
            lost.append(f"{target}#{anchor}")
    assert lost == []


@pytest.mark.skipif(not DOCS.exists(), reason="there is no documentation beside the tests")
def test_every_page_is_found_from_the_first():
    found, ahead = set(), [DOCS / "README.md"]
    while ahead:
        page = ahead.pop().resolve()
        if page in found or not page.is_file():
            continue
        found.add(page)
        ahead += [page.parent / target for target, _ in LINK.findall(page.read_text("utf-8")) if target.endswith(".md")]
    assert [page for page in DOCS.rglob("*.md") if page.resolve() not in found] == []


def test_the_pages_show_the_quickstart():
    quickstart = (ROOT / "examples" / "quickstart.py").read_text("utf-8")
    assert READMES
    for path in READMES:
        assert quickstart in [block[2] for block in FENCED.finditer(path.read_text("utf-8"))], path


def run(*arguments):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, timeout=60)


def test_quickstart(directory):
    done = run(ROOT / "examples" / "quickstart.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("good until ")


def test_demo(directory, emulator):
    done = run(ROOT / "examples" / "demo.py", "--key-file", "key.json", "--endpoint", emulator.url)
    assert done.returncode == 0, done.stderr
    assert f"> POST {emulator.url}/iam/v1/tokens" in done.stdout
    assert "< 200" in done.stdout
    assert "[JWT redacted]" in done.stdout and "[IAM token redacted]" in done.stdout
    assert "eyJ" not in done.stdout and "t1." not in done.stdout
    assert "good for 12.0 h" in done.stdout


def test_demo_without_a_key(directory):
    done = run(ROOT / "examples" / "demo.py", "--key-file", "none.json")
    assert done.returncode == 1
    assert done.stderr.startswith("unreadable_file: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("package", [yc_iam, yc_iam.kubernetes, yc_iam.testing], ids=lambda package: package.__name__)
def test_every_public_thing_says_what_it_is(package):
    for name in package.__all__:
        thing = getattr(package, name)
        if isinstance(thing, str):
            continue
        assert thing.__doc__, name
        for attribute in dir(thing) if isinstance(thing, type) else ():
            member = getattr(thing, attribute)
            if not attribute.startswith("_") and (callable(member) or isinstance(member, property)):
                assert member.__doc__, f"{name}.{attribute}"
