"""The files of `tests/vectors` and `tests/transcripts`, as tests/README.md describes them, in Python's terms."""

from __future__ import annotations

import base64
import json
import os
from functools import cache
from pathlib import Path

import pytest

from yc_iam import Endpoints, Request, ServiceAccountKey, YcIamError
from yc_iam._core import Perform, Session, Sign, Source, SubjectToken

ROOT = Path(os.environ.get("YC_IAM_ROOT") or Path(__file__).resolve().parents[2])


@cache
def file_cases(name):
    return json.loads((ROOT / "tests" / "vectors" / name).read_text("utf-8"))["cases"]


def vectors(name):
    """One test for each case of a file."""
    cases = file_cases(name)
    assert cases, f"{name} has no cases"
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


def data(spec):
    if "join" in spec:
        return b"".join(map(data, spec["join"]))
    if "base64" in spec:
        return base64.b64decode(spec["base64"])
    if "repeat" in spec:
        return spec["repeat"].encode() * spec["times"]
    return spec["text"].encode()


@cache
def key(name):
    return ServiceAccountKey.from_json(key_text(name))


def key_text(name):
    (case,) = (case for case in file_cases("keys.json") if case["name"] == name)
    return data(case["content"])


def endpoints(spec):
    if spec == "default":
        return Endpoints.default()
    return Endpoints.kazakhstan() if spec == "kazakhstan" else Endpoints.custom(**spec)


def assert_error(error, expected):
    """That an exception is the one that a file expects."""
    assert isinstance(error, YcIamError)
    known = {"code", "fault", "transient", "status", "request_id", "retry_after", "says", "hides"}
    assert set(expected) <= known
    for name in set(expected) - {"says", "hides", "retry_after"}:
        assert getattr(error, name) == expected[name], name
    if "retry_after" in expected:
        assert error.retry_after == pytest.approx(expected["retry_after"], abs=0.0005)
    for text in expected.get("says", ()):
        assert text in str(error)
    for text in expected.get("hides", ()):
        assert text not in str(error) + repr(error) + error.hint


def same_time(given, expected):
    return given == pytest.approx(expected, abs=0.0005, rel=0)


def signature_of(key):
    return b"\x5a" * ((key.modulus_bits + 7) // 8)


def walk_to_the_exchange(session, key, now, signature=None):
    """Has the session's signature made, and gives the effect with the request."""
    step = session.poll(now)
    assert isinstance(step, Perform) and isinstance(step.action, Sign)
    session.complete_signature(step.id, now, signature_of(key) if signature is None else signature)
    step = session.poll(now)
    assert isinstance(step, Perform) and isinstance(step.action, Request)
    return step


def external_session(key, endpoints=None, seed=1):
    return Session(Source.service_account(key, external_signing=True), endpoints or Endpoints.default(), seed)


SOURCES = {
    "key_file": Source.key_file,
    "kubernetes_token": lambda of: Source.kubernetes_token(of["token_file"]),
    "oauth": Source.oauth,
}


def source(spec, environment, now):
    """The source that a file describes."""
    ((kind, of),) = spec.items()
    if kind == "service_account":
        return Source.service_account(key(of), external_signing=True)
    if kind == "workload_identity":
        return Source.workload_identity(of["service_account_id"], subject_token(of, environment))
    if kind == "impersonate":
        return Source.impersonate(of["service_account_id"], source(of["source"], environment, now))
    if kind == "fixed":
        return Source.fixed(of["token"], of.get("expires_at"))
    if kind == "default":
        return Source.default(now, environ=environment, **of)
    if kind == "function":
        return Source.function(of, now)
    return Source.metadata() if kind == "metadata" else SOURCES[kind](of)


def subject_token(spec, environment):
    if "token_file" in spec:
        return SubjectToken.file(spec["token_file"])
    if "token_env" in spec:
        return SubjectToken.variable(spec["token_env"])
    if "token" in spec:
        return SubjectToken.value(spec["token"])
    if "token_url" in spec:
        at = dict(spec["token_url"])
        headers = [tuple(pair) for pair in at.pop("headers", ())]
        return SubjectToken.url(at.pop("url"), headers, **at)
    if "github_actions" in spec:
        return SubjectToken.github_actions(spec["github_actions"].get("audience"), environ=environment)
    assert spec["token_supplier"] is True
    return SubjectToken.supplier()


def form_field(request, name):
    """A field of a form that needs no decoding."""
    fields = dict(field.split("=", 1) for field in (request.body or b"").decode().split("&"))
    return fields.get(name)


def assert_request(request, expected):
    """That a request is the whole one that a file expects."""
    given = (request.method, request.url, request.timeout, request.use_proxy)
    assert given == tuple(expected[name] for name in ("method", "url", "timeout", "use_proxy"))
    assert (None if request.body is None else request.body.decode()) == expected["body"]
    headers = [[name, "yc-iam/*" if value.startswith("yc-iam/") else value] for name, value in request.headers.items()]
    assert headers == _combined(expected["headers"])
    assert request.ca_certificate == expected.get("ca_certificate", request.ca_certificate)


def _combined(headers):
    """Several of one name are one."""
    combined = {}
    for name, value in headers:
        combined[name] = f"{combined[name]}, {value}" if name in combined else value
    return [list(pair) for pair in combined.items()]


def part(jwt, number):
    """A part of a JWT, out of base64url."""
    text = jwt.split(".")[number]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
