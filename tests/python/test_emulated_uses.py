"""What a token is used for, against the emulator: from nothing to a secret."""

from __future__ import annotations

import json

import pytest

from helpers import result
from yc_iam import RemoteError, UsageError
from yc_iam.testing import Emulator, Issuer

FOLDER = "b1gfolder"


@pytest.fixture
def credentials(kind, emulator, key_file_content):
    return kind.service_account(key_file_content, endpoints=emulator.endpoints)


@pytest.fixture
def account_id(key_file_content):
    return json.loads(key_file_content)["service_account_id"]


def test_a_secret_takes_a_role(emulator, credentials, account_id):
    secret = emulator.create_secret(FOLDER, "db", {"password": "p4ss", "key": b"\xff\0"})
    with pytest.raises(RemoteError) as raised:
        result(credentials.lockbox.get(secret))
    assert raised.value.code == "permission_denied"
    emulator.add_access_binding(secret, "lockbox.payloadViewer", account_id)
    first = result(credentials.lockbox.get(secret))
    assert (first.text("password"), first.bytes("key")) == ("p4ss", b"\xff\0")
    version = emulator.add_secret_version(secret, {"password": "other"})
    second = result(credentials.lockbox.get_by_name(FOLDER, "db"))
    assert (second.version_id, second.text("password")) == (version, "other")
    assert result(credentials.lockbox.get(secret, version_id=first.version_id)) == first
    assert emulator.set_secret_active(secret, False) is True
    with pytest.raises(RemoteError):
        result(credentials.lockbox.get(secret))
    assert emulator.delete_secret(secret) is True and emulator.delete_secret(secret) is False
    assert emulator.remove_access_binding(secret, "lockbox.payloadViewer", account_id) is True
    with pytest.raises(RemoteError) as raised:
        result(credentials.lockbox.get(secret))
    assert raised.value.code == "not_found"
    with pytest.raises(UsageError):
        emulator.create_secret(FOLDER, "db", {"a b": "x"})
    assert "p4ss" not in repr(emulator.requests)


def test_from_a_federation_to_a_pod_with_a_token(kind, emulator, credentials, account_id, private_key, tmp_path):
    issuer = Issuer(private_key=private_key)
    emulator.publish(issuer)
    federation = result(
        credentials.federations.create(
            FOLDER, name="cluster", issuer=issuer.url, audiences=[issuer.url], jwks_url=issuer.jwks_url
        )
    )
    assert result(credentials.federations.list(FOLDER)) == [federation]
    made = result(
        credentials.federated_credentials.create(account_id, federation.id, "system:serviceaccount:default:app")
    )
    assert result(credentials.federated_credentials.list(account_id)) == [made]
    file = issuer.token_file(tmp_path / "token", "default", "app")
    pod = kind.workload_identity(account_id, token_file=file.path, endpoints=emulator.endpoints)
    assert result(pod.token())
    changed = result(credentials.federations.update(federation.id, disabled=True, labels={"a": "b"}))
    assert (changed.disabled, changed.labels, changed.name) == (True, {"a": "b"}, "cluster")
    result(credentials.federated_credentials.delete(made.id))
    assert result(credentials.federated_credentials.list(account_id)) == []
    result(credentials.federations.delete(federation.id))
    with pytest.raises(RemoteError) as raised:
        result(credentials.federations.get(federation.id))
    assert raised.value.code == "not_found"


def test_an_operation_that_fails(emulator, credentials):
    emulator.order_operation_failure(8, "too many", details=[{"@type": "a"}], detected_early=True)
    with pytest.raises(RemoteError) as raised:
        result(
            credentials.federations.create(
                FOLDER, name="ci", issuer="https://a.example", audiences=["x"], jwks_url="https://a.example/k"
            )
        )
    assert raised.value.code == "operation_failed" and "too many" in str(raised.value)
    with pytest.raises(UsageError):
        emulator.order_operation_failure(0, "no")


def test_a_token_that_the_service_ended(emulator, credentials):
    secret = emulator.create_secret(FOLDER, "db", {})
    token = result(credentials.token())
    emulator.revoke_token(token)
    with pytest.raises(RemoteError) as raised:
        result(credentials.lockbox.get(secret))
    # The second token is good, and has no role.
    assert raised.value.code == "permission_denied"
    assert emulator.tokens_issued == 2


def test_revoking(emulator, credentials, account_id):
    token = result(credentials.token())
    assert result(credentials.revoke(token)) == account_id
    assert result(credentials.token()) != token
    answer = result(credentials.request("GET", f"{emulator.url}/emulator/whoami"))
    assert json.loads(answer.body) == {"subjectId": account_id}


def test_strict_access_and_quick_operations(kind, private_key):
    with Emulator(strict_access=True, operation_polls=0) as emulator:
        content = emulator.service_account_key(private_key=private_key)
        credentials = kind.service_account(content, endpoints=emulator.endpoints)
        with pytest.raises(RemoteError) as raised:
            result(credentials.federations.list(FOLDER))
        assert raised.value.code == "permission_denied"
        account = json.loads(content)["service_account_id"]
        emulator.add_access_binding(FOLDER, "iam.workloadIdentityFederations.editor", account)
        made = result(
            credentials.federations.create(
                FOLDER, name="ci", issuer="https://a.example", audiences=["x"], jwks_url="https://a.example/k"
            )
        )
        assert [item.id for item in result(credentials.federations.list(FOLDER))] == [made.id]
        assert not [received for received in emulator.requests if received.target.startswith("/operations/")]
