"""The command `yc-iam`: the shared vectors by its entry point, and the process itself."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import ssl
import stat
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from shared import data, key_text, part, vectors
from yc_iam import Credentials, Endpoints, Response, __version__, _command, _effects, _transport

FAILURES = {"connection": ConnectionError, "timeout": TimeoutError, "tls": ssl.SSLError}


class Host:
    """Files, standard input, requests and time as a case has them."""

    def __init__(self, case):
        self.case = case
        self.now = float(case["now"])
        self.requests = []

    def time(self):
        return self.now

    def sleep(self, secs):
        assert secs > 0
        self.now += secs

    def content(self, spec):
        return key_text(spec["key"]) if "key" in spec else data(spec)

    def read_file(self, path):
        spec = self.case.get("files", {}).get(path)
        if spec is None:
            raise FileNotFoundError(2, "no such file")
        return self.content(spec)

    def read_input(self):
        return self.content(self.case["stdin"])

    def send(self, request):
        number = len(self.requests)
        self.requests.append(request)
        answer = self.case["answers"][number]
        if "break" in answer:
            raise FAILURES[answer["break"]](answer["detail"])
        headers = [tuple(pair) for pair in answer.get("headers", ())]
        return Response(answer["status"], headers, data(answer.get("body", {"text": ""})))

    @contextlib.contextmanager
    def running(self, settings):
        expected = self.case["emulate"]
        for name in ("port", "key_file", "token_lifetime", "clock_tolerance"):
            assert getattr(settings, name) == expected.get(name), name
        if "break" in expected:
            error = OSError(1, expected["detail"])
            raise _command.FileError(error) if expected["break"] == "file" else error
        running = expected.get("running", {"url": "http://127.0.0.1:1", "key_file": "key.json"})
        yield running["url"], running["key_file"]


    def writer(self, write):
        """Writes to standard error only."""
        return lambda stream, content: (
            self.case["unwritten"] if stream is sys.stdout and content else write(stream, content)
        )


@vectors("commands.json")
def test_command(case, monkeypatch, capsysbinary):
    host = Host(case)
    monkeypatch.setattr(sys, "argv", ["yc-iam", *case["arguments"]])
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in case.get("environment", {}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: "stdin" not in case))
    monkeypatch.setattr(time, "time", host.time)
    monkeypatch.setattr(time, "sleep", host.sleep)
    monkeypatch.setattr(_effects, "read_file", host.read_file)
    monkeypatch.setattr(_effects, "read_input", host.read_input)
    monkeypatch.setattr(_transport, "default_transport", host.send)
    monkeypatch.setattr(_command, "_running", host.running)
    monkeypatch.setattr(_command._End, "wait", lambda end: None)
    if "unwritten" in case:
        monkeypatch.setattr(_command, "_write", host.writer(_command._write))
    code = _command.main()
    output, errors = capsysbinary.readouterr()
    check_output(case, code, output, errors.decode())
    assert len(host.requests) == len(case.get("requests", ()))
    for request, expected in zip(host.requests, case.get("requests", ())):
        assert (request.method, request.url) == (expected["method"], expected["url"])
        assert request.headers.get("authorization") == expected.get("authorization")
        if "body" in expected:
            assert request.body.decode() == expected["body"]


def check_output(case, code, output, errors):
    assert code == case["code"], errors
    assert (errors == "") is (code <= 1) and (code <= 1 or output == b"")
    said = case.get("emulate", {}).get("running", {}).get("says")
    if said is not None and "unwritten" not in case:
        assert output.decode() == said
    elif "output" in case and "emulate" not in case:
        assert output == data(case["output"])
    if "output_json" in case:
        assert output.endswith(b"\n") and json.loads(output) == case["output_json"]
    if "output_jwt" in case:
        jwt = output.decode().strip()
        assert [part(jwt, number).decode() for number in (0, 1)] == [
            case["output_jwt"][it] for it in ("header", "claims")
        ]
        assert len(part(jwt, 2)) == 256
    if "errors" in case:
        assert errors == case["errors"]
    given = json.loads(errors)["error"] if "errors_json" in case else {}
    for name, value in case.get("errors_json", {}).items():
        assert given.get(name) == value, name
    text = output.decode("utf-8", "replace")
    assert all(it in text for it in case.get("output_says", ()))
    assert all(it in errors for it in case.get("errors_say", ()))
    assert not any(it in errors for it in case.get("errors_hide", ()))
    assert not any(it in text + errors for it in case.get("hides", ()))


def run(*arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "yc_iam", *arguments], capture_output=True, text=True, check=False, timeout=60, **more
    )


def test_the_process(emulator, key_file_content, tmp_path):
    path = tmp_path / "key.json"
    path.write_text(key_file_content)
    environ = {**os.environ, "YC_IAM_ENDPOINT": emulator.url}
    done = run("token", "--key-file", str(path), env=environ)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("t1.") and done.stdout.endswith("\n")
    by_input = run("token", "--key-file", "-", env=environ, input=key_file_content)
    assert (by_input.returncode, by_input.stderr) == (0, "")
    refused = run("token", "--key-file", str(tmp_path / "none"), env=environ)
    assert (refused.returncode, refused.stdout) == (4, "") and "none" in refused.stderr
    assert run("--version").stdout == f"yc-iam {__version__}\n"


def test_the_script_is_installed():
    from importlib.metadata import entry_points

    scripts = entry_points()
    scripts = scripts.select(group="console_scripts") if hasattr(scripts, "select") else scripts["console_scripts"]
    assert {script.value for script in scripts if script.name == "yc-iam"} == {"yc_iam._command:main"}


def test_nobody_reads_the_output(tmp_path):
    with open(os.devnull, "rb") as nothing:
        process = subprocess.Popen(
            [sys.executable, "-m", "yc_iam", "--help"], stdin=nothing, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(60) == 0


SHELL = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the lines are for a shell of Linux")


def shell(line, **variables):
    """Runs a line of a shell, in which `yc-iam` is the command."""
    script = line.replace("yc-iam", '"$PYTHON" -m yc_iam')
    environ = {**os.environ, "PYTHON": sys.executable, **variables}
    return subprocess.run(
        ["sh", "-c", script], env=environ, capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL
    )


@SHELL
@pytest.mark.parametrize("redirected", ["> /dev/full", '> "$FILE"'])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_that_cannot_be_written(redirected, unbuffered, tmp_path):
    line = f"ulimit -f 1; yc-iam token --help {redirected}"
    done = shell(line, FILE=str(tmp_path / "out"), PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 4
    assert re.fullmatch(r"yc-iam: the output cannot be written: `[^`]+`\n  [^\n]+\n", done.stderr), done.stderr


@SHELL
@pytest.mark.parametrize("redirected", ["", ">&-", "2>&-", "2>/dev/full"])
def test_output_that_goes_nowhere(redirected, tmp_path):
    path = tmp_path / "empty"
    path.write_text("")
    done = shell(f'yc-iam explain "$FILE" {redirected}', FILE=str(path))
    assert (done.returncode, done.stderr) == (1, "")


@SHELL
def test_input_that_is_closed():
    done = shell("yc-iam token --key-file - <&-")
    assert done.returncode == 3 and done.stderr.startswith("yc-iam: standard input: ")


@SHELL
def test_input_without_end():
    done = shell("head -c 4194305 /dev/zero | yc-iam explain -")
    assert done.returncode > 1 and "more than 4 MiB" in done.stderr


@SHELL
def test_a_reader_that_has_ended_before(tmp_path):
    path = tmp_path / "empty"
    path.write_text("")
    command = '{ read gone < "$FIFO"; yc-iam explain "$FILE"; echo $? >&3; }'
    done = shell(
        f'exec 3>&1; mkfifo "$FIFO"; {command} | {{ exec 0<&-; echo > "$FIFO"; }}',
        FILE=str(path),
        FIFO=str(tmp_path / "fifo"),
    )
    assert (done.stdout, done.stderr) == ("1\n", "")


@SHELL
def test_an_emulator_that_cannot_be_announced(tmp_path):
    done = shell("yc-iam emulator > /dev/full", TMPDIR=str(tmp_path))
    assert done.returncode == 4 and "the output cannot be written" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")
@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM"])
def test_the_emulator(ending, tmp_path):
    path = tmp_path / "key.json"
    command = [sys.executable, "-m", "yc_iam", "emulator", "--format", "json", "--write-key-file", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        announced = json.loads(process.stdout.readline())
        assert announced["keyFile"] == str(path) and stat.S_IMODE(path.stat().st_mode) == 0o600
        credentials = Credentials.service_account(path, endpoints=Endpoints.all_at(announced["url"]))
        assert credentials.token()
    finally:
        process.send_signal(getattr(signal, ending))
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")


def test_an_emulator_that_cannot_run(emulator, tmp_path):
    done = run("emulator", "--port", emulator.url.rsplit(":", 1)[1])
    assert done.returncode > 1 and done.stdout == ""
    path = tmp_path / "key.json"
    path.write_text("mine")
    done = run("emulator", "--write-key-file", str(path))
    assert done.returncode > 1 and str(path) in done.stderr and path.read_text() == "mine"


def test_what_a_command_imports():
    script = "import sys; sys.argv[1:] = ['--version']; from yc_iam._command import main; main(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert not {"asyncio", "http.client", "json", "ssl", "threading", "typing"} & set(done.stdout.split())
