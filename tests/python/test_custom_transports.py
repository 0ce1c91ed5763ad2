"""Transports of the caller's own: what they are given, and what becomes of what they return and raise."""

from __future__ import annotations

import json
import ssl

import pytest

from helpers import subject, token_answer, with_transport
from yc_iam import Credentials, Request, Response, YcIamError, default_transport


def test_transport(emulator, key_file_content):
    seen = []

    def transport(request):
        seen.append(request)
        return default_transport(request)

    credentials = Credentials.service_account(key_file_content, endpoints=emulator.endpoints, transport=transport)
    assert subject(emulator, credentials.authorization())
    (request,) = seen
    assert isinstance(request, Request)
    assert (request.method, request.url) == ("POST", emulator.endpoints.tokens_url)
    assert request.headers["content-type"] == "application/json"
    assert list(json.loads(request.body)) == ["jwt"]
    assert request.timeout == 10
    assert request.use_proxy in (True, False)


class Unknown(Exception):
    pass


def raising(error, cause=None):
    def transport(request):
        raise error from cause

    return transport


@pytest.mark.parametrize(
    ("transport", "code"),
    [
        (raising(Unknown("odd")), "transport_failed"),
        (raising(StopIteration("odd")), "transport_failed"),
        (lambda request: None, "transport_failed"),
        (lambda request: (200, {}, b""), "transport_failed"),
        (lambda: None, "transport_failed"),
        (lambda request: Response(200, {"a": 1}, b""), "transport_failed"),
        (lambda request: Response(99999, {}, b""), "transport_failed"),
        (lambda request: Response(204, {}, b""), None),
        (raising(ssl.SSLError("odd")), "tls_failed"),
        (raising(Unknown("wrapped"), ssl.SSLError("odd")), "tls_failed"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_transport_that_fails(key_file_content, transport, code):
    with pytest.raises(YcIamError) as raised:
        with_transport(key_file_content, transport).token()
    if code is not None:
        assert raised.value.code == code


@pytest.mark.parametrize(
    "error",
    [TimeoutError("odd"), ConnectionResetError("odd"), OSError("odd"), BrokenPipeError()],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_transport_that_fails_and_recovers(key_file_content, error, wrapped):
    answers = [raising(Unknown("wrapped"), error) if wrapped else raising(error), lambda request: token_answer()]

    def transport(request):
        return answers.pop(0)(request)

    assert with_transport(key_file_content, transport).token().value == "t1.by-a-transport"
    assert answers == []
