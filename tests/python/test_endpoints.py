"""What `Endpoints` offer beyond the shared vectors."""

from __future__ import annotations

import copy
import os
import pickle

import pytest

from yc_iam import ConfigurationError, Credentials, Endpoints, UsageError


def test_replace():
    kazakhstan = Endpoints.kazakhstan()
    changed = kazakhstan.replace(metadata="http://127.0.0.1:8080/")
    assert changed.metadata == "http://127.0.0.1:8080"
    assert (changed.iam, changed.lockbox, changed.audience) == (kazakhstan.iam, kazakhstan.lockbox, kazakhstan.audience)
    assert kazakhstan == Endpoints.kazakhstan() == kazakhstan.replace() != changed
    # The audience goes with the endpoint, unless it was given.
    moved = kazakhstan.replace(iam="https://iam.example.org")
    assert moved.audience == moved.tokens_url == "https://iam.example.org/iam/v1/tokens"
    assert moved.replace(audience="https://audience.example.org/").audience == "https://audience.example.org/"
    with pytest.raises(ConfigurationError):
        kazakhstan.replace(lockbox="http://example.org")
    with pytest.raises(UsageError):
        kazakhstan.replace(audience="")


OWN_AUDIENCE = Endpoints.kazakhstan().replace(lockbox="https://lockbox.example", audience="https://audience.example")


@pytest.mark.parametrize("endpoints", [Endpoints.default(), Endpoints.all_at("http://127.0.0.1:1"), OWN_AUDIENCE])
@pytest.mark.parametrize("duplicate", [lambda it: pickle.loads(pickle.dumps(it)), copy.copy, copy.deepcopy])
def test_they_are_copied_and_pickled(endpoints, duplicate):
    other = duplicate(endpoints)
    assert other == endpoints and hash(other) == hash(endpoints) and repr(other) == repr(endpoints)
    # An audience that was not given goes on to follow the endpoint.
    assert other.replace(iam="https://iam.example") == endpoints.replace(iam="https://iam.example")
    assert {endpoints: 1}[other] == 1


def test_the_environment_is_that_of_python(monkeypatch):
    monkeypatch.setattr(os, "environ", {"YC_ENDPOINT": "api.yandexcloud.kz:443", "YC_METADATA_ADDR": "127.0.0.1:81"})
    assert Endpoints.from_env() == Endpoints.kazakhstan().replace(metadata="http://127.0.0.1:81")
    assert Credentials.metadata()._endpoints == Endpoints.from_env()


@pytest.mark.parametrize("given", ["https://iam.example.org", b"", 7, ["YC_ENDPOINT"]], ids=type)
def test_an_environment_that_is_none(given):
    with pytest.raises(TypeError, match=f"a mapping was expected, not `{type(given).__name__}`"):
        Endpoints.from_env(given)


def test_a_value_that_is_no_text():
    with pytest.raises(ConfigurationError) as raised:
        Endpoints.from_env({"YC_IAM_ENDPOINT": "https://example.org/\udcff"})
    assert raised.value.code == "invalid_endpoint"
