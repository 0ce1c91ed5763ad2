"""What importing the package loads, and what it does not."""

from __future__ import annotations

import subprocess
import sys

import pytest

import yc_iam
from shared import key_text

SLOW = {
    "asyncio", "concurrent", "collections", "contextlib", "dataclasses", "datetime", "email", "enum", "functools", "http",
    "inspect", "json", "logging", "pathlib", "re", "socket", "ssl", "subprocess", "tempfile", "threading", "typing", "urllib",
}  # fmt: skip


def loaded_by(code):
    """The modules that the code loads into an interpreter that has nothing but itself."""
    script = f"""
import sys
before = set(sys.modules)
{code}
print(*sorted(set(sys.modules) - before))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], input=key_text("plain"), capture_output=True, check=True, timeout=60
    )
    return set(done.stdout.decode().split())


def test_import_loads_nothing_slow():
    assert loaded_by("import yc_iam") == {"yc_iam", "yc_iam._core"}


def test_a_signature_loads_nothing_more():
    code = "from yc_iam import ServiceAccountKey\nServiceAccountKey.from_json(sys.stdin.read()).sign_jwt()"
    assert loaded_by(code) <= {"yc_iam", "yc_iam._core", "time"}


def test_errors_load_nothing_slow():
    assert not loaded_by("from yc_iam import YcIamError") & SLOW


def test_credentials_load_no_http():
    loaded = loaded_by("from yc_iam import Credentials, YcIamError\nCredentials.service_account(sys.stdin.read())")
    assert not loaded & {"asyncio", "email", "http", "inspect", "json", "socket", "ssl", "typing", "urllib"}


@pytest.mark.parametrize(
    "make",
    ["oauth('y0_x')", "metadata()", "fixed('t1.x')", "default()", "workload_identity('a', token=str)"],
)
def test_nor_do_other_sources(make):
    loaded = loaded_by(f"from yc_iam import Credentials\nCredentials.{make}")
    assert not loaded & {"asyncio", "email", "http", "inspect", "json", "socket", "ssl", "typing", "urllib"}


def test_every_public_name_is_there():
    assert set(yc_iam.__all__) <= set(dir(yc_iam))
    for name in yc_iam.__all__:
        assert getattr(yc_iam, name) is not None
    namespace = {}
    exec("from yc_iam import *", namespace)
    assert set(yc_iam.__all__) <= set(namespace)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        yc_iam.nothing
    with pytest.raises(ImportError):
        exec("from yc_iam import nothing")
