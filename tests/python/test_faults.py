"""`Credentials` over real HTTP against an emulator that misbehaves, in every way that can be ordered."""

from __future__ import annotations

import json
import time

import pytest

from helpers import exchanges, result, subject, token_of
from yc_iam import Credentials, NetworkError, RemoteError, ServiceAccountKey, YcIamError


@pytest.fixture
def credentials(emulator, key_file_content):
    return Credentials.service_account(key_file_content, endpoints=emulator.endpoints)


RETRIED = [
    {"status": 408},
    {"status": 429},
    {"status": 429, "retry_after": "0"},
    {"status": 503, "retry_after": "1"},
    {"status": 500},
    {"status": 502},
    {"status": 504},
    {"html": True, "status": 503},
    {"truncated": True},
    {"dropped": True},
]


@pytest.mark.parametrize("fault", RETRIED, ids=str)
def test_a_fault_that_passes(emulator, credentials, fault):
    emulator.order_fault(**fault)
    assert subject(emulator, credentials.authorization())
    assert len(exchanges(emulator)) == 2
    assert exchanges(emulator)[0].faults and not exchanges(emulator)[1].faults


def test_a_fault_while_a_test_has_stopped_the_clock(emulator, kind, key_file_content, monkeypatch):
    """As freezegun and time-machine do."""
    stopped = time.time()
    monkeypatch.setattr(time, "time", lambda: stopped)
    credentials = kind.service_account(key_file_content, endpoints=emulator.endpoints)
    emulator.order_fault(status=503)
    assert token_of(credentials).issued_at == pytest.approx(stopped, abs=1)
    emulator.order_fault(status=429, retry_after="0", times=2)
    with pytest.raises(YcIamError) as raised:
        result(credentials.lockbox.get("e6qmissing0000000000"))
    assert raised.value.code == "not_found"
    assert [received.status for received in emulator.requests] == [503, 200, 429, 429, 404]


def test_several_faults_in_a_row(emulator, credentials):
    for fault in ({"dropped": True}, {"status": 503}, {"truncated": True}):
        emulator.order_fault(**fault)
    assert subject(emulator, credentials.authorization())
    assert len(exchanges(emulator)) == 4


FINAL = [
    ({"status": 400}, RemoteError, "bad_request"),
    ({"status": 401}, RemoteError, "unauthenticated"),
    ({"status": 403}, RemoteError, "permission_denied"),
    ({"status": 404}, RemoteError, "not_found"),
    ({"html": True, "status": 200}, NetworkError, "html_response"),
    ({"status": 429, "retry_after": "3600"}, RemoteError, "rate_limited"),
]


@pytest.mark.parametrize(("fault", "kind", "code"), FINAL, ids=str)
def test_a_fault_that_stays(emulator, credentials, fault, kind, code, monkeypatch):
    # What is left of the time to wait is told to the millisecond.
    stopped = time.time()
    monkeypatch.setattr(time, "time", lambda: stopped)
    emulator.order_fault(**fault)
    with pytest.raises(kind) as raised:
        credentials.token()
    assert raised.value.code == code
    assert len(exchanges(emulator)) == 1
    if "html" not in fault:
        assert raised.value.status == fault["status"]
        assert raised.value.request_id == exchanges(emulator)[0].request_id
        assert raised.value.request_id in str(raised.value)
    if "retry_after" in fault:
        assert raised.value.retry_after == 3600
    # The error stands for a second, and for as long as the service asked: nobody hammers.
    with pytest.raises(kind):
        credentials.token()
    assert len(exchanges(emulator)) == 1


def test_five_tries_and_no_more(emulator, credentials):
    emulator.order_fault(status=503, times=100, retry_after="0")
    with pytest.raises(RemoteError) as raised:
        credentials.token()
    assert raised.value.code == "server_error" and raised.value.transient
    assert len(exchanges(emulator)) == 5


def test_a_late_answer_is_an_answer(emulator, credentials):
    emulator.order_fault(delay=0.3)
    assert subject(emulator, credentials.authorization())
    assert exchanges(emulator)[0].faults


@pytest.mark.parametrize("offset", [-7200, 7200])
def test_a_clock_that_is_off_is_corrected(emulator, credentials, offset):
    emulator.set_clock_offset(offset)
    token = credentials.token()
    assert subject(emulator, token.authorization())
    # Refused once, then the JWT was made anew on the service's time.
    assert [received.accepted for received in exchanges(emulator)] == [False, True]
    times = [json.loads(received.jwt_claims)["iat"] for received in exchanges(emulator)]
    assert times[1] - times[0] == pytest.approx(offset, abs=3)
    assert credentials.token() is token


def test_an_ordered_clock_offset(emulator, credentials):
    emulator.order_fault(times=2, clock_offset=7200)
    assert subject(emulator, credentials.authorization())
    assert [received.accepted for received in exchanges(emulator)] == [False, True]


def test_a_deleted_key(emulator, credentials, key_file_content):
    key_id = ServiceAccountKey.from_json(key_file_content).id
    assert emulator.delete_key(key_id)
    with pytest.raises(RemoteError) as raised:
        credentials.token()
    assert raised.value.code == "unauthenticated"
    assert key_id in str(raised.value)
