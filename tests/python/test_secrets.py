"""Nothing that is printed shows a key or a token."""

from __future__ import annotations

import json
import logging
import pickle
import traceback

import pytest

from helpers import token_answer
from shared import external_session, file_cases, key, key_text, walk_to_the_exchange
from yc_iam import (
    AsyncCredentials,
    Credentials,
    Endpoints,
    InvalidKeyError,
    Response,
    ServiceAccountKey,
    YcIamError,
    default_transport,
    redact,
)
from yc_iam._core import SubjectToken, Use
from yc_iam.testing import Emulator

TOKEN = "t1.9euelZqTokenOfATest-0123456789.AbCdEf"
PRIVATE_LINES = [
    line for line in json.loads(key_text("plain"))["private_key"].splitlines() if len(line) > 30 and " " not in line
]


def assert_clean(text, *more):
    assert PRIVATE_LINES
    for secret in (*PRIVATE_LINES, TOKEN, *more):
        assert secret not in text


def shown(thing):
    return f"{thing!r} {thing!s} {thing}"


def test_objects():
    plain = key("plain")
    session = external_session(plain)
    effect = walk_to_the_exchange(session, plain, 1767225600)
    jwt = json.loads(effect.action.body)["jwt"]
    response = token_answer(TOKEN)
    session.complete(effect.id, 1767225600, response)
    step = session.poll(1767225600)
    assert isinstance(step, Use) and step.token.value == TOKEN
    credentials = [kind.service_account(plain) for kind in (Credentials, AsyncCredentials)]
    for thing in (plain, session, effect, effect.action, response, step, step.token, *credentials):
        assert_clean(shown(thing), jwt, jwt.split(".")[2])
    assert_clean(f"{step.token}{[step.token]}{ {'a': step.token} }")


OAUTH = "y0_AgAAAAExampleOfNoAccount-0123456789"
JWT = file_cases("subject_tokens.json")[0]["content"]["text"].strip()
ACCOUNT = "ajeb9l33h6mu12345678"


@pytest.mark.parametrize("kind", [Credentials, AsyncCredentials])
def test_other_sources(kind):
    def supplier():
        return JWT

    oauth = kind.oauth(OAUTH)
    given = [
        oauth,
        kind.fixed(TOKEN),
        kind.function({"access_token": TOKEN, "expires_in": 600}),
        kind.workload_identity(ACCOUNT, token=JWT),
        kind.workload_identity(ACCOUNT, token=supplier),
        kind.workload_identity(ACCOUNT, token_url="https://example.org/?s3cret", token_headers={"x": "s3cret"}),
        kind.impersonate(ACCOUNT, oauth),
    ]
    for credentials in given:
        for thing in (credentials, credentials._source, credentials._session):
            assert_clean(shown(thing), OAUTH, JWT, JWT.split(".")[2], "s3cret")
            with pytest.raises(TypeError, match="not pickled"):
                pickle.dumps(thing)
    for subject_token in (SubjectToken.value(JWT), SubjectToken.url("https://example.org/", {"x": "s3cret"})):
        assert_clean(shown(subject_token), JWT, "s3cret")


def test_errors_of_other_sources(monkeypatch):
    def supplier():
        raise RuntimeError(f"{JWT} is no good, nor is {OAUTH}, nor {TOKEN}")

    monkeypatch.setenv("SOME_TOKEN", JWT[:-10] + "!")
    with pytest.raises(YcIamError) as raised:
        Credentials.workload_identity(ACCOUNT, token=supplier).token()
    assert raised.value.__cause__ is None and raised.value.__context__ is None
    errors = [raised]
    for make in (
        lambda: Credentials.oauth(TOKEN),
        lambda: Credentials.fixed(OAUTH),
        lambda: Credentials.function(TOKEN),
        lambda: Credentials.workload_identity(TOKEN, token_file="x"),
        lambda: Credentials.workload_identity(ACCOUNT, token=OAUTH).token(),
        lambda: Credentials.workload_identity(ACCOUNT, token_file=JWT).token(),
        lambda: Credentials.workload_identity(ACCOUNT, token_env=OAUTH).token(),
        lambda: Credentials.workload_identity(ACCOUNT, token=lambda: JWT.encode()).token(),
        lambda: Credentials.workload_identity(ACCOUNT, token_env="SOME_TOKEN").token(),
    ):
        with pytest.raises(YcIamError) as raised:
            make()
        errors.append(raised)
    for raised in errors:
        text = "".join(traceback.format_exception_only(YcIamError, raised.value))
        assert_clean(text + repr(raised.value) + str(vars(raised.value)), OAUTH, JWT, JWT.split(".")[2])


def test_the_emulators_record_of_other_sources(emulator, issuer, account):
    oauth = emulator.create_oauth_token(emulator.create_user("somebody"))
    jwt = issuer.pod_token("default", "app")
    through = Credentials.workload_identity(account, token=jwt, endpoints=emulator.endpoints)
    other = emulator.create_service_account("other")
    emulator.allow_impersonation(account, other)
    made = [through, Credentials.impersonate(other, through), Credentials.oauth(oauth, endpoints=emulator.endpoints)]
    tokens = [credentials.token().value for credentials in made]
    assert len(emulator.requests) == 4
    for received in emulator.requests:
        text = shown(received) + str(received.headers) + received.body + received.verdict + received.target
        assert_clean(text, *tokens, oauth, jwt, jwt.split(".")[2])
    assert_clean(shown(issuer) + shown(issuer._core) + shown(emulator._core))


def test_a_token_has_no_attributes_that_show_it_by_chance():
    session = external_session(key("plain"))
    effect = walk_to_the_exchange(session, key("plain"), 1767225600)
    session.complete(effect.id, 1767225600, token_answer(TOKEN))
    token = session.poll(1767225600).token
    assert not hasattr(token, "__dict__")
    with pytest.raises(TypeError):
        json.dumps(token)
    with pytest.raises(TypeError):
        bytes(token)


def test_errors_about_a_key():
    fields = json.loads(key_text("plain"))
    for broken in (
        {**fields, "id": "ajeanotherkey0000001"},
        {**fields, "private_key": fields["private_key"].replace("PRIVATE", "PUBLIC")},
        {**fields, "private_key": fields["private_key"][:-60]},
        {**fields, "private_key": fields["private_key"].replace("M", "N")},
        {name: value for name, value in fields.items() if name != "id"},
    ):
        for take in (ServiceAccountKey.from_dict, Credentials.service_account):
            with pytest.raises(InvalidKeyError) as raised:
                take(broken)
            assert_clean("".join(traceback.format_exception(InvalidKeyError, raised.value, raised.tb)))
    with pytest.raises(InvalidKeyError) as raised:
        ServiceAccountKey.from_json(key_text("plain").decode().replace("\n", "", 3) + "}")
    assert_clean(str(raised.value) + repr(raised.value))


def test_errors_about_an_exchange(caplog):
    caplog.set_level(logging.DEBUG)
    jwts = []

    def transport(request):
        jwts.append(json.loads(request.body)["jwt"])
        raise RuntimeError(f"could not send {request.body!r} with {request.headers} and {TOKEN}")

    credentials = Credentials.service_account(key("plain"), endpoints=Endpoints.default(), transport=transport)
    with pytest.raises(YcIamError) as raised:
        credentials.token()
    text = "".join(traceback.format_exception(YcIamError, raised.value, raised.tb))
    assert_clean(text + str(vars(raised.value)) + caplog.text, *jwts, *(jwt.split(".")[2] for jwt in jwts))
    assert "redacted" in str(raised.value)
    # What the transport raised, with all that it said, does not hang on the error.
    assert raised.value.__cause__ is None and raised.value.__context__ is None


def test_an_answer_that_repeats_the_request(emulator, key_file_content):
    def transport(request):
        message = json.dumps({"code": 3, "message": f"cannot read {request.body.decode()} or {TOKEN}"})
        return Response(400, {"content-type": "application/json"}, message.encode())

    with pytest.raises(YcIamError) as raised:
        Credentials.service_account(key("plain"), transport=transport, endpoints=Endpoints.default()).token()
    assert_clean(str(raised.value))
    assert "eyJ" not in str(raised.value)


def test_what_the_emulator_shows(private_key):
    with Emulator() as emulator:
        content = emulator.service_account_key(private_key=private_key)
        jwts = []

        def transport(request):
            jwts.append(json.loads(request.body)["jwt"])
            return default_transport(request)

        token = Credentials.service_account(content, endpoints=emulator.endpoints, transport=transport).token()
        for received in emulator.requests:
            text = shown(received) + str(received.headers) + received.body + received.verdict + received.target
            assert_clean(text, token.value, *jwts, jwts[0].split(".")[2])
            assert "redacted" in received.body
        assert_clean(repr(emulator))


def test_redact_keeps_the_rest():
    assert redact(f"before {TOKEN} after") == "before [IAM token redacted] after"
    assert redact("nothing to hide") == "nothing to hide"
