"""The shared vectors of Kubernetes."""

from __future__ import annotations

import json

import pytest

from shared import assert_error, assert_request, data, part, vectors
from yc_iam import Endpoints, YcIamError, _core
from yc_iam._core import Fail, Session, Source
from yc_iam.kubernetes import ExecPlugin, ServiceAccountSecret, exec_credential, kubeconfig


def token(value, expires_at=None):
    """A token as the library hands one out: for any other it raises."""
    if value.count(".") == 2:
        claims = json.loads(part(value, 1))
        session = Session(Source.kubernetes_token("token"), Endpoints.default(), 1)
        session.complete(session.poll(claims["iat"]).id, claims["iat"], value.encode())
        step = session.poll(claims["iat"])
    else:
        step = Session(Source.fixed(value, expires_at), Endpoints.default(), 1).poll((expires_at or 3600) - 3600)
    if isinstance(step, Fail):
        raise step.error
    return step.token


def checked(case, work):
    """What the work gives, if no error is expected."""
    if "error" not in case:
        return work()
    with pytest.raises(YcIamError) as raised:
        work()
    assert_error(raised.value, case["error"])
    return None


def cluster(case):
    read = iter([case["ca_certificate"], case["namespace"]])

    def file(_):
        content = next(read)
        return (content["break"]["kind"], content["break"]["detail"]) if "break" in content else data(content)

    return _core.Cluster(file, case["directory"], case["environment"])


@vectors("in_cluster.json")
def test_in_cluster(case):
    if case["name"].startswith("call_bad_token"):
        return  # Nobody gets hold of a `Token` like that.

    def work():
        made = cluster(case)
        if "call" not in case:
            return made
        call = case["call"]
        body = call["body"] and (call["body"]["content_type"], call["body"]["content"])
        return made.request(call["method"], call["path"], token(call["token"]), body)

    made = checked(case, work)
    if "request" in case:
        assert_request(made, case["request"])
    elif made is not None:
        assert {name: getattr(made, name) for name in case["expect"]} == case["expect"]


def user(spec):
    if "yc_iam" in spec:
        return {"plugin": ExecPlugin.yc_iam(*spec["yc_iam"])}
    if "exec" in spec:
        of = dict(spec["exec"])
        of["env"] = dict(of.get("env", ()))
        return {"plugin": ExecPlugin(of.pop("command"), of.pop("args", ()), **of)}
    return spec


@vectors("kubeconfigs.json")
def test_kubeconfig(case):
    def make(**more):
        proof = user(case["user"])
        authority = case["ca_certificate"] and data(case["ca_certificate"]).decode()
        return kubeconfig(case["server"], ca_certificate=authority, **case["names"], **proof, **more)

    existing = {"existing": data(case["existing"]).decode()} if "existing" in case else {}
    made = checked(case, lambda: make(**existing))
    if made is not None:
        assert made == case["yaml"]
        if "json" in case:
            assert json.loads(make(format="json")) == case["json"]


@vectors("kubernetes_secrets.json")
def test_secret(case):
    made = checked(case, lambda: ServiceAccountSecret.parse(data(case["content"])))
    if made is not None:
        assert {name: getattr(made, name) for name in case["expect"]} == case["expect"]
        assert made.token not in repr(made)


@vectors("exec_credentials.json")
def test_exec_credential(case):
    if case["name"].startswith("bad_token") and case["name"] != "bad_token_in_the_version":
        return  # As above.
    environ = {} if case["exec_info"] is None else {"KUBERNETES_EXEC_INFO": data(case["exec_info"]).decode()}
    end = case["token"]["expires_at"]
    made = checked(
        case, lambda: exec_credential(token(case["token"]["value"], None if end == 253402300799 else end), environ)
    )
    if made is None:
        return
    if case["token"]["value"].startswith("eyJ"):
        # The end of such a token is its own.
        assert json.loads(made)["status"]["token"] == case["token"]["value"]
    else:
        assert made == case["output"]
