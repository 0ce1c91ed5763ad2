"""Workload identity over real HTTP: external tokens from everywhere, rotated, missing, refused."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from helpers import token_of, whose
from servers import Server, answer, replying
from shared import part
from yc_iam import AsyncCredentials, ConfigurationError, Credentials, RemoteError, UsageError, YcIamError
from yc_iam.testing import Issuer

LATER = 2 * 3600


def exchanges(emulator):
    return [received for received in emulator.requests if received.target == "/oauth/token"]


@pytest.fixture
def file(issuer, tmp_path):
    return issuer.token_file(tmp_path / "token", "default", "app")


@pytest.fixture
def make(emulator, account, kind):
    return lambda **where: kind.workload_identity(account, endpoints=emulator.endpoints, **where)


def code_of(credentials):
    with pytest.raises(YcIamError) as raised:
        token_of(credentials)
    return raised.value.code


@pytest.mark.parametrize("spell", [str, lambda path: path], ids=["str", "Path"])
def test_file(emulator, account, make, file, clock, spell):
    credentials = make(token_file=spell(file.path))
    first = token_of(credentials)
    assert whose(emulator, credentials) == account
    clock.offset = LATER
    old = file.path.read_text()
    assert file.rotate() != old
    assert token_of(credentials) != first
    assert whose(emulator, credentials) == account
    assert [received.status for received in exchanges(emulator)] == [200, 200]


def test_a_file_that_is_not_renewed(emulator, make, file, clock):
    credentials = make(token_file=file.path)
    first = token_of(credentials)
    clock.offset = LATER
    for _ in range(3):
        assert token_of(credentials) == first
    with pytest.raises(RemoteError, match=str(file.path)) as raised:
        token_of(make(token_file=file.path))
    assert raised.value.code == "bad_request" and "ended" in raised.value.hint
    # Whether a token has ended, the service says: this machine's clock may be off.
    assert [received.status for received in exchanges(emulator)] == [200, 400, 400]
    clock.offset += 31
    file.rotate()
    assert token_of(credentials) != first


def test_a_file_that_goes_away(make, file, clock):
    credentials = make(token_file=file.path)
    first = token_of(credentials)
    file.path.unlink()
    clock.offset = LATER
    assert token_of(credentials) == first
    clock.offset = 12 * 3600
    with pytest.raises(ConfigurationError, match=str(file.path)) as raised:
        token_of(credentials)
    assert raised.value.code == "unreadable_file" and "o such file" in str(raised.value)
    clock.offset += 60
    file.rotate()
    assert token_of(credentials) != first


@pytest.mark.parametrize("path", ["none", ".", "a\0b"], ids=repr)
def test_no_file(make, tmp_path, path):
    assert code_of(make(token_file=f"{tmp_path}/{path}")) == "unreadable_file"


@pytest.mark.parametrize("content", [b"", b" \n", b"hello", b"\xff\xfe"], ids=repr)
def test_a_file_with_something_else(make, file, content):
    file.path.write_bytes(content)
    assert code_of(make(token_file=file.path)) == "invalid_subject_token"


def test_variable(emulator, account, make, issuer, monkeypatch, clock):
    credentials = make(token_env="CI_ID_TOKEN")
    with pytest.raises(ConfigurationError, match="`CI_ID_TOKEN`") as raised:
        token_of(credentials)
    assert raised.value.code == "missing_variable"
    monkeypatch.setenv("CI_ID_TOKEN", issuer.pod_token("default", "app") + "\n")
    clock.offset = 60
    assert whose(emulator, credentials) == account


def test_value(emulator, account, make, issuer, clock):
    token = issuer.pod_token("default", "app")
    credentials = make(token=token)
    first = token_of(credentials)
    assert whose(emulator, credentials) == account
    clock.offset = LATER
    assert token_of(credentials) == first
    assert code_of(make(token=token)) == "bad_request"


def test_function(emulator, account, make, kind, issuer, clock):
    threads = []

    def supplier():
        threads.append(threading.current_thread())
        token = issuer.pod_token("default", "app")
        return token.encode() if len(threads) == 1 else token

    credentials = make(token=supplier)
    first = token_of(credentials)
    assert whose(emulator, credentials) == account and len(threads) == 1
    clock.offset = LATER
    assert token_of(credentials) != first and len(threads) == 2
    # A function that may block does not block the loop.
    assert (threads[0] is threading.main_thread()) is (kind is Credentials)


def test_async_function(emulator, account, issuer):
    async def supplier():
        await asyncio.sleep(0)
        return issuer.pod_token("default", "app")

    for each in (supplier, lambda: supplier()):
        credentials = AsyncCredentials.workload_identity(account, token=each, endpoints=emulator.endpoints)
        assert whose(emulator, credentials) == account
    credentials = Credentials.workload_identity(account, token=supplier, endpoints=emulator.endpoints)
    with pytest.raises(UsageError, match="coroutine") as raised:
        credentials.token()
    assert raised.value.code == "supplier_failed"


def test_a_cancelled_function_hands_the_flight_on(emulator, account, issuer):
    calls = []

    async def supplier():
        calls.append(1)
        if len(calls) == 1:
            await asyncio.Event().wait()
        return issuer.pod_token("default", "app")

    async def main():
        credentials = AsyncCredentials.workload_identity(account, token=supplier, endpoints=emulator.endpoints)
        owner = asyncio.ensure_future(credentials.token())
        while not calls:
            await asyncio.sleep(0)
        other = asyncio.ensure_future(credentials.token())
        await asyncio.sleep(0)
        owner.cancel()
        return await other

    assert asyncio.run(main()).value.startswith("t1.")
    assert calls == [1, 1]


def raising(error):
    def supplier():
        raise error

    return supplier


@pytest.mark.parametrize(
    ("supplier", "says"),
    [
        (raising(LookupError("no idea")), "LookupError: no idea"),
        (raising(TimeoutError()), "TimeoutError"),
        (lambda: None, "NoneType"),
        (lambda: 1, "int"),
        (lambda argument: "", "argument"),
    ],
    ids=["raises", "late", "None", "number", "arguments"],
)
def test_a_function_that_fails(make, supplier, says):
    with pytest.raises(UsageError) as raised:
        token_of(make(token=supplier))
    assert raised.value.code == "supplier_failed" and says in str(raised.value)


def test_url(emulator, account, make, issuer):
    body = json.dumps({"value": issuer.pod_token("default", "app")}).encode()
    with Server(replying(answer(body))) as server:
        credentials = make(token_url=f"{server.url}/token?a=b", token_headers={"X-Key": "s3cret"}, token_field="value")
        assert whose(emulator, credentials) == account
        (head,) = server.received
    assert head[0] == "GET /token?a=b HTTP/1.1"
    assert "x-key: s3cret" in [line.lower() for line in head]


def test_url_without_a_field(emulator, account, make, issuer):
    with Server(replying(answer(issuer.pod_token("default", "app").encode()))) as server:
        assert whose(emulator, make(token_url=server.url)) == account


@pytest.mark.parametrize(
    ("status", "code"), [("403 Forbidden", "permission_denied"), ("302 Found", "redirect_refused")], ids=str
)
def test_a_url_that_refuses(make, status, code):
    with Server(replying(answer(b"{}", status, ["location: https://example.org/"]))) as server:
        with pytest.raises(YcIamError, match="the subject token's URL") as raised:
            token_of(make(token_url=server.url, token_headers=[("x", "y")]))
        assert len(server.received) == 1
    assert raised.value.code == code


@pytest.mark.parametrize("audience", [None, "https://example.org/a b"])
def test_github_actions(emulator, account, make, private_key, monkeypatch, audience):
    with pytest.raises(ConfigurationError, match="id-token: write"):
        make(github_actions=True, audience=audience)
    issuer = Issuer("https://token.actions.githubusercontent.com", private_key=private_key)
    owner, repository = "https://github.com/owner", "repo:owner/project:ref:refs/heads/main"
    federation = emulator.create_federation(
        "github", issuer=issuer.url, audiences=[owner, "https://example.org/a b"], jwks_url=issuer.jwks_url
    )
    emulator.publish(issuer)
    emulator.create_federated_credential(account, federation, repository)
    times = json.loads(part(issuer.pod_token("default", "app"), 1))
    claims = {name: times[name] for name in ("iat", "nbf", "exp")}
    token = issuer.sign({"iss": issuer.url, "aud": audience or owner, "sub": repository, **claims})
    with Server(replying(answer(json.dumps({"count": 1, "value": token}).encode()))) as server:
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{server.url}/id?api-version=2.0")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-the-job")
        assert whose(emulator, make(github_actions=True, audience=audience)) == account
        (head,) = server.received
    query = "" if audience is None else "&audience=https%3A%2F%2Fexample.org%2Fa+b"
    assert head[0] == f"GET /id?api-version=2.0{query} HTTP/1.1"
    assert "authorization: Bearer of-the-job" in head


def test_refused(make, issuer):
    with pytest.raises(RemoteError) as raised:
        token_of(make(token=issuer.pod_token("default", "another")))
    assert raised.value.code == "bad_request"
    assert "federated credential" in raised.value.hint


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"token_file": "a", "token_env": "b"},
        {"token": "a", "github_actions": True},
        {"token": "a", "audience": "b"},
        {"token": "a", "token_headers": {}},
        {"token_file": "a", "token_field": "b"},
        {"token": 1},
        {"token": b"a"},
    ],
    ids=str,
)
def test_wrong_arguments(kind, arguments):
    with pytest.raises(TypeError):
        kind.workload_identity("ajeb9l33h6mu12345678", **arguments)


def test_impossible_arguments(kind):
    with pytest.raises(UsageError):
        kind.workload_identity("a b", token_file="a")
    with pytest.raises(ConfigurationError):
        kind.workload_identity("ajeb9l33h6mu12345678", token_url="http://example.org/")
    with pytest.raises(UsageError) as raised:
        kind.workload_identity("ajeb9l33h6mu12345678", token_url="https://x/", token_headers={"a": "b\r\nc: s3cret"})
    assert "s3cret" not in str(raised.value)
