"""Credentials from each source but workload identity, over real HTTP, blocking and awaited."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from helpers import exchanges, token_of, whose
from servers import Server, answer, replying
from yc_iam import (
    AsyncCredentials,
    ConfigurationError,
    Credentials,
    Endpoints,
    RemoteError,
    UsageError,
    YcIamError,
    default_transport,
)


@pytest.fixture
def here(emulator, monkeypatch):
    """The environment leads to the emulator, as it leads elsewhere in a user's program."""
    monkeypatch.setenv("YC_IAM_ENDPOINT", emulator.url)
    return emulator


def closed_url():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def code_of(credentials):
    with pytest.raises(YcIamError) as raised:
        token_of(credentials)
    return raised.value.code


def test_oauth(here, kind, clock):
    user = here.create_user("somebody")
    token = here.create_oauth_token(user)
    credentials = kind.oauth(token)
    first = token_of(credentials)
    assert whose(here, credentials) == user
    assert len(exchanges(here)) == 1
    assert here.revoke_oauth_token(token)
    clock.offset = 2 * 3600
    assert token_of(credentials) == first
    with pytest.raises(RemoteError) as raised:
        token_of(kind.oauth(token))
    assert raised.value.code == "unauthenticated" and "OAuth token" in raised.value.hint


def test_metadata(here, kind, monkeypatch):
    account = here.create_service_account("machine")
    here.attach_service_account(account)
    credentials = kind.metadata()
    with Server(replying(answer())) as proxy, monkeypatch.context() as environment:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            environment.setenv(name, proxy.url)
        token_of(credentials)
        assert proxy.received == []
    (received,) = here.requests
    assert received.method == "GET"
    assert ("metadata-flavor", "Google") in [(name.lower(), value) for name, value in received.headers]
    assert whose(here, credentials) == account


def test_metadata_without_an_account(here, kind):
    here.attach_service_account(None)
    assert code_of(kind.metadata()) == "no_service_account"
    assert len(here.requests) == 1


def test_metadata_elsewhere(emulator, kind, monkeypatch):
    emulator.attach_service_account(emulator.create_service_account("machine"))
    monkeypatch.setenv("YC_METADATA_ADDR", emulator.url.split("//")[1])
    assert token_of(kind.metadata()).value.startswith("t1.")


def test_no_metadata_at_all(kind, monkeypatch):
    with Server(replying(answer())) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        begin = time.monotonic()
        credentials = kind.metadata(endpoints=Endpoints.custom(metadata=closed_url()))
        with pytest.raises(ConfigurationError) as raised:
            token_of(credentials)
        assert time.monotonic() - begin < 2
        assert proxy.received == []
    assert raised.value.code == "metadata_unavailable"
    assert "not a VM" in str(raised.value)


def test_metadata_that_keeps_silent(kind):
    timeouts = []

    def transport(request):
        timeouts.append((request.timeout, request.use_proxy))
        raise TimeoutError

    assert code_of(kind.metadata(endpoints=Endpoints.default(), transport=transport)) == "metadata_unavailable"
    assert timeouts == [(1.0, False)]


class Anything:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda token: token,
        MappingProxyType,
        json.dumps,
        lambda token: Anything(**token),
        lambda token: SimpleNamespace(token=token, request_id="r"),
        lambda token: Anything(token=Anything(**token)),
        lambda token: SimpleNamespace(token=json.dumps(token)),
        lambda token: SimpleNamespace(token=json.dumps(json.dumps(token))),
    ],
    ids=["dict", "mapping", "text", "object", "context", "context with object", "context with text", "text of text"],
)
def test_function(here, kind, key_file_content, wrap):
    value = token_of(kind.service_account(key_file_content)).value
    here.forget_requests()
    context = wrap({"access_token": value, "expires_in": 600, "token_type": "Bearer"})
    credentials = kind.function(context)
    token = token_of(credentials)
    assert token.value == value
    assert token.expires_at - token.issued_at == 600
    assert not here.requests
    assert kind.default(context=context)._source.name == "`context.token`"
    assert credentials.invalidate(token)
    assert code_of(credentials) == "invalid_credential"


@pytest.mark.parametrize("context", [None, "null", SimpleNamespace(token=None)], ids=str)
def test_function_without_an_account(kind, context):
    with pytest.raises(ConfigurationError) as raised:
        kind.function(context)
    assert raised.value.code == "no_service_account"


@pytest.mark.parametrize("context", [b"{}", Path("context.json"), object(), SimpleNamespace(token=b"{}")], ids=type)
def test_a_context_of_a_wrong_type(kind, context):
    wrong = type(getattr(context, "token", context)).__name__
    with pytest.raises(TypeError, match=f"context is a function's context or its token, and not .* type {wrong}"):
        kind.function(context)


@pytest.mark.parametrize(
    "context", ["", "t1.x", 1, [], {}, SimpleNamespace(token="nonsense"), {"access_token": 1}], ids=str
)
def test_what_is_no_context(kind, context):
    with pytest.raises(ConfigurationError) as raised:
        kind.function(context)
    assert raised.value.code == "invalid_credential"


def test_fixed(kind, clock):
    credentials = kind.fixed("t1.given", clock() + 3600)
    token = token_of(credentials)
    assert token.value == "t1.given" and token.expires_at == pytest.approx(clock() + 3600, abs=5)
    clock.offset = 3590
    assert code_of(credentials) == "invalid_credential"
    forever = kind.fixed(" t1.given\n")
    assert token_of(forever).value == "t1.given"
    clock.offset = 10 * 365 * 86400
    assert token_of(forever).value == "t1.given"
    assert forever.invalidate("t1.given")
    assert code_of(forever) == "invalid_credential"


def test_impersonation(emulator, kind, key_file_content, clock):
    through = kind.service_account(key_file_content, endpoints=emulator.endpoints)
    asking, other = whose(emulator, through), emulator.create_service_account("other")
    credentials = kind.impersonate(other, through)
    assert code_of(credentials) == "permission_denied"
    emulator.allow_impersonation(asking, other)
    assert kind is type(credentials) and asking in repr(credentials) and other in repr(credentials)
    clock.offset += 60
    first = token_of(credentials)
    assert whose(emulator, credentials) == other
    # The way itself stays open, whichever goes it.
    assert whose(emulator, through) == asking
    clock.offset += 2 * 3600
    assert token_of(credentials) != first
    assert whose(emulator, through) == asking


def test_impersonation_takes_everything_over(emulator, kind, account, issuer):
    seen, supplied = [], []

    def transport(request):
        seen.append(request.url)
        return default_transport(request)

    def supplier():
        supplied.append(1)
        return issuer.pod_token("default", "app")

    other = emulator.create_service_account("other")
    emulator.allow_impersonation(account, other)
    through = kind.workload_identity(account, token=supplier, endpoints=emulator.endpoints, transport=transport)
    assert whose(emulator, kind.impersonate(other, through)) == other
    assert len(seen) == 2 and supplied == [1]
    own = kind.impersonate(other, through, endpoints=Endpoints.all_at(closed_url()), transport=default_transport)
    assert own._transport is default_transport and own._endpoints != emulator.endpoints
    for wrong in (None, "key.json", emulator):
        with pytest.raises(TypeError):
            kind.impersonate(other, wrong)
    with pytest.raises(UsageError):
        kind.impersonate("", through)


def sign(content, message):
    key = serialization.load_pem_private_key(json.loads(content)["private_key"].split("\n", 1)[1].encode(), None)
    return key.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


def test_a_signer_outside(here, kind, key_file_content):
    def signer(message):
        assert isinstance(message, bytes)
        return sign(key_file_content, message)

    assert whose(here, kind.service_account(key_file_content, signer=signer))
    for failing in (lambda message: "text", lambda message: None, lambda message: message, lambda: b"", sign):
        credentials = kind.service_account(key_file_content, signer=failing)
        assert code_of(credentials) == "signing_failed"
    assert len(exchanges(here)) == 1


def test_an_async_signer(here, key_file_content):
    async def signer(message):
        await asyncio.sleep(0)
        return sign(key_file_content, message)

    assert whose(here, AsyncCredentials.service_account(key_file_content, signer=signer))
    with pytest.raises(ConfigurationError) as raised:
        Credentials.service_account(key_file_content, signer=signer).token()
    assert raised.value.code == "signing_failed" and "coroutine" in str(raised.value)


def test_a_transport_that_is_async_where_it_cannot_be(key_file_content):
    async def transport(request):
        raise AssertionError

    with pytest.raises(YcIamError) as raised:
        Credentials.service_account(key_file_content, transport=transport).token()
    assert raised.value.code == "transport_failed" and "coroutine" in str(raised.value)
