"""The Python client of the Kubernetes project at the emulated API server, with kubeconfigs that the library wrote."""

from __future__ import annotations

import contextlib
import json
from datetime import timedelta

import pytest
from kubernetes import client
from kubernetes import config as loader
from kubernetes.config.incluster_config import InClusterConfigLoader

from programs import command
from yc_iam import Credentials
from yc_iam.kubernetes import ExecPlugin, exec_credential
from yc_iam.testing import Emulator

ROBOT = "system:serviceaccount:shop:robot"


@contextlib.contextmanager
def connected(configuration):
    """The client, with one pool of connections that is closed at the end."""
    # A refusal is an answer, and no reason to ask again.
    configuration.retries = 0
    with client.ApiClient(configuration) as api:
        yield client.CoreV1Api(api)
        api.rest_client.pool_manager.clear()


def loaded(path):
    configuration = client.Configuration()
    loader.load_kube_config(path, client_configuration=configuration)
    return configuration


def names(pods):
    return [pod.metadata.name for pod in pods.items]


def refusal(call, *arguments):
    with pytest.raises(client.ApiException) as raised:
        call(*arguments)
    status = json.loads(raised.value.body)
    assert (status["kind"], status["code"]) == ("Status", raised.value.status)
    return raised.value.status, status["message"]


def assert_reads_its_own_pods(api):
    assert names(api.list_namespaced_pod("shop")) == ["web-0"]
    pod = api.read_namespaced_pod("web-0", "shop")
    assert (pod.status.phase, pod.metadata.namespace) == ("Running", "shop")
    assert pod.status.container_statuses[0].ready
    forbidden = f'User "{ROBOT}" cannot list resource "pods" in API group "" in the namespace "bank"'
    assert refusal(api.list_namespaced_pod, "bank") == (403, f"pods is forbidden: {forbidden}")
    assert refusal(api.list_pod_for_all_namespaces)[0] == 403
    assert refusal(api.delete_namespaced_pod, "web-0", "shop")[0] == 403
    assert refusal(api.read_namespaced_pod, "web-1", "shop") == (404, 'pods "web-1" not found')


def test_a_token(cluster, config):
    configuration = loaded(config.write(token=cluster.issuer.pod_token("shop", "robot")))
    assert configuration.host == cluster.url
    with connected(configuration) as api:
        assert_reads_its_own_pods(api)


def test_who_am_i(cluster, config):
    with connected(loaded(config.write(token=cluster.issuer.pod_token("shop", "robot")))) as api:
        review = client.AuthenticationV1Api(api.api_client).create_self_subject_review({})
        assert review.status.user_info.username == ROBOT
        assert "system:serviceaccounts:shop" in review.status.user_info.groups
        may = client.AuthorizationV1Api(api.api_client).create_self_subject_access_review
        for namespace, allowed in [("shop", True), ("bank", False)]:
            attributes = {"namespace": namespace, "verb": "list", "resource": "pods"}
            assert may({"spec": {"resourceAttributes": attributes}}).status.allowed is allowed


def test_a_token_of_somebody_else(emulator, config, issuer):
    with connected(loaded(config.write(token=issuer.pod_token("shop", "robot")))) as api:
        assert refusal(api.list_namespaced_pod, "shop") == (401, "Unauthorized")


def test_a_token_that_ended(emulator, cluster, config):
    with connected(loaded(config.write(token=cluster.issuer.pod_token("shop", "robot", lifetime=600)))) as api:
        assert names(api.list_namespaced_pod("shop")) == ["web-0"]
        emulator.set_clock_offset(700)
        assert refusal(api.list_namespaced_pod, "shop") == (401, "Unauthorized")


def test_a_token_file_that_is_rotated(emulator, cluster, config, clock, tmp_path):
    file = cluster.mount(tmp_path / "pod", "shop", "robot", lifetime=600)
    path = config.write(token_file=file.path)
    with connected(loaded(path)) as api:
        assert_reads_its_own_pods(api)
    clock.offset = 700
    with connected(loaded(path)) as api:
        assert refusal(api.list_namespaced_pod, "shop")[0] == 401
    file.rotate()
    with connected(loaded(path)) as api:
        assert_reads_its_own_pods(api)


def test_the_files_of_a_pod(cluster, clock, tmp_path):
    """As `load_incluster_config` reads them; it looks into the token's file again after a minute."""
    directory = tmp_path / "pod"
    file = cluster.mount(directory, "shop", "robot", lifetime=600)
    configuration = client.Configuration()
    pod = InClusterConfigLoader(
        token_filename=str(directory / "token"), cert_filename=str(directory / "ca.crt"), environ=cluster.environ
    )
    pod.load_and_set(configuration)
    with connected(configuration) as api:
        assert_reads_its_own_pods(api)
        clock.offset = 700
        file.rotate()
        assert refusal(api.list_namespaced_pod, "shop")[0] == 401
        # As if the minute were over.
        pod.token_expires_at -= timedelta(minutes=2)
        assert_reads_its_own_pods(api)


def test_another_authority(emulator, cluster, config):
    """The client trusts the certificate authority of the kubeconfig, and no other."""
    with type(emulator)() as other:
        config.cluster = other.kubernetes
        path = config.write(token=cluster.issuer.pod_token("shop", "robot"))
    text = config.path.read_text().replace(other_url := config.cluster.url, cluster.url)
    assert other_url not in text
    config.path.write_text(text)
    with connected(loaded(path)) as api, pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
        api.list_namespaced_pod("shop")


def test_a_plugin_that_prints_what_the_library_gives(emulator, cluster, config, key_file, tmp_path):
    """An IAM token, printed by a command of another's."""
    path, account = key_file
    token = Credentials.service_account(path, endpoints=emulator.endpoints).token()
    (tmp_path / "printed").write_text(exec_credential(token, {}))
    with connected(loaded(config.write(plugin=ExecPlugin("cat", [str(tmp_path / "printed")])))) as api:
        assert names(api.list_namespaced_pod("bank")) == ["vault-0"]
        assert names(api.list_pod_for_all_namespaces()) == ["vault-0", "web-0"]
        review = client.AuthenticationV1Api(api.api_client).create_self_subject_review({})
        assert review.status.user_info.username == account


def test_our_plugin(emulator, config, key_file):
    """It is called once for a token that lives for hours."""
    arguments = ["exec-credential", "--key-file", key_file[0], "--endpoint", emulator.url]
    with connected(loaded(config.write(plugin=ExecPlugin(command(), arguments)))) as api:
        assert names(api.list_namespaced_pod("bank")) == ["vault-0"]
        assert names(api.list_namespaced_pod("shop")) == ["web-0"]
    assert emulator.tokens_issued == 1


class TestShortLives:
    """The client calls the plug-in anew for a token that ends within five minutes, as these do from the beginning."""

    @pytest.fixture
    def emulator(self):
        with Emulator(token_lifetime=240) as emulator:
            yield emulator

    def test_our_plugin_is_called_again(self, emulator, config, key_file):
        arguments = ["exec-credential", "--key-file", key_file[0], "--endpoint", emulator.url]
        with connected(loaded(config.write(plugin=ExecPlugin(command(), arguments)))) as api:
            assert emulator.tokens_issued == 1
            emulator.revoke_all_tokens()
            assert names(api.list_namespaced_pod("bank")) == ["vault-0"]
            assert emulator.tokens_issued == 2


def test_our_plugin_with_a_pods_token(cluster, config, tmp_path):
    file = cluster.mount(tmp_path / "pod", "shop", "robot")
    arguments = ["exec-credential", "--service-account-token-file", str(file.path)]
    with connected(loaded(config.write(plugin=ExecPlugin(command(), arguments)))) as api:
        assert_reads_its_own_pods(api)
