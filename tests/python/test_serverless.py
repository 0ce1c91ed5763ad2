"""The functions of examples/serverless, called as the services call them, also after long freezes."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import urllib.request
from types import SimpleNamespace

import pytest

from lambda_runtime import lambda_runtime
from shared import ROOT
from yc_iam import YcIamError

EXAMPLES = ROOT / "examples" / "serverless"

# Longer than a token lives.
FREEZE = 13 * 3600


@pytest.fixture
def robot(emulator):
    return emulator.create_service_account("robot")


@pytest.fixture
def secret_id(emulator, robot):
    secret_id = emulator.create_secret("b1gfolder0000000000", "database", {"user": "app", "password": "correct horse"})
    emulator.add_access_binding(secret_id, "lockbox.payloadViewer", robot)
    return secret_id


@pytest.fixture
def key(emulator, robot, private_key):
    return emulator.service_account_key(robot, private_key=private_key)


@pytest.fixture
def load(monkeypatch):
    """Finds an entry point, `<module>.<function>`, in a function's folder, as the runtime does when it starts."""
    imported = []

    def load(folder, entry_point):
        monkeypatch.syspath_prepend(EXAMPLES / folder)
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        module, _, name = entry_point.rpartition(".")
        assert module not in sys.modules
        imported.append(module)
        return getattr(importlib.import_module(module), name)

    yield load
    for module in imported:
        sys.modules.pop(module, None)


def yandex_event():
    """What an HTTP invocation of a Yandex Cloud Function brings."""
    return {
        "httpMethod": "GET", "headers": {"Host": "functions.yandexcloud.net"}, "multiValueHeaders": {}, "path": "",
        "queryStringParameters": {}, "multiValueQueryStringParameters": {}, "body": "", "isBase64Encoded": False,
        "requestContext": {"identity": {"sourceIp": "192.0.2.1", "userAgent": "curl"}, "httpMethod": "GET"},
    }  # fmt: skip


def yandex_context(token):
    return SimpleNamespace(
        function_name="d4eexample", function_version="d4vexample", memory_limit_in_mb=128, request_id="r", token=token
    )


def token_text(emulator):
    """The token of the attached service account, in the words of the metadata service, which are the context's too."""
    url = f"{emulator.url}/computeMetadata/v1/instance/service-accounts/default/token"
    request = urllib.request.Request(url, headers={"Metadata-Flavor": "Google"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def check_yandex(answer):
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["keys"] == ["user", "password"]
    assert "correct horse" not in answer["body"]


@pytest.mark.parametrize("form", [json.loads, str], ids=["dict", "text"])
def test_yandex_with_the_context_s_token(emulator, robot, secret_id, clock, load, monkeypatch, form):
    emulator.attach_service_account(robot)
    monkeypatch.setenv("SECRET_ID", secret_id)
    monkeypatch.setenv("YC_IAM_ENDPOINT", emulator.url)
    handler = load("yandex-python", "index.handler")
    for _ in range(3):
        check_yandex(handler(yandex_event(), yandex_context(form(token_text(emulator)))))
        clock.offset += FREEZE
    assert all(received.accepted for received in emulator.requests), emulator.log()


def test_yandex_without_a_service_account(emulator, load, monkeypatch):
    monkeypatch.setenv("YC_IAM_ENDPOINT", emulator.url)
    with pytest.raises(YcIamError, match="service account"):
        load("yandex-python", "index.handler")(yandex_event(), yandex_context(None))
    assert emulator.requests == []


@pytest.mark.parametrize("form", ["path", "content"])
def test_yandex_with_a_key_file(emulator, secret_id, key, clock, load, monkeypatch, tmp_path, form):
    (tmp_path / "key.json").write_text(key)
    monkeypatch.setenv("YC_SERVICE_ACCOUNT_KEY_FILE", key if form == "content" else str(tmp_path / "key.json"))
    monkeypatch.setenv("SECRET_ID", secret_id)
    monkeypatch.setenv("YC_IAM_ENDPOINT", emulator.url)
    handler = load("yandex-python", "with_key.handler")
    for freeze in range(1, 4):
        for _ in range(2):
            check_yandex(handler(yandex_event(), yandex_context(None)))
            assert emulator.tokens_issued == freeze
        clock.offset += FREEZE
    assert all(received.accepted for received in emulator.requests), emulator.log()


# Python reads this before anything else, and from then on lives by a clock that the test moves.
CLOCK = """
import os, time
system = time.time
def moved():
    with open(os.environ["CLOCK_OFFSET"]) as file:
        return system() + float(file.read())
time.time = moved
"""


def test_lambda_by_its_own_runtime_interface_client(emulator, secret_id, key, monkeypatch, tmp_path):
    pytest.importorskip("awslambdaric", reason="it is not to be had for this system")
    (tmp_path / "sitecustomize.py").write_text(CLOCK)
    offset = tmp_path / "offset"
    offset.write_text("0")
    assert len(key) < 4096, "Lambda takes no more than 4 kB of variables"
    with lambda_runtime() as runtime, open(tmp_path / "output", "w+") as output:
        environment = {
            **os.environ,
            "AWS_LAMBDA_RUNTIME_API": runtime.address,
            "AWS_LAMBDA_FUNCTION_NAME": "example",
            "YC_SERVICE_ACCOUNT_KEY_FILE": key,
            "YC_IAM_ENDPOINT": emulator.url,
            "PYTHONPATH": str(tmp_path),
            "PYTHONDONTWRITEBYTECODE": "1",
            "CLOCK_OFFSET": str(offset),
        }
        command = [sys.executable, "-m", "awslambdaric", "app.handler"]
        process = subprocess.Popen(
            command, cwd=EXAMPLES / "lambda-python", env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            for freeze in range(1, 4):
                for _ in range(2):
                    kind, answer = runtime.invoke({"secretId": secret_id})
                    assert (kind, answer.get("keys")) == ("response", ["user", "password"]), answer
                    assert emulator.tokens_issued == freeze
                # The container is frozen, and thawed much later: its clock jumps, and the cloud's with it.
                offset.write_text(str(freeze * FREEZE))
                emulator.set_clock_offset(freeze * FREEZE)
            kind, answer = runtime.invoke({"secretId": "e6qnone"})
            assert (kind, answer["errorType"]) == ("error", "RemoteError")
        finally:
            process.kill()
            process.wait()
            output.seek(0)
            print(output.read())
    assert "correct horse" not in (tmp_path / "output").read_text()
    assert [received.status for received in emulator.requests if not received.accepted] == [404], emulator.log()
