"""The shared vectors: every case of every file says the same in each language."""

from __future__ import annotations

import json

import pytest

from shared import (
    assert_error,
    assert_request,
    data,
    endpoints,
    external_session,
    key,
    part,
    same_time,
    vectors,
    walk_to_the_exchange,
)
from yc_iam import Endpoints, Request, Response, ServiceAccountKey, YcIamError, redact
from yc_iam._core import Fail, Perform, Sign, Use, Wait


@vectors("keys.json")
def test_key(case):
    content = data(case["content"])
    if "error" in case:
        with pytest.raises(YcIamError) as raised:
            ServiceAccountKey.from_json(content)
        assert_error(raised.value, case["error"])
        return
    expected = dict(case["expect"])
    key = ServiceAccountKey.from_json(content)
    assert {name: getattr(key, name) for name in expected} == expected


@vectors("external_keys.json")
def test_external_key(case):
    given = {name: case[name] for name in ("id", "service_account_id", "public_key")}
    if "error" in case:
        with pytest.raises(YcIamError) as raised:
            ServiceAccountKey.external(**given)
        assert_error(raised.value, case["error"])
        return
    key = ServiceAccountKey.external(**given)
    assert {name: getattr(key, name) for name in case["expect"]} == case["expect"]


@vectors("signing_inputs.json")
def test_signing_input(case):
    session = external_session(key(case["key"]), endpoints(case["endpoints"]))
    step = session.poll(case["now"])
    assert isinstance(step, Perform) and isinstance(step.action, Sign)
    assert step.action.input.decode() == case["signing_input"]


@vectors("jwts.json")
def test_jwt(case):
    signer = key(case["key"])
    arguments = {"now": float(case["now"]), "lifetime": float(case["lifetime"]), "audience": case["audience"]}
    if "error" in case:
        with pytest.raises(YcIamError) as raised:
            signer.sign_jwt(**arguments)
        assert_error(raised.value, case["error"])
        return
    jwt = signer.sign_jwt(**arguments)
    assert part(jwt, 0).decode() == case["header"]
    assert part(jwt, 1).decode() == case["claims"]
    assert len(part(jwt, 2)) == (signer.modulus_bits + 7) // 8


@vectors("requests.json")
def test_request(case):
    session = external_session(key(case["key"]), endpoints(case["endpoints"]))
    request = walk_to_the_exchange(session, key(case["key"]), case["now"], data(case["signature"])).action
    assert_request(request, case["request"])


@vectors("endpoints.json")
def test_endpoints(case):
    if "error" in case:
        with pytest.raises(YcIamError) as raised:
            Endpoints.custom(**case["overrides"])
        assert_error(raised.value, case["error"])
        return
    given = Endpoints.custom(**case["overrides"])
    expected = dict(case["expect"])
    url = expected.pop("url")
    assert {name: getattr(given, name) for name in expected} == expected
    assert given.tokens_url == url
    step = external_session(key("plain"), given).poll(1767225600)
    assert json.loads(part(step.action.input.decode(), 1))["aud"] == expected["audience"]
    request = walk_to_the_exchange(external_session(key("plain"), given), key("plain"), 1767225600).action
    assert request.url == url


@vectors("responses.json")
def test_response(case):
    plain = key("plain")
    session = external_session(plain)
    now = float(case["now"])
    response = Response(case["status"], [tuple(pair) for pair in case["headers"]], data(case["body"]))
    effect = walk_to_the_exchange(session, plain, now)
    session.complete(effect.id, now, response)
    for _ in range(20):
        step = session.poll(now)
        if isinstance(step, Wait):
            now = step.until
        elif isinstance(step, Perform):
            if isinstance(step.action, Request):
                session.complete(step.id, now, response)
            else:
                session.complete_signature(step.id, now, b"\x5a" * 256)
        else:
            break
    if "error" in case:
        assert isinstance(step, Fail)
        assert_error(step.error, case["error"])
        return
    assert isinstance(step, Use)
    assert step.token.value == case["token"]["value"]
    assert same_time(step.token.expires_at, case["token"]["expires_at"])
    assert same_time(step.token.issued_at, case["token"]["issued_at"])


@vectors("refresh.json")
def test_refresh(case):
    for seed in case["seeds"]:
        _, fresh_until = _session_with_token(case, seed)
        assert case["fresh_until_min"] - 0.0005 <= fresh_until <= case["fresh_until_max"] + 0.0005
        checks = [(check["now"], check["state"]) for check in case["checks"]]
        checks.append((fresh_until - 0.001, "fresh"))
        for now, state in checks:
            assert _state(_session_with_token(case, seed)[0], now) == state, (seed, now)
        assert _state(_session_with_token(case, seed)[0], fresh_until) != "fresh"


def _session_with_token(case, seed):
    plain, now = key("plain"), case["issued_at"]
    session = external_session(plain, seed=seed)
    effect = walk_to_the_exchange(session, plain, now)
    body = json.dumps({"iamToken": "t1.refresh", "expiresAt": case["expires_at_text"]}).encode()
    session.complete(effect.id, now, Response(200, {}, body))
    step = session.poll(now)
    assert isinstance(step, Use) and step.token.value == "t1.refresh"
    assert same_time(step.token.expires_at, case["expires_at"])
    return session, step.fresh_until


def _state(session, now):
    if isinstance(session.poll(now), Use):
        return "fresh"
    second = session.poll(now)
    if isinstance(second, Use):
        return "stale"
    assert isinstance(second, Wait) and second.in_flight
    return "expired"


@vectors("redact.json")
def test_redact(case):
    assert redact(case["text"]) == case["redacted"]
