"""What a token is used for, over real HTTP, for both kinds of credentials: Lockbox, federations, operations."""

from __future__ import annotations

import json
import time

import pytest

from helpers import result
from servers import Server
from services import CREDENTIAL, FEDERATION, SECRET, fixed, header, lines, running, serving
from yc_iam import (
    FederatedCredential,
    Federation,
    LockboxPayload,
    NetworkError,
    Operation,
    OperationError,
    Page,
    RemoteError,
    UsageError,
    YcIamError,
)


def test_a_secret(kind):
    with serving(SECRET) as server:
        payload = result(fixed(kind, server).lockbox.get("e6qs", version_id="e6qv"))
        assert lines(server) == ["GET /lockbox/v1/secrets/e6qs/payload?versionId=e6qv"]
        assert header(server.received[0], "authorization") == "Bearer t1.fixed"
        assert payload == result(fixed(kind, server).lockbox.get("e6qs"))
    assert isinstance(payload, LockboxPayload)
    assert (payload.version_id, payload.keys()) == ("e6qv", ["user", "blob"])
    assert (payload.text("user"), payload.bytes("user"), payload.bytes("blob")) == ("ann", b"ann", b"\xff\0")
    assert repr(payload) == "LockboxPayload(version_id='e6qv', keys=['user', 'blob'])"
    with pytest.raises(UsageError, match="it has `user`, `blob`"):
        payload.text("password")
    with pytest.raises(UsageError, match="not text"):
        payload.text("blob")


def test_a_secret_by_its_name(kind):
    named = {"entries": {"user": "YW5u"}, "versionId": "e6qv"}
    with serving(named) as server:
        payload = result(fixed(kind, server).lockbox.get_by_name("b1gf1", "db"))
        (line,) = lines(server)
    assert line == "GET /lockbox/v1/secrets:getEx?folderAndName.folderId=b1gf1&folderAndName.secretName=db"
    assert payload.text("user") == "ann"


def test_federated_credentials(kind):
    done = running(done=True, response=CREDENTIAL)
    page = {"federatedCredentials": [CREDENTIAL], "nextPageToken": "more"}
    last = {"federatedCredentials": [CREDENTIAL | {"id": "ajec2"}]}
    with serving(running(), done, CREDENTIAL, page, last, page, done) as server:
        its = fixed(kind, server).federated_credentials
        subject = "system:serviceaccount:default:app"
        made = result(its.create("ajes1", "ajef1", subject))
        assert made == FederatedCredential("ajec1", "ajes1", "ajef1", subject, 1767323045.5)
        assert result(its.get("ajec1")) == made
        assert [item.id for item in result(its.list("ajes1"))] == ["ajec1", "ajec2"]
        assert result(its.list_page("ajes1", page_size=1, page_token="t")) == Page([made], "more")
        assert result(its.delete("ajec1")) is None
        path = "/iam/v1/workload/federatedCredentials"
        assert lines(server) == [
            f"POST {path}",
            "GET /operations/ajeo1",
            f"GET {path}/ajec1",
            f"GET {path}?serviceAccountId=ajes1&pageSize=1000",
            f"GET {path}?serviceAccountId=ajes1&pageSize=1000&pageToken=more",
            f"GET {path}?serviceAccountId=ajes1&pageSize=1&pageToken=t",
            f"DELETE {path}/ajec1",
        ]
        sent = {"serviceAccountId": "ajes1", "federationId": "ajef1", "externalSubjectId": subject}
        assert json.loads(server.bodies[0]) == sent


def test_federations(kind):
    done = running(done=True, response=FEDERATION)
    with serving(done, FEDERATION, {"federations": [FEDERATION]}, {"federations": []}, done, done) as server:
        its = fixed(kind, server).federations
        expected = Federation(
            id="ajef1",
            folder_id="b1gf1",
            name="ci",
            issuer="https://issuer.example",
            audiences=["a", "b"],
            jwks_url="https://issuer.example/keys",
            labels={"env": "test"},
        )
        fields = {"name": "ci", "audiences": ("a", "b"), "jwks_url": "https://issuer.example/keys"}
        assert (
            result(its.create("b1gf1", issuer="https://issuer.example", labels={"env": "test"}, **fields)) == expected
        )
        assert result(its.get("ajef1")) == expected
        assert result(its.list("b1gf1")) == [expected]
        assert result(its.list_page("b1gf1")) == Page([])
        assert result(its.update("ajef1", disabled=True, description="", labels={})) == expected
        assert result(its.delete("ajef1")) is None
        assert lines(server)[4:] == [
            f"{method} /iam/v1/workload/oidc/federations/ajef1" for method in ("PATCH", "DELETE")
        ]
        update = json.loads(server.bodies[4])
    assert sorted(update.pop("updateMask").split(",")) == ["description", "disabled", "labels"]
    assert update == {"disabled": True, "description": "", "labels": {}}


def test_operations(kind):
    error = {"code": 7, "message": "no", "details": [{"a": 1}]}
    with serving(running(), running(), running(done=True, response={"x": 1}), running(error=error)) as server:
        its = fixed(kind, server).operations
        operation = result(its.get("ajeo1"))
        assert operation == Operation("ajeo1", metadata={"federationId": "ajef1"})
        operation = result(its.wait("ajeo1"))
        assert (operation.done, operation.response) == (True, {"x": 1})
        assert "'x'" not in repr(operation)
        assert result(its.get("ajeo1")).error == OperationError(7, "no", [{"a": 1}])
        with pytest.raises(RemoteError) as raised:
            result(its.wait("ajeo1"))
        assert raised.value.code == "operation_failed"


def test_an_operation_that_takes_too_long(kind):
    with serving(running()) as server:
        begin = time.monotonic()
        with pytest.raises(YcIamError) as raised:
            result(fixed(kind, server).operations.wait("ajeo1", timeout=0.3))
        assert time.monotonic() - begin < 5
    assert raised.value.code == "operation_unfinished"


def test_a_service_that_says_nothing(kind):
    with Server(lambda server, _: server.stopping.wait(10)) as server:
        with pytest.raises(NetworkError) as raised:
            result(fixed(kind, server).lockbox.get("e6qs", timeout=0.3))
        assert raised.value.code == "timeout"


def test_new_tries_have_the_same_idempotency_key(kind):
    busy = (503, {"code": 14, "message": "busy"})
    done = running(done=True, response={})
    with serving(busy, done, done) as server:
        its = fixed(kind, server).federations
        result(its.delete("ajef1"))
        result(its.delete("ajef1"))
        keys = [header(head, "idempotency-key") for head in server.received]
    assert keys[0] == keys[1] != keys[2]
