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


def test_a_token_loads_nothing_of_its_uses():
    code = "from yc_iam import Credentials\nCredentials.fixed('t1.x').token()"
    assert not {"yc_iam._services", "yc_iam.resources"} & loaded_by(code)


def test_a_secret_loads_little():
    transport = """
def transport(request):
    return Response(200, {}, b'{"versionId": "e6qv", "entries": [{"key": "a", "textValue": "b"}]}')
"""
    code = f"from yc_iam import Credentials, Response{transport}"
    code += "assert Credentials.fixed('t1.x', transport=transport).lockbox.get('e6qs').text('a') == 'b'"
    loaded = loaded_by(code)
    assert "yc_iam._services" in loaded
    assert not loaded & {"asyncio", "dataclasses", "http", "inspect", "json", "socket", "ssl", "typing", "urllib"}


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
