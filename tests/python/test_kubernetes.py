"""A pod and its cluster's API server, over TLS."""

from __future__ import annotations

import json
import os
import ssl
import stat
import urllib.request

import pytest

from helpers import result
from yc_iam import ConfigurationError, Credentials, NetworkError, Response, UsageError, default_transport
from yc_iam.kubernetes import AsyncInCluster, InCluster, kubeconfig
from yc_iam.testing import Emulator, Issuer

PODS = "/api/v1/namespaces/web/pods"


@pytest.fixture
def cluster(emulator):
    return emulator.kubernetes


@pytest.fixture
def pod(cluster, tmp_path):
    """The directory of a pod in the namespace `web`."""
    cluster.add_pod("web", "app-1")
    cluster.mount(tmp_path, "web", "app")
    return tmp_path


@pytest.fixture(params=[InCluster, AsyncInCluster], ids=["sync", "async"])
def in_cluster(request, cluster, pod):
    return request.param(pod, environ=cluster.environ)


def names(response):
    return [item["metadata"]["name"] for item in json.loads(response.body)["items"]]


def test_a_pod_lists_pods(in_cluster, cluster):
    assert in_cluster.server == cluster.url
    assert in_cluster.namespace == "web"
    assert in_cluster.ca_certificate == cluster.ca_certificate
    response = result(in_cluster.send(PODS))
    assert (response.status, names(response)) == (200, ["app-1"])
    assert cluster.remove_pod("web", "app-1") is True
    assert names(result(in_cluster.send(PODS))) == []
    assert result(in_cluster.send("/api/v1/namespaces/other/pods")).status == 403
    assert cluster.url in repr(in_cluster)


def test_a_request_ready_to_be_sent(in_cluster, cluster):
    request = result(in_cluster.request(PODS))
    assert request.headers["authorization"] == result(in_cluster.token()).authorization()
    assert request.ca_certificate == cluster.ca_certificate
    assert not request.use_proxy
    assert default_transport(request).status == 200
    context = ssl.create_default_context(cadata=cluster.ca_certificate)
    plain = urllib.request.Request(request.url, headers=request.headers)
    with urllib.request.urlopen(plain, timeout=10, context=context) as answer:
        assert answer.status == 200


def test_bodies(in_cluster):
    request = result(in_cluster.request(PODS, "PATCH", b"{}", content_type="application/merge-patch+json"))
    assert (request.method, request.body) == ("PATCH", b"{}")
    assert request.headers["content-type"] == "application/merge-patch+json"
    for arguments in [("pods",), (PODS, "BREW"), (PODS, "GET", "{}")]:
        with pytest.raises(UsageError):
            result(in_cluster.send(*arguments))


def test_a_body_that_is_not_text(in_cluster):
    for call in (in_cluster.request, in_cluster.send):
        with pytest.raises(UsageError, match="`body` is not UTF-8") as raised:
            result(call(PODS, "POST", b"secret\xff"))
        assert raised.value.__context__ is None and "secret" not in repr(vars(raised.value))
        with pytest.raises(TypeError, match="str was expected, not `int`"):
            result(call(PODS, "POST", 1))
    for body in (bytearray(b"{}"), memoryview(b"{}"), "{}"):
        assert result(in_cluster.request(PODS, "POST", body)).body == b"{}"


def test_no_other_authority_is_trusted(in_cluster, cluster, pod):
    with Emulator() as other:
        wrong = type(in_cluster)(pod, environ=other.kubernetes.environ)
        with pytest.raises(NetworkError) as raised:
            result(wrong.send(PODS))
    assert raised.value.code == "tls_failed"
    request = result(in_cluster.request(PODS))
    with pytest.raises(ssl.SSLError):
        default_transport(_Without(request))
    assert not [received for received in other.requests if received.target == PODS]


class _Without:
    """A request that names no authority."""

    ca_certificate = None

    def __init__(self, request):
        self._request = request

    def __getattr__(self, name):
        return getattr(self._request, name)


def test_rotation(in_cluster, cluster, pod, clock):
    file = cluster.mount(pod, "web", "app", lifetime=600)
    first = result(in_cluster.token())
    assert result(in_cluster.token()) == first
    clock.offset = 500
    file.rotate()
    second = result(in_cluster.token())
    assert second != first
    assert result(in_cluster.send(PODS)).status == 200


def test_a_refused_token_is_read_anew(in_cluster, cluster, pod, emulator):
    assert result(in_cluster.send(PODS)).status == 200
    cluster.trust_issuer(Issuer())
    assert result(in_cluster.send(PODS)).status == 401
    cluster.trust_issuer(cluster.issuer)
    first = result(in_cluster.token())
    emulator.forget_requests()
    cluster.trust_issuer(Issuer())
    cluster.mount(pod, "web", "app")
    # The file has a new token, and the old one is refused.
    assert result(in_cluster.send(PODS)).status == 200
    assert [received.status for received in emulator.requests] == [401, 200]
    assert result(in_cluster.token()) != first


def test_an_iam_token_and_a_role(emulator, cluster, key_file_content):
    credentials = Credentials.service_account(key_file_content, endpoints=emulator.endpoints)
    account = json.loads(key_file_content)["service_account_id"]
    cluster.add_pod("web", "app-1")
    context = ssl.create_default_context(cadata=cluster.ca_certificate)
    request = urllib.request.Request(cluster.url + PODS, headers={"authorization": credentials.authorization()})
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(request, timeout=10, context=context)
    raised.value.close()
    assert raised.value.code == 403
    emulator.add_access_binding("kubernetes", "k8s.cluster-api.viewer", account)
    with urllib.request.urlopen(request, timeout=10, context=context) as answer:
        assert names(Response(answer.status, {}, answer.read())) == ["app-1"]
    assert emulator.remove_access_binding("kubernetes", "k8s.cluster-api.viewer", account) is True


def test_the_files_of_a_pod(pod):
    assert sorted(os.listdir(pod)) == ["ca.crt", "namespace", "token"]
    if os.name == "posix":
        assert stat.S_IMODE((pod / "token").stat().st_mode) == 0o600


def test_outside_of_a_pod(tmp_path):
    for kind in (InCluster, AsyncInCluster):
        with pytest.raises(ConfigurationError) as raised:
            kind(tmp_path / "none")
        assert raised.value.code == "not_in_cluster"
        assert str(tmp_path) in str(raised.value)


def test_a_custom_transport(pod, cluster):
    seen = []

    def transport(request):
        seen.append(request)
        return Response(200, {}, b"{}")

    assert InCluster(pod, environ=cluster.environ, transport=transport).send("/version").body == b"{}"
    assert seen[0].ca_certificate == cluster.ca_certificate


def test_kubeconfigs_have_one_proof():
    names = {"cluster": "a", "user": "b"}
    for proof in ({}, {"token": "x", "token_file": "y"}):
        with pytest.raises(TypeError, match="exactly one"):
            kubeconfig("https://a.example", **names, **proof)
    with pytest.raises(TypeError, match="existing"):
        kubeconfig("https://a.example", **names, token="x", existing="", format="json")
    text = kubeconfig("https://a.example", **names, token_file="/run/token")
    assert "current-context: a\n" in text and "tokenFile: /run/token" in text


def test_the_cluster_stops_with_its_emulator():
    emulator = Emulator()
    with pytest.raises(RuntimeError, match="does not run"):
        emulator.kubernetes
    with emulator:
        first = emulator.kubernetes
        assert emulator.kubernetes is first
        assert first.url in repr(first)
    with emulator:
        assert emulator.kubernetes is not first
