"""Every way to a token and through the services, well and badly: a marked key and marked tokens are found nowhere."""

from __future__ import annotations

import asyncio
import http.client
import itertools
import json
import logging
import os
import ssl
import subprocess
import sys
import threading
import time

import pytest

from helpers import result
from marked import ACCOUNT, Marked, Records, locals_of, of_error, views
from servers import Server
from services import CREDENTIAL, FEDERATION
from yc_iam import Endpoints, Response, ServiceAccountKey, YcIamError, _command
from yc_iam.testing import Emulator

JSON = {"content-type": "application/json"}
ENDPOINTS = Endpoints.all_at("http://127.0.0.1:9")
# What the caller passes as text stands in the frames that take it, as in the caller's own; SECURITY.md says so.
GIVEN = {"token", "token_headers", "context", "headers", "body", "json", "arguments"}


@pytest.fixture(scope="module")
def marked():
    return Marked()


@pytest.fixture(autouse=True)
def records():
    """Logging at its most talkative, that of the standard library's HTTP as well."""
    handler, root = Records(), logging.getLogger()
    level, talkative = root.level, http.client.HTTPConnection.debuglevel
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    http.client.HTTPConnection.debuglevel = 1
    yield handler
    http.client.HTTPConnection.debuglevel = talkative
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture(autouse=True)
def passing_time(clock, monkeypatch):
    """No try has to be waited for: the time until then passes at once."""
    later = asyncio.BaseEventLoop.call_later

    def passes(secs):
        clock.offset += secs

    def soon(loop, secs, *rest, **more):
        if sys._getframe(1).f_globals["__name__"] == "yc_iam._asyncio":
            passes(secs)
            secs = 0
        return later(loop, secs, *rest, **more)

    async def sleep(secs):
        passes(secs)

    monkeypatch.setattr(time, "sleep", passes)
    monkeypatch.setattr(threading.Condition, "wait", waiting(threading.Condition.wait, passes))
    monkeypatch.setattr(asyncio.BaseEventLoop, "call_later", soon)
    monkeypatch.setattr("yc_iam._asyncio.sleep", sleep)


def waiting(wait, passes):
    """Nobody wakes the one who waits for another try."""

    def pass_or_wait(condition, timeout=None):
        caller = sys._getframe(1).f_globals["__name__"]
        return passes(timeout) if caller == "yc_iam._sync" else wait(condition, timeout)

    return pass_or_wait


def said(request):
    return f"{request.method} {request.url} {request.headers} {(request.body or b'').decode()}"


def good(marked, request):
    """An answer that every kind of request takes for its own."""
    whole = {
        "iamToken": marked.iam,
        "access_token": marked.iam,
        "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "token_type": "Bearer",
        "expires_in": 3600,
        "expiresAt": "2099-01-01T00:00:00Z",
        "value": marked.subject,
        "subjectId": ACCOUNT,
        "entries": [{"key": "k", "textValue": marked.value}],
        "versionId": "e6qv",
        "done": True,
        "response": FEDERATION if "ederations" in request.url else CREDENTIAL,
        **{name: value for name, value in FEDERATION.items() if name != "id"},
        **CREDENTIAL,
    }
    return Response(200, JSON, json.dumps(whole).encode())


def refusing(status, **headers):
    def answer(marked, request):
        words = f"cannot take {said(request)}, {marked.iam}, {marked.oauth} or {marked.subject} of {marked.pem}"
        body = {"code": 3, "message": words, "error": words, "error_description": words, "details": [{"a": words}]}
        return Response(status, {**JSON, **headers}, json.dumps(body).encode())

    return answer


def saying(status, kind, text):
    return lambda marked, request: Response(
        status, {"content-type": kind}, text.format(said=said(request), iam=marked.iam, oauth=marked.oauth).encode()
    )


def headed(status):
    def answer(marked, request):
        names = ("location", "x-request-id", "x-server-trace-id", "date", "retry-after", "www-authenticate", "content-type")
        return Response(status, {name: f"https://a.example/?{marked.iam}" for name in names}, b"{}")

    return answer


def raising(make):
    def answer(marked, request):
        raise make(f"cannot send {said(request)} with {marked.iam}, {marked.oauth}, {marked.subject}, {marked.pem}")

    return answer


OUTCOMES = {
    "good": good,
    **{f"{status}": refusing(status) for status in (400, 401, 403, 404, 409, 429, 500, 503)},
    "429 and wait": refusing(429, **{"retry-after": "1"}),
    "html": saying(200, "text/html", "<html>{said} {iam} {oauth}</html>"),
    "text": saying(400, "text/plain", "{said} {iam} {oauth}"),
    "no JSON": saying(200, "application/json", "{said} {iam} {oauth}"),
    "cut off": saying(200, "application/json", '{{"iamToken": "{iam}", "access_token": "{iam}", "value": "{iam}'),
    "another field": saying(200, "application/json", '{{"tokens": ["{iam}"], "{iam}": {{"{oauth}": 1}}}}'),
    "an unfit token": saying(200, "application/json", '{{"iamToken": "{iam}\\r\\n", "access_token": "{iam} ", "entries": "{iam}"}}'),
    "a token that has ended": saying(200, "application/json", '{{"iamToken": "{iam}", "access_token": "{iam}", "expiresAt": "{iam}"}}'),
    "a redirect": headed(302),
    "odd headers": headed(400),
    "OSError": raising(OSError),
    "TimeoutError": raising(TimeoutError),
    "SSLError": raising(ssl.SSLError),
    "HTTPException": raising(http.client.HTTPException),
    "RuntimeError": raising(RuntimeError),
    "KeyError": raising(KeyError),
    "UnicodeError": raising(lambda text: UnicodeDecodeError("utf-8", text.encode(), 0, 1, text)),
    "a chain": raising(lambda text: chained(text)),
    "nothing": lambda marked, request: said(request),
}  # fmt: skip


def chained(text):
    error = RuntimeError(text)
    error.__cause__ = OSError(text)
    error.__context__ = ValueError(text)
    return error


def sources(kind, marked, tmp_path, transport, broken):
    """Credentials of every kind. `broken`: what is looked up fails as well."""
    more = {"endpoints": ENDPOINTS, "transport": transport}
    key_file, token_file = tmp_path / "key.json", tmp_path / "token"
    content = json.dumps(marked.key)
    key_file.write_text(content)
    token_file.write_text(marked.subject + ("\n" + marked.oauth if broken else ""))

    def supplier():
        if broken:
            raise RuntimeError(f"{marked.subject} and {marked.oauth}")
        return marked.subject

    def signer(data):
        if broken:
            raise RuntimeError(f"cannot sign {data!r} with {marked.pem}")
        return bytes(256)

    context = {"access_token": marked.iam, "expires_in": 600, "token_type": "Bearer"}
    oauth = kind.oauth(marked.oauth, **more)
    return {
        "a key": kind.service_account(marked.key, **more),
        "a key's content": kind.service_account(content, **more),
        "a key's path": kind.service_account(key_file, **more),
        "a signer": kind.service_account(content, signer=signer, **more),
        "oauth": oauth,
        "a token's file": kind.workload_identity(ACCOUNT, token_file=token_file, **more),
        "a token's variable": kind.workload_identity(ACCOUNT, token_env="MARKED_TOKEN", **more),
        "a token": kind.workload_identity(ACCOUNT, token=marked.subject, **more),
        "a supplier": kind.workload_identity(ACCOUNT, token=supplier, **more),
        "a token's URL": kind.workload_identity(
            ACCOUNT, token_url="https://a.example/t", token_headers={"x": marked.header}, token_field="value", **more
        ),
        "metadata": kind.metadata(**more),
        "a function": kind.function(context, **more),
        "fixed": kind.fixed(marked.iam, **more),
        "impersonation": kind.impersonate(ACCOUNT, oauth, **more),
        "default": kind.default(**more),
    }


def calls(credentials, marked):
    """A call of every API. What is given is text of the caller's."""
    lockbox, federations = credentials.lockbox, credentials.federations
    federated, operations = credentials.federated_credentials, credentials.operations
    more = {"timeout": 600}
    return {
        "lockbox.get": lambda: lockbox.get("e6q", **more),
        "lockbox.get_by_name": lambda: lockbox.get_by_name("b1g", "n", **more),
        "federations.create": lambda: federations.create("b1g", name="n", issuer="https://a.example", audiences=["a"], jwks_url="https://a.example/k", **more),
        "federations.get": lambda: federations.get("a", **more),
        "federations.list": lambda: federations.list("b1g", **more),
        "federations.list_page": lambda: federations.list_page("b1g", **more),
        "federations.update": lambda: federations.update("a", name="n", **more),
        "federations.delete": lambda: federations.delete("a", **more),
        "federated_credentials.create": lambda: federated.create(ACCOUNT, "a", "b", **more),
        "federated_credentials.get": lambda: federated.get("a", **more),
        "federated_credentials.list": lambda: federated.list(ACCOUNT, **more),
        "federated_credentials.delete": lambda: federated.delete("a", **more),
        "operations.get": lambda: operations.get("a", **more),
        "operations.wait": lambda: operations.wait("a", **more),
        "request": lambda: credentials.request("POST", "https://a.example", body="x", **more),
        "revoke": lambda: credentials.revoke(marked.iam, **more),
    }  # fmt: skip


def look_at(marked, work):
    """What comes of it, and that nothing of it shows a secret. The error, if there is one."""
    try:
        given = result(work())
    except YcIamError as error:
        for text in of_error(error):
            marked.assert_hidden(text)
        for frame, name, shown in locals_of(error):
            if name not in GIVEN:
                assert not marked.found(shown), f"{name} in {frame}: {shown[:300]}"
        return error
    for text in views(given):
        marked.assert_hidden(text)
    return None


def assert_quiet(marked, records, capfd):
    out, err = capfd.readouterr()
    marked.assert_hidden(out)
    marked.assert_hidden(err)
    for line in records.lines:
        marked.assert_hidden(line)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_source(outcome, kind, marked, tmp_path, monkeypatch, records, capfd):
    monkeypatch.setenv("MARKED_TOKEN", marked.subject)
    monkeypatch.setenv("YC_TOKEN", marked.oauth)
    failed = 0
    for broken in (False, True) if outcome == "good" else (False,):
        made = sources(kind, marked, tmp_path, lambda request: OUTCOMES[outcome](marked, request), broken)
        for credentials in made.values():
            failed += look_at(marked, credentials.token) is not None
            for thing in (credentials, credentials._source, credentials._session, credentials._fresh):
                for text in views(thing):
                    marked.assert_hidden(text)
    # A fixed token and a function's need no answer. Broken: a signer, a file and a supplier; all else is well.
    assert failed == (3 if outcome == "good" else 13 if outcome != "a token that has ended" else failed)
    assert_quiet(marked, records, capfd)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_api(outcome, kind, marked, records, capfd):
    credentials = kind.fixed(marked.iam, endpoints=ENDPOINTS, transport=lambda request: OUTCOMES[outcome](marked, request))
    errors = {name: look_at(marked, work) for name, work in calls(credentials, marked).items()}
    if outcome == "good":
        assert not any(errors.values()), errors
    elif outcome in ("400", "503", "OSError", "a chain", "nothing"):
        assert sum(error is not None for error in errors.values()) >= len(errors) - 1
    assert_quiet(marked, records, capfd)


def test_over_real_sockets(kind, marked, records, capfd):
    """The package's own HTTP, with the standard library told to print what it sends."""

    def repeats(status):
        def run(server, connection):
            head = server.read_request(connection)
            body = json.dumps({"message": f"{head} {server.bodies[-1]} {marked.iam}"}).encode()
            lines = [f"HTTP/1.1 {status} Status", "content-type: application/json", f"content-length: {len(body)}"]
            connection.sendall("\r\n".join([*lines, "connection: close", "", ""]).encode() + body)

        return run

    def breaks(server, connection):
        server.read_request(connection)
        connection.sendall(f"HTTP/1.1 {marked.iam}\r\n{marked.oauth}\r\n\r\n".encode())

    for script in (repeats(200), repeats(400), repeats(503), breaks):
        with Server(script) as server:
            at = {"endpoints": Endpoints.all_at(server.url)}
            for credentials in (kind.service_account(marked.key, **at), kind.oauth(marked.oauth, **at)):
                assert look_at(marked, credentials.token) is not None
            assert look_at(marked, lambda: kind.fixed(marked.iam, **at).lockbox.get("e6q", timeout=600)) is not None
            assert server.received
    assert_quiet(marked, records, capfd)


def test_what_is_refused_at_once(kind, marked, tmp_path):
    """A secret in the place of something else."""
    fields = marked.key
    secrets = [marked.oauth, marked.iam, marked.subject, marked.pem, json.dumps(fields)]
    makers = [
        lambda it: kind.oauth(it if it is not marked.oauth else marked.oauth + "\n"),
        lambda it: kind.fixed(it if it is not marked.iam else marked.iam + "\n"),
        lambda it: kind.service_account(it if it != json.dumps(fields) else it[:-40]),
        lambda it: kind.service_account({**fields, "private_key": it if it != marked.pem else it.replace("M", "N")}),
        lambda it: kind.service_account({**fields, "id": it}),
        lambda it: kind.workload_identity(it, token="x"),
        lambda it: kind.workload_identity(ACCOUNT, token=it + "!").token(),
        lambda it: kind.workload_identity(ACCOUNT, token_file=it).token(),
        lambda it: kind.workload_identity(ACCOUNT, token_env=it).token(),
        lambda it: kind.workload_identity(ACCOUNT, token_url=it),
        lambda it: kind.function(it),
        lambda it: kind.impersonate(it, kind.metadata()),
        lambda it: ServiceAccountKey.from_json(it + "}"),
        lambda it: ServiceAccountKey.external("a", "b", it),
        lambda it: Endpoints.custom(iam=it),
        lambda it: ServiceAccountKey.from_dict(fields).sign_jwt(audience=it, lifetime=0),
    ]  # fmt: skip
    # What takes a value of the caller's shows it in its own frame, by its name.
    refused = 0
    for it, make in itertools.product(secrets, makers):
        try:
            result(make(it))
        except YcIamError as error:
            refused += 1
            for text in of_error(error):
                marked.assert_hidden(text)
    assert refused > 60


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


def test_the_emulator(marked, capfd, records):
    with Emulator() as emulator:
        content = emulator.service_account_key(private_key=marked.pem)
        endpoints = emulator.endpoints
        from yc_iam import Credentials

        emulator.order_fault(status=503)
        tokens = [
            Credentials.service_account(content, endpoints=endpoints).token(),
            look_at(marked, Credentials.oauth(marked.oauth, endpoints=endpoints).token),
            look_at(marked, Credentials.workload_identity(ACCOUNT, token=marked.subject, endpoints=endpoints).token),
        ]
        for received in emulator.requests:
            for text in (*views(received), received.body, str(received.headers), received.verdict, received.target):
                marked.assert_hidden(text)
                assert tokens[0].value not in text
        for text in (*views(emulator), *views(emulator._core)):
            marked.assert_hidden(text)
    assert_quiet(marked, records, capfd)


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
