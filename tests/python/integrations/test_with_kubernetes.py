"""The client of the Kubernetes project with tokens of ours, at the emulated API server."""

from __future__ import annotations

import asyncio
import contextlib
import copy

import pytest
from kubernetes import client

from yc_iam import AsyncCredentials, ConfigurationError, Credentials
from yc_iam.integrations.kubernetes import aio_configuration, configuration
from yc_iam.kubernetes import AsyncInCluster, InCluster


@pytest.fixture
def cluster(emulator):
    emulator.kubernetes.add_pod("shop", "web-0")
    return emulator.kubernetes


@pytest.fixture
def pod(cluster, tmp_path):
    """The token's file of a pod, and the directory that it is in."""
    return cluster.mount(tmp_path, "shop", "robot", lifetime=600), tmp_path


@pytest.fixture
def authority(cluster, tmp_path):
    path = tmp_path / "authority.crt"
    path.write_text(cluster.ca_certificate)
    return path


@pytest.fixture
def allowed(emulator, private_key):
    """The key of an account that may look into the cluster."""
    robot = emulator.create_service_account("robot")
    emulator.add_access_binding("kubernetes", "k8s.cluster-api.viewer", robot)
    return emulator.service_account_key(robot, private_key=private_key)


@contextlib.contextmanager
def connected(configuration):
    configuration.retries = 0
    with client.ApiClient(configuration) as api:
        yield client.CoreV1Api(api)
        api.rest_client.pool_manager.clear()


def names(pods):
    return [pod.metadata.name for pod in pods.items]


def test_in_a_pod(cluster, pod, clock):
    file, directory = pod
    with connected(configuration(InCluster(directory, environ=cluster.environ))) as api:
        assert names(api.list_namespaced_pod("shop")) == ["web-0"]
        clock.offset = 500
        file.rotate()
        cluster.remove_pod("shop", "web-0")
        assert names(api.list_namespaced_pod("shop")) == []
        clock.offset = 700
        assert names(api.list_namespaced_pod("shop")) == []


def test_with_iam_tokens(cluster, emulator, allowed, authority, clock):
    credentials = Credentials.service_account(allowed, endpoints=emulator.endpoints)
    made = configuration(credentials, host=cluster.url, ca_file=authority)
    assert emulator.tokens_issued == 0
    with connected(copy.deepcopy(made)) as api:
        assert names(api.list_namespaced_pod("shop")) == ["web-0"]
        clock.offset = 11.9 * 3600
        assert names(api.list_namespaced_pod("shop")) == ["web-0"]
        assert emulator.tokens_issued == 2
        emulator.revoke_all_tokens()
        with pytest.raises(client.ApiException) as raised:
            api.list_namespaced_pod("shop")
        assert raised.value.status == 401
        credentials.invalidate(credentials.token())
        assert names(api.list_namespaced_pod("shop")) == ["web-0"]


def test_other_authorities_are_not_trusted(cluster):
    with connected(configuration(Credentials.fixed("t1.x"), host=cluster.url)) as api:
        with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
            api.list_namespaced_pod("shop")


def test_only_https_and_loopback():
    with pytest.raises(ConfigurationError) as raised:
        configuration(Credentials.fixed("t1.x"), host="http://203.0.113.1")
    assert raised.value.code == "insecure_endpoint"


def test_arguments_that_do_not_go_together(cluster, pod):
    with pytest.raises(TypeError, match="host"):
        configuration(Credentials.fixed("t1.x"))
    with pytest.raises(TypeError, match="a pod knows them"):
        configuration(InCluster(pod[1], environ=cluster.environ), host=cluster.url)
    with pytest.raises(TypeError, match="AsyncCredentials"):
        configuration(AsyncCredentials.fixed("t1.x"), host=cluster.url)


def test_asyncio(cluster, emulator, allowed, authority, pod):
    aio = pytest.importorskip("kubernetes.aio.client")

    async def listed(made):
        made.retries = 1
        async with aio.ApiClient(made) as api:
            return names(await aio.CoreV1Api(api).list_namespaced_pod("shop"))

    async def main():
        credentials = AsyncCredentials.service_account(allowed, endpoints=emulator.endpoints)
        inside = AsyncInCluster(pod[1], environ=cluster.environ)
        for made in (
            aio_configuration(credentials, host=cluster.url, ca_file=authority),
            aio_configuration(inside),
        ):
            assert await listed(made) == ["web-0"]
        with pytest.raises(TypeError, match="Credentials"):
            aio_configuration(Credentials.fixed("t1.x"), host=cluster.url)

    asyncio.run(main())
