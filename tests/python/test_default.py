"""Credentials by the environment."""

from __future__ import annotations

import pytest

from helpers import token_of, whose
from test_sources import closed_url
from yc_iam import ConfigurationError, InvalidKeyError


@pytest.fixture(autouse=True)
def here(emulator, monkeypatch):
    monkeypatch.setenv("YC_IAM_ENDPOINT", emulator.url)
    return emulator


@pytest.fixture
def values(emulator, key_file_content, issuer, account, tmp_path):
    """What a user may have in a variable."""
    path = tmp_path / "key.json"
    path.write_text(key_file_content)
    issuer.token_file(tmp_path / "token", "default", "app")
    user = emulator.create_user("somebody")
    return {
        "key file": str(path),
        "key": key_file_content,
        "oauth": emulator.create_oauth_token(user),
        "token file": str(tmp_path / "token"),
        "account": account,
        "yes": "1",
    }


@pytest.mark.parametrize(
    ("environment", "choice"),
    [
        ({"YC_SERVICE_ACCOUNT_KEY_FILE": "key file"}, "`YC_SERVICE_ACCOUNT_KEY_FILE`"),
        ({"YC_SERVICE_ACCOUNT_KEY_FILE": "key"}, "`YC_SERVICE_ACCOUNT_KEY_FILE`"),
        ({"YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS": "key file"}, "`YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS`"),
        ({"YDB_SERVICE_ACCOUNT_KEY_CREDENTIALS": "key"}, "`YDB_SERVICE_ACCOUNT_KEY_CREDENTIALS`"),
        ({"YC_TOKEN": "oauth"}, "`YC_TOKEN`"),
        ({"YC_OAUTH_TOKEN": "oauth"}, "`YC_OAUTH_TOKEN`"),
        (
            {"YC_WORKLOAD_IDENTITY_TOKEN_FILE": "token file", "YC_SERVICE_ACCOUNT_ID": "account"},
            "`YC_WORKLOAD_IDENTITY_TOKEN_FILE`",
        ),
        ({"YDB_METADATA_CREDENTIALS": "yes"}, "metadata"),
        ({}, "metadata"),
        ({"YC_OAUTH_TOKEN": "oauth", "YC_SERVICE_ACCOUNT_KEY_FILE": "key file"}, "`YC_SERVICE_ACCOUNT_KEY_FILE`"),
    ],
    ids=str,
)
def test_the_environment_chooses(emulator, kind, values, monkeypatch, environment, choice):
    emulator.attach_service_account(values["account"])
    for name, value in environment.items():
        monkeypatch.setenv(name, values[value])
    credentials = kind.default()
    assert repr(credentials) == f"<{kind.__name__} of {choice}>"
    assert whose(emulator, credentials)


def test_an_iam_token(emulator, kind, key_file_content, monkeypatch):
    value = token_of(kind.service_account(key_file_content)).value
    for name in ("YC_IAM_TOKEN", "YC_TOKEN", "YDB_ACCESS_TOKEN_CREDENTIALS"):
        monkeypatch.setenv(name, value)
        assert token_of(kind.default()).value == value
        monkeypatch.delenv(name)


def test_the_environment_is_looked_at_once(emulator, kind, values, monkeypatch):
    monkeypatch.setenv("YC_OAUTH_TOKEN", values["oauth"])
    through = kind.default()
    monkeypatch.delenv("YC_OAUTH_TOKEN")
    user = whose(emulator, through)
    emulator.allow_impersonation(user, values["account"])
    assert whose(emulator, kind.impersonate(values["account"], through)) == values["account"]


def test_nothing(emulator, kind, monkeypatch):
    with pytest.raises(ConfigurationError) as raised:
        kind.default(probe_metadata=False)
    assert raised.value.code == "no_credentials"
    for name in ("YC_SERVICE_ACCOUNT_KEY_FILE", "YC_TOKEN", "YC_WORKLOAD_IDENTITY_TOKEN_FILE"):
        assert f"`{name}` is not set" in str(raised.value)
    assert "not to be probed" in str(raised.value)
    monkeypatch.setenv("YC_TOKEN", " ")
    for address, reason in ((emulator.url, "no service account is attached"), (closed_url(), "does not answer")):
        monkeypatch.setenv("YC_IAM_ENDPOINT", address)
        with pytest.raises(ConfigurationError) as raised:
            token_of(kind.default())
        assert raised.value.code == "no_credentials"
        assert "`YC_TOKEN` is empty" in str(raised.value) and reason in str(raised.value)


def test_what_is_set_is_not_passed_over(kind, monkeypatch, tmp_path):
    monkeypatch.setenv("YC_OAUTH_TOKEN", "t1.not-an-oauth-token")
    with pytest.raises(ConfigurationError, match="`YC_OAUTH_TOKEN`"):
        kind.default()
    monkeypatch.setenv("YC_SERVICE_ACCOUNT_KEY_FILE", '{"id": 1}')
    with pytest.raises(InvalidKeyError, match="`YC_SERVICE_ACCOUNT_KEY_FILE`"):
        kind.default()
    monkeypatch.setenv("YC_SERVICE_ACCOUNT_KEY_FILE", str(tmp_path / "none.json"))
    with pytest.raises(ConfigurationError, match=r"none\.json") as raised:
        token_of(kind.default())
    assert raised.value.code == "unreadable_file"
