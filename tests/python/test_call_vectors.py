"""The shared vectors and scenes of calls: what a token is used for."""

from __future__ import annotations

import json

import pytest

from shared import ROOT, assert_error, assert_request, data, endpoints, same_time, vectors
from test_transcripts import Stage
from yc_iam import (
    Endpoints,
    FederatedCredential,
    Federation,
    LockboxPayload,
    Operation,
    Page,
    Request,
    Response,
    YcIamError,
)
from yc_iam._core import Authorize, Call, Done, Fail, Perform, Task, Wait

SCENES = sorted((ROOT / "tests" / "calls").glob("*.json"))
TASKS = {
    "federated_credentials_list": "federated_credentials",
    "federated_credentials_list_page": "federated_credentials",
    "federations_list": "federations",
    "federations_list_page": "federations",
}


def task(spec):
    ((kind, of),) = spec.items()
    if "headers" in of:
        of = {**of, "headers": [tuple(pair) for pair in of["headers"]]}
    return getattr(Task, kind)(**of)


def call_of(spec):
    where = endpoints(spec["endpoints"]) if "endpoints" in spec else Endpoints.default()
    entropy = data(spec["entropy"]) if "entropy" in spec else b"\x01" * 16
    return Call(task(spec["task"]), where, spec.get("timeout"), entropy)


@vectors("api_requests.json")
def test_request(case):
    if "error" in case:
        with pytest.raises(YcIamError) as raised:
            task(case["task"])
        assert_error(raised.value, case["error"])
        return
    call = call_of(case)
    step = call.poll(1767225600)
    assert isinstance(step, Authorize) and step.refused is None
    call.authorize("t1.vector")
    step = call.poll(1767225600)
    assert isinstance(step, Perform) and isinstance(step.action, Request)
    assert_request(step.action, case["request"])


@vectors("api_answers.json")
def test_answer(case):
    call, now = call_of(case), case["now"]
    response = Response(case["status"], [tuple(pair) for pair in case["headers"]], data(case["body"]))
    for number in range(400):
        step = call.poll(now)
        if isinstance(step, Authorize):
            call.authorize(f"t1.vector-{number}")
        elif isinstance(step, Perform):
            call.complete(step.id, now, response)
        elif isinstance(step, Wait):
            now = step.until
        else:
            break
    if "error" in case:
        assert isinstance(step, Fail)
        assert_error(step.error, case["error"])
        return
    assert isinstance(step, Done)
    ((kind, _),) = case["task"].items()
    assert_answer(step.answer, case["answer"], kind)


def assert_answer(answer, expected, task):
    """That an answer is what a file expects. `task` says what a list is of."""
    shown = {TASKS.get(task, name): value for name, value in shape(answer).items()}
    assert alike(shown, expected), shown


def shape(answer):
    """An answer as the files have it."""
    if answer is None:
        return {"nothing": True}
    if isinstance(answer, LockboxPayload):
        entries = [{"key": key, "value": answer.bytes(key)} for key in answer.keys()]
        return {"lockbox_payload": {"version_id": answer.version_id, "entries": entries}}
    if isinstance(answer, FederatedCredential):
        return {"federated_credential": vars(answer)}
    if isinstance(answer, Federation):
        return {"federation": vars(answer)}
    if isinstance(answer, Operation):
        error = answer.error and vars(answer.error)
        return {"operation": {**vars(answer), "error": error}}
    if isinstance(answer, str):
        return {"subject": answer}
    if isinstance(answer, Response):
        headers = [list(pair) for pair in answer.headers]
        return {"response": {"status": answer.status, "headers": headers, "body": answer.body}}
    page = answer if isinstance(answer, Page) else Page(answer)
    return {"page": {"items": [vars(item) for item in page.items], "next_page_token": page.next_page_token}}


def alike(given, expected):
    if isinstance(given, bytes):
        return given == data(expected)
    if isinstance(given, float) and isinstance(expected, (int, float)):
        return same_time(given, expected)
    if isinstance(given, dict) and isinstance(expected, dict):
        return set(given) == set(expected) and all(alike(given[name], expected[name]) for name in given)
    if isinstance(given, list) and isinstance(expected, list):
        return len(given) == len(expected) and all(map(alike, given, expected))
    return given == expected


def test_there_are_scenes():
    assert SCENES


@pytest.mark.parametrize("path", SCENES, ids=[path.stem for path in SCENES])
def test_scene(path):
    scene = json.loads(path.read_text("utf-8"))
    stage = CallStage(scene)
    for number, step in enumerate(scene["steps"]):
        try:
            stage.play(step)
        except Exception as error:
            raise AssertionError(f"step {number} of {path.name}: {json.dumps(step)[:300]}") from error


class CallStage(Stage):
    """A scene with a call in place of a session."""

    def __init__(self, scene):
        self.start = scene["start"]
        self.clock = 0
        self.until = None
        self.effects = {}
        self.last = None
        ((self.kind, _),) = scene["task"].items()
        self.session = call_of(scene)

    def play(self, step):
        super().play(step)
        if "authorize" in step:
            self.session.authorize(step["authorize"])

    def poll(self):
        return self.session.poll(self.now)

    def complete(self, name, step):
        # There is no way to report a file to a call.
        if name != "file":
            super().complete(name, step)

    def check(self, step, expected):
        if "authorize" in expected:
            assert isinstance(step, Authorize), step
            assert step.refused == expected["authorize"]["refused"]
            until = expected["authorize"].get("until", step.until - self.start)
            assert step.until - self.start == pytest.approx(until, abs=0.001)
        elif "wait" in expected:
            assert isinstance(step, Wait), step
            super().check(step, {"wait": {**expected["wait"], "in_flight": False}})
        elif "done" in expected:
            assert isinstance(step, Done), step
            assert_answer(step.answer, expected["done"], self.kind)
        else:
            super().check(step, expected)

    @staticmethod
    def check_action(action, expected):
        for name in {"url", "method", "timeout"} & set(expected):
            assert getattr(action, name) == expected[name]
        if "body" in expected:
            assert (action.body and action.body.decode()) == expected["body"]
        for name, value in expected.get("headers", {}).items():
            assert action.headers.get(name) == value
