"""The shared vectors of the sources: what each does first, what it makes of what it gets."""

from __future__ import annotations

import pytest

from shared import (
    assert_error,
    assert_request,
    data,
    endpoints,
    file_cases,
    form_field,
    same_time,
    source,
    vectors,
)
from yc_iam import Endpoints, Request, Response, YcIamError
from yc_iam._core import Fail, Perform, ReadFile, ReadVariable, Session, Supply, Use, Wait

WORKLOAD = {
    "workload_identity": {"service_account_id": "ajeb9l33h6mu12345678", "token_file": "/var/run/secrets/tokens/sa"}
}


@vectors("sources.json")
def test_source(case):
    try:
        origin = source(case["source"], case["environment"], case["now"])
    except YcIamError as error:
        assert_error(error, case["error"])
        return
    if "choice" in case:
        assert origin.name == case["choice"]
    step = Session(origin, endpoints(case["endpoints"]), 1).poll(case["now"])
    if isinstance(step, Fail):
        assert_error(step.error, case["error"])
    elif isinstance(step, Use):
        assert step.token.value == case["use"]
        assert same_time(step.token.expires_at, case["expires_at"])
    else:
        assert isinstance(step, Perform), step
        if isinstance(step.action, Request):
            assert_request(step.action, case["request"])
        elif isinstance(step.action, ReadFile):
            assert step.action.path == case["read_file"]
        elif isinstance(step.action, ReadVariable):
            assert step.action.name == case["read_variable"]
        else:
            assert isinstance(step.action, Supply) and case["supply"] is True


def with_file(content, now):
    """A session of a workload identity that has read this file, and its next step."""
    session = Session(source(WORKLOAD, {}, now), Endpoints.default(), 1)
    session.complete(session.poll(now).id, now, content)
    return session, session.poll(now)


@vectors("subject_tokens.json")
def test_subject_token(case):
    _, step = with_file(data(case["content"]), case["now"])
    if "error" in case:
        assert isinstance(step, Fail)
        assert_error(step.error, case["error"])
    else:
        assert isinstance(step, Perform)
        assert form_field(step.action, "subject_token") == case["subject_token"]


@vectors("access_tokens.json")
def test_access_token(case):
    now = case["now"]
    content = data(file_cases("subject_tokens.json")[0]["content"])
    response = Response(case["status"], [tuple(pair) for pair in case["headers"]], data(case["body"]))
    session, step = with_file(content, now)
    for _ in range(20):
        if isinstance(step, Wait):
            now = step.until
        elif not isinstance(step, Perform):
            break
        elif isinstance(step.action, Request):
            session.complete(step.id, now, response)
        else:
            session.complete(step.id, now, content)
        step = session.poll(now)
    if "error" in case:
        assert isinstance(step, Fail)
        assert_error(step.error, case["error"])
    else:
        assert isinstance(step, Use)
        assert step.token.value == case["token"]["value"]
        assert same_time(step.token.expires_at, case["token"]["expires_at"])
        assert same_time(step.token.issued_at, case["token"]["issued_at"])


@pytest.mark.parametrize("by", ["mapping", "os.environ"])
@vectors("environments.json")
def test_environment(case, by, monkeypatch):
    environment = case["environment"]
    for name, value in environment.items() if by == "os.environ" else ():
        monkeypatch.setenv(name, value)
    arguments = () if by == "os.environ" else (environment,)
    if "error" in case:
        with pytest.raises(YcIamError) as raised:
            Endpoints.from_env(*arguments)
        assert_error(raised.value, case["error"])
    else:
        found = Endpoints.from_env(*arguments)
        assert {name: getattr(found, name) for name in case["expect"]} == case["expect"]
