"""The command, and a process that dies: marked secrets are in nothing that either writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from marked import ACCOUNT
from outcomes import OUTCOMES
from yc_iam import _command


COMMANDS = (
    ("token --key-file KEY", "iam"),
    ("token --key-file KEY --format json", "iam"),
    ("jwt --key-file KEY", None),
    ("jwt --key-file CUT", None),
    ("explain KEY", None),
    ("explain KEY --format json", None),
    ("explain CUT", None),
    ("explain TOKEN", "subject"),
    ("explain OAUTH", None),
    ("exec-credential --key-file KEY", "iam"),
    ("token --token-file TOKEN --service-account-id " + ACCOUNT, "iam"),
    ("token --key-file TOKEN", None),
    ("token --token-file KEY --service-account-id " + ACCOUNT, None),
)  # fmt: skip


@pytest.mark.parametrize(("line", "asked_for"), COMMANDS, ids=[line for line, _ in COMMANDS])
@pytest.mark.parametrize("outcome", ["good", "400", "503", "RuntimeError", "no JSON"])
def test_the_command(line, asked_for, outcome, marked, tmp_path, monkeypatch, capfd, records):
    files = {"KEY": json.dumps(marked.key), "CUT": json.dumps(marked.key)[:-50], "TOKEN": marked.subject, "OAUTH": marked.oauth}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    arguments = [str(tmp_path / word) if word in files else word for word in line.split()]
    monkeypatch.setattr(sys, "argv", ["yc-iam", *arguments])
    monkeypatch.setattr("yc_iam._transport.default_transport", lambda request: OUTCOMES[outcome](marked, request))
    code = _command.main()
    out, err = capfd.readouterr()
    marked.assert_hidden(err)
    # A token is what was asked for; an explanation shows what a JWT claims.
    marked.assert_hidden(out, *([asked_for] if code <= 1 and asked_for else []))
    for record in records.lines:
        marked.assert_hidden(record)


def test_a_process_that_dies(marked, tmp_path):
    """An error that nobody catches, in a thread, in a task and in the program, and what faulthandler prints."""
    (tmp_path / "key.json").write_text(json.dumps(marked.key))
    program = """
import asyncio, faulthandler, sys, threading
from yc_iam import AsyncCredentials, Credentials, Endpoints
faulthandler.enable()
at = Endpoints.all_at("http://127.0.0.1:9")
def transport(request):
    raise RuntimeError(f"{request.body} {request.headers}")
made = Credentials.service_account("key.json", endpoints=at, transport=transport)
thread = threading.Thread(target=made.token)
thread.start()
thread.join()
try:
    asyncio.run(AsyncCredentials.service_account("key.json", endpoints=at, transport=transport).token())
except Exception:
    sys.excepthook(*sys.exc_info())
faulthandler.dump_traceback()
made.token()
"""
    run = subprocess.run(
        [sys.executable, "-X", "dev", "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={**os.environ, "YC_TOKEN": marked.oauth},
    )  # fmt: skip
    assert run.returncode == 1 and run.stderr.count("Traceback") >= 3
    marked.assert_hidden(run.stdout + run.stderr)
    assert "eyJ" not in run.stderr
