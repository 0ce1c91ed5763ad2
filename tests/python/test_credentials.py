"""`Credentials` over real HTTP against the emulator: tokens, renewal, invalidation."""

from __future__ import annotations

from unittest import mock

import pytest

from helpers import exchanges, result, subject, token_of
from yc_iam import (
    AsyncCredentials,
    Credentials,
    Endpoints,
    InvalidKeyError,
    RemoteError,
    Response,
    ServiceAccountKey,
    Token,
    UsageError,
    YcIamError,
)
from yc_iam.testing import Emulator


@pytest.fixture
def credentials(emulator, key_file_content):
    return Credentials.service_account(key_file_content, endpoints=emulator.endpoints)


def test_a_token_that_the_service_accepts(emulator, key_file_content, credentials):
    token = credentials.token()
    account = ServiceAccountKey.from_json(key_file_content).service_account_id
    assert subject(emulator, credentials.authorization()) == account
    assert subject(emulator, f"Bearer {token.value}") == account
    assert credentials.authorization() == token.authorization() == f"Bearer {token.value}"
    assert token.expires_at - token.issued_at == pytest.approx(12 * 3600, abs=5)
    assert len(exchanges(emulator)) == 1


def test_the_environment_names_the_endpoint(emulator, key_file_content, monkeypatch):
    monkeypatch.setenv("YC_IAM_ENDPOINT", emulator.url)
    assert subject(emulator, Credentials.service_account(key_file_content).authorization())
    monkeypatch.setenv("YC_IAM_ENDPOINT", "http://example.org")
    with pytest.raises(YcIamError) as raised:
        Credentials.service_account(key_file_content)
    assert raised.value.code == "insecure_endpoint"


def test_a_fresh_token_is_served_from_memory(emulator, credentials, clock):
    token = credentials.token()
    assert credentials.token() is token
    clock.offset = 50 * 60
    assert credentials.token() is token
    assert len(exchanges(emulator)) == 1


def test_a_clock_that_is_set_back_makes_the_core_decide(credentials, clock, monkeypatch):
    token = credentials.token()
    polled = []
    monkeypatch.setattr(Credentials, "_poll", lambda self: polled.append(1) or self._session.poll(clock()))
    assert credentials.token() is token and not polled
    clock.offset = -3600
    credentials.token()
    assert polled


def test_renewal(emulator, credentials, clock):
    first = credentials.token()
    clock.offset = 2 * 3600
    second = credentials.token()
    assert second.value != first.value
    assert len(exchanges(emulator)) == 2


def test_a_failed_renewal_leaves_the_last_token(emulator, credentials, clock):
    first = credentials.token()
    clock.offset = 2 * 3600
    emulator.order_fault(status=500, times=100)
    for _ in range(3):
        assert credentials.token() == first
    assert len(exchanges(emulator)) == 2
    clock.offset += 31
    emulator.cancel_faults()
    assert credentials.token() != first


def test_invalidate(emulator, credentials):
    first = credentials.token()
    emulator.revoke_token(first)
    assert credentials.invalidate(first) is True
    second = credentials.token()
    assert second.value != first.value
    assert subject(emulator, second.authorization())
    # Late callers come with the old one.
    assert credentials.invalidate(first) is False
    assert credentials.invalidate(first.value) is False
    assert credentials.token() == second
    assert credentials.invalidate(second.value) is True
    assert credentials.invalidate(second.value) is False


@pytest.mark.parametrize("called", [Credentials, AsyncCredentials, ServiceAccountKey, Endpoints, Token])
def test_what_makes_one_is_said_to_whom_calls_the_class(called):
    for given in ((), ("key.json",), ({}, None, None)):
        with pytest.raises(TypeError, match=f"`{called.__name__}` is not called itself: .*`.*\\(.*\\)`"):
            called(*given)


@pytest.mark.parametrize("place", ["transport", "signer"])
def test_what_is_no_function_is_refused_at_once(kind, key_file_content, place):
    for given in ("https://127.0.0.1", object()):
        with pytest.raises(TypeError, match=f"{place} is a function, and not an object of type {type(given).__name__}"):
            kind.service_account(key_file_content, **{place: given})


def test_a_method_of_one_object_can_be_replaced(kind):
    credentials, other = kind.fixed("t1.one"), kind.fixed("t1.other")
    with mock.patch.object(credentials, "token", return_value=Credentials.fixed("t1.mock").token()):
        assert result(credentials.authorization()) == "Bearer t1.mock"
        assert result(other.authorization()) == "Bearer t1.other"
    assert result(credentials.authorization()) == "Bearer t1.one"


def test_wrong_arguments(emulator):
    with pytest.raises(TypeError):
        Credentials.service_account()
    with pytest.raises(InvalidKeyError):
        Credentials.service_account("{}", endpoints=emulator.endpoints)
    with pytest.raises(UsageError):
        emulator.order_fault()
    wrong = ({"truncated": True, "dropped": True}, {"status": 200}, {"status": 503, "times": 0}, {"delay": float("nan")})
    for fault in wrong:
        with pytest.raises(UsageError):
            emulator.order_fault(**fault)


def test_two_emulators_do_not_know_each_other(emulator, key_file_content):
    with Emulator() as other:
        other_key = other.service_account_key()
        credentials = Credentials.service_account(other_key, endpoints=emulator.endpoints)
        with pytest.raises(RemoteError):
            credentials.token()
        assert len(exchanges(emulator)) == 1 and not exchanges(other)


def test_a_clock_that_is_set_back_makes_no_token_live_longer(kind, clock):
    """Also where nobody had to ask the core meanwhile: a token of an hour, forty minutes old, and then half an hour is gone."""
    issued = []

    def transport(request):
        issued.append(request)
        return Response(200, {}, b'{"access_token":"t1.number-%d","expires_in":3600,"token_type":"Bearer"}' % len(issued))

    creds = kind.metadata(transport=transport)
    assert token_of(creds).value == "t1.number-1"
    for clock.offset in range(0, 2400, 30):
        assert token_of(creds).value == "t1.number-1"
    clock.offset -= 1800
    assert token_of(creds).value == "t1.number-2"
