"""The errors as Python's own: classes, codes, attributes."""

from __future__ import annotations

import contextlib
import gc
import pickle
import subprocess
import sys
import typing
import weakref

import pytest

import yc_iam
from helpers import result, token_of
from yc_iam import Endpoints, ServiceAccountKey, YcIamError, error_codes
from yc_iam._core import Session, Source
from yc_iam.errors import _BY_FAULT
from yc_iam.types import ErrorCode, FailureKind, Fault

CODES = [code for code, *_ in error_codes()]


def test_the_annotations_name_exactly_the_cores_codes():
    assert list(typing.get_args(ErrorCode)) == CODES


def test_every_code_says_what_it_means():
    for code, fault, transient, description in error_codes():
        assert fault in typing.get_args(Fault)
        assert isinstance(transient, bool)
        assert description.endswith("."), code


def test_each_fault_has_a_class():
    assert set(_BY_FAULT) == set(typing.get_args(Fault)) == {fault for _, fault, *_ in error_codes()}
    for error in _BY_FAULT.values():
        assert issubclass(error, YcIamError)
        assert getattr(yc_iam, error.__name__) is error


def test_every_kind_of_failure_is_known():
    from shared import external_session, key

    session = external_session(key("plain"))
    step = session.poll(0)
    for kind in typing.get_args(FailureKind):
        session.complete(step.id, 0, (kind, ""))
    with pytest.raises(yc_iam.UsageError):
        session.complete(step.id, 0, ("another", ""))


def test_attributes():
    with pytest.raises(yc_iam.InvalidKeyError) as raised:
        ServiceAccountKey.from_json("")
    error = raised.value
    assert (error.code, error.fault, error.transient) == ("empty_key", "key", False)
    assert error.hint and error.hint in str(error)
    assert (error.status, error.request_id, error.retry_after) == (None, None, None)


def test_the_core_sets_what_the_constructor_sets():
    with pytest.raises(YcIamError) as raised:
        ServiceAccountKey.from_json("")
    error = raised.value
    by_hand = type(error)(str(error), code=error.code, fault=error.fault, transient=error.transient, hint=error.hint)
    assert (vars(error), error.args) == (vars(by_hand), by_hand.args)


def test_no_line_of_python_runs_below_the_core():
    """A daemon thread that is in one when the interpreter ends would take the process down."""
    ran = []

    def note(frame, event, _):
        if event == "call":
            ran.append(frame.f_code.co_name)

    fixed, endpoints = Source.fixed("t1.fixed", 1.0), Endpoints.default()
    session = Session(fixed, endpoints, 1)
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        ServiceAccountKey.from_json("")
    except YcIamError:
        session.poll(2.0)
    finally:
        sys.setprofile(before)
    assert ran == []


def test_a_package_that_is_imported_anew_knows_its_errors():
    """As test runners do, and notebooks that reload."""
    script = """
import sys
import yc_iam
for time in range(2):
    try:
        yc_iam.ServiceAccountKey.from_json("")
    except yc_iam.YcIamError as error:
        assert isinstance(error, yc_iam.InvalidKeyError)
    for name in [each for each in sys.modules if each.partition(".")[0] == "yc_iam"]:
        del sys.modules[name]
    import yc_iam
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_errors_are_pickled_whole():
    with pytest.raises(yc_iam.ConfigurationError) as raised:
        Endpoints.custom(iam="http://example.org")
    copy = pickle.loads(pickle.dumps(raised.value))
    assert type(copy) is type(raised.value)
    assert str(copy) == str(raised.value)
    assert vars(copy) == vars(raised.value)


@pytest.mark.parametrize(
    "ask",
    [token_of, lambda credentials: result(credentials.operations.get("ajeo1"))],
    ids=["token", "call"],
)
def test_a_failure_keeps_no_credentials(kind, ask):
    """Neither the error nor the frames that it went through outlive it."""
    credentials = kind.fixed("t1.fixed", expires_at=1.0)
    reference = weakref.ref(credentials)
    with contextlib.suppress(YcIamError):
        ask(credentials)
        raise AssertionError("the token has ended")
    del credentials
    gc.collect()
    assert reference() is None


def test_a_failure_of_a_session_is_no_circle_for_ever():
    """Also where whoever raises the error keeps the step that held it."""

    def fail():
        step = Session(Source.fixed("t1.fixed", 1.0), Endpoints.default(), 1).poll(2.0)
        raise step.error

    def known():
        gc.collect()
        return sum(isinstance(each, YcIamError) for each in gc.get_objects())

    before = known()
    with contextlib.suppress(YcIamError):
        fail()
    assert known() == before
