"""A key, from each place that it can come from."""

from __future__ import annotations

import base64
import copy
import json
import os
import pickle
import time
from pathlib import Path
from types import MappingProxyType

import pytest

from shared import key, key_text, part
from yc_iam import ConfigurationError, Credentials, InvalidKeyError, ServiceAccountKey, UsageError, YcIamError

TEXT = key_text("plain").decode()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "key.json"
    path.write_text(TEXT)
    return path


def test_from_file(path):
    assert ServiceAccountKey.from_file(path).id == key("plain").id
    assert ServiceAccountKey.from_file(str(path)).id == key("plain").id


def test_a_file_without_end(path):
    """Others are not read to their end: /dev/zero has none."""
    credentials = [
        lambda: Credentials.service_account(path),
        lambda: ServiceAccountKey.from_file(path),
        lambda: Credentials.workload_identity("ajeb9l33h6mu12345678", token_file=path).token(),
    ]
    for take in credentials:
        os.truncate(path, 4 * 1024 * 1024)
        with pytest.raises(YcIamError, match=r"^(?!.*more than 4 MiB)"):
            take()
        os.truncate(path, 4 * 1024 * 1024 + 1)
        with pytest.raises(ConfigurationError, match="more than 4 MiB") as raised:
            take()
        assert raised.value.code == "unreadable_file"


@pytest.mark.parametrize(
    "content",
    [TEXT, TEXT.encode(), bytearray(TEXT.encode()), base64.b64encode(TEXT.encode())],
    ids=["str", "bytes", "bytearray", "base64"],
)
def test_from_json(content):
    assert ServiceAccountKey.from_json(content).id == key("plain").id


def test_from_dict():
    mapping = json.loads(TEXT)
    assert ServiceAccountKey.from_dict(mapping).id == key("plain").id
    assert ServiceAccountKey.from_dict(MappingProxyType(mapping)).id == key("plain").id
    del mapping["private_key"]
    with pytest.raises(InvalidKeyError) as raised:
        ServiceAccountKey.from_dict(mapping)
    assert raised.value.code == "missing_field"


@pytest.mark.parametrize("given", [7, None, [1], object()], ids=type)
def test_wrong_types(given):
    for take in (
        ServiceAccountKey.from_json,
        ServiceAccountKey.from_dict,
        ServiceAccountKey.from_any,
        ServiceAccountKey.from_file,
        Credentials.service_account,
    ):
        with pytest.raises(TypeError):
            take(given)


@pytest.mark.parametrize("given", [TEXT, "", b"", Path("key.json"), [("id", "aje")]], ids=type)
def test_no_mapping(given):
    with pytest.raises(TypeError, match=f"a mapping was expected, not `{type(given).__name__}`"):
        ServiceAccountKey.from_dict(given)


def test_credentials_take_what_a_key_can_be(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    encoded = base64.b64encode(TEXT.encode())
    account = key("plain").service_account_id
    for given in [
        key("plain"),
        path,
        str(path),
        "key.json",
        Path("key.json"),
        TEXT,
        "\ufeff \n" + TEXT,
        TEXT.encode(),
        encoded,
        encoded.decode(),
        json.loads(TEXT),
    ]:
        assert account in repr(Credentials.service_account(given))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("no-such-file.json", "unreadable_file"),
        ("no/such/file", "unreadable_file"),
        (Path("/no/such/file"), "unreadable_file"),
        ("/", "unreadable_file"),
        ("", "empty_key"),
        ("{", "invalid_json"),
        ("y0_AgAAAAExampleOfNoService0123456789", "oauth_token_given"),
        ("AQVNExampleOfNoService0123456789abcdef", "api_key_given"),
        ("t1.9euelZqExampleTokenOfNoService.AbCdEf", "iam_token_given"),
        (b"no/such/file.json", "path_given"),
        (b"/no/such/file.json", "path_given"),
    ],
)
def test_something_else(given, code):
    with pytest.raises(YcIamError) as raised:
        Credentials.service_account(given)
    assert raised.value.code == code
    if code == "unreadable_file":
        assert isinstance(raised.value, ConfigurationError)
        assert str(given) in str(raised.value)


def test_content_in_place_of_a_path_is_not_quoted():
    # The second is longer than a file's name may be, and the third is broken.
    for content in (TEXT, base64.b64encode(TEXT.encode()).decode(), base64.b64encode(TEXT.encode()).decode()[7:]):
        with pytest.raises(YcIamError) as raised:
            ServiceAccountKey.from_file(content)
        assert content[:40] not in str(raised.value)
        assert content[-40:] not in str(raised.value)
        assert raised.value.code in {"unreadable_file", "invalid_json"}


def test_attributes():
    plain = key("plain")
    assert plain.id == "ajeexamplekey0000001"
    assert plain.service_account_id == "ajeexampleaccount001"
    assert plain.created_at == "2026-01-15T09:30:00.123456789Z"
    assert plain.modulus_bits == 2048
    with pytest.raises(AttributeError):
        plain.id = "other"


def test_the_default_time_is_pythons(monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1767225600.9)
    claims = json.loads(part(key("plain").sign_jwt(lifetime=60), 1))
    assert (claims["iat"], claims["exp"]) == (1767225600, 1767225660)


@pytest.mark.parametrize("lifetime", [0, 3601, 1.5, float("nan"), -1, 1e300])
def test_lifetime(lifetime):
    with pytest.raises(UsageError) as raised:
        key("plain").sign_jwt(lifetime=lifetime)
    assert raised.value.code == "invalid_lifetime"


def test_wrong_argument_types():
    with pytest.raises(TypeError):
        key("plain").sign_jwt(now="2026-01-01")
    with pytest.raises(TypeError):
        key("plain").sign_jwt(audience=7)


@pytest.mark.parametrize("duplicate", [pickle.dumps, copy.copy, copy.deepcopy])
def test_not_duplicated(duplicate):
    with pytest.raises(TypeError, match="holds a secret"):
        duplicate(key("plain"))
    with pytest.raises(TypeError, match="holds a secret"):
        duplicate(Credentials.service_account(key("plain")))
