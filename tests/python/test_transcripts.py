"""The shared transcripts: whole sessions, step by step."""

from __future__ import annotations

import json

import pytest

from shared import ROOT, assert_error, data, endpoints, form_field, key, part, same_time, signature_of, source
from yc_iam import Request, Response, YcIamError
from yc_iam._core import Fail, Perform, ReadFile, ReadVariable, Session, Sign, Supply, Use, Wait

ACTIONS = {"http": Request, "sign": Sign, "read_file": ReadFile, "read_variable": ReadVariable, "supply": Supply}
SCENES = sorted((ROOT / "tests" / "transcripts").glob("*.json"))


def test_there_are_scenes():
    assert SCENES


@pytest.mark.parametrize("path", SCENES, ids=[path.stem for path in SCENES])
def test_scene(path):
    scene = json.loads(path.read_text("utf-8"))
    stage = Stage(scene)
    for number, step in enumerate(scene["steps"]):
        try:
            stage.play(step)
        except Exception as error:
            raise AssertionError(f"step {number} of {path.name}: {json.dumps(step)[:300]}") from error


class Stage:
    def __init__(self, scene):
        self.start = scene["start"]
        self.clock = 0
        self.until = None
        self.key = key(scene.get("key", "plain"))
        described = scene.get("source", {"service_account": scene.get("key", "plain")})
        origin = source(described, scene.get("environment", {}), self.start)
        self.session = Session(origin, endpoints(scene.get("endpoints", "default")), scene["seed"])
        self.automatic = scene.get("signing", "automatic") == "automatic"
        self.effects = {}
        self.last = None

    @property
    def now(self):
        return self.start + self.clock

    def play(self, step):
        if "at" in step:
            self.clock = self.until if step["at"] == "until" else step["at"]
        if "after" in step:
            self.clock += step["after"]
        action = {"poll", "respond", "sign", "file", "break", "invalidate"} & set(step)
        assert len(action) <= 1
        for name in action:
            if name == "poll":
                self.check(self.poll(), step["poll"])
            elif name == "invalidate":
                assert self.session.invalidate(step["invalidate"]) is step["dropped"]
            else:
                self.complete(name, step)

    def poll(self):
        step = self.session.poll(self.now)
        if self.automatic and isinstance(step, Perform) and isinstance(step.action, Sign):
            self.session.complete_signature(step.id, self.now, signature_of(self.key))
            step = self.session.poll(self.now)
        return step

    def complete(self, name, step):
        effect = step.get("effect", self.last)
        effect = self.effects[effect] if isinstance(effect, str) else effect
        if "raises" in step:
            with pytest.raises(YcIamError) as raised:
                self.report(name, effect, step[name])
            assert_error(raised.value, step["raises"])
        else:
            self.report(name, effect, step[name])

    def report(self, name, effect, outcome):
        if name == "respond":
            headers = [tuple(pair) for pair in outcome.get("headers", ())]
            response = Response(outcome["status"], headers, data(outcome.get("body", {"text": ""})))
            self.session.complete(effect, self.now, response)
        elif name == "sign":
            self.session.complete_signature(effect, self.now, data(outcome))
        elif name == "file":
            self.session.complete(effect, self.now, data(outcome))
        else:
            self.session.complete(effect, self.now, (outcome["kind"], outcome["detail"]))

    def check(self, step, expected):
        if "use" in expected:
            assert isinstance(step, Use), step
            assert step.token.value == expected["use"]
            if "expires_at" in expected:
                assert same_time(step.token.expires_at - self.start, expected["expires_at"])
            if "issued_at" in expected:
                assert same_time(step.token.issued_at - self.start, expected["issued_at"])
            self.check_range(step.fresh_until - self.start, expected, "fresh_until")
        elif "perform" in expected:
            assert isinstance(step, Perform), step
            assert isinstance(step.action, ACTIONS[expected["perform"]]), step.action
            self.check_action(step.action, expected)
            self.last = step.id
            if "as" in expected:
                self.effects[expected["as"]] = step.id
            if "iat" in expected:
                self.check_issued(step.action, expected["iat"])
        elif "wait" in expected:
            assert isinstance(step, Wait), step
            self.until = step.until - self.start
            assert step.in_flight is expected["wait"]["in_flight"]
            if "until" in expected["wait"]:
                assert same_time(self.until, expected["wait"]["until"])
            self.check_range(self.until, expected["wait"], "until")
        else:
            assert isinstance(step, Fail), step
            assert_error(step.error, expected["fail"])

    @staticmethod
    def check_action(action, expected):
        if "path" in expected:
            assert (action.path if isinstance(action, ReadFile) else action.name) == expected["path"]
        if "subject_token" in expected:
            assert form_field(action, "subject_token") == expected["subject_token"]
        for name in {"url", "timeout"} & set(expected):
            assert getattr(action, name) == expected[name]

    def check_issued(self, action, expected):
        jwt = action.input.decode() if isinstance(action, Sign) else json.loads(action.body)["jwt"]
        assert json.loads(part(jwt, 1))["iat"] - self.start == expected

    @staticmethod
    def check_range(value, expected, name):
        least, most = (expected.get(f"{name}_{end}", value) for end in ("min", "max"))
        assert least - 0.0005 <= value <= most + 0.0005
