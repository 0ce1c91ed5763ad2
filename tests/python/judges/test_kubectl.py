"""The real kubectl, with kubeconfigs that the library wrote and the command `yc-iam` of the installed wheel."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from programs import command, need, run
from yc_iam import Credentials
from yc_iam.kubernetes import ExecPlugin, exec_credential, kubeconfig

ROBOT = "system:serviceaccount:shop:robot"
REFUSED = "You must be logged in to the server"


@pytest.fixture
def kubectl(config, tmp_path):
    """Runs kubectl: whether it went well, and what it printed."""
    need("kubectl")

    def kubectl(*arguments, **variables):
        done = run(["kubectl", *arguments], tmp_path, KUBECONFIG=str(config.path), **variables)
        return done.returncode == 0, done.stdout + done.stderr

    return kubectl


def rows(answer):
    """The names in a table of pods."""
    good, printed = answer
    assert good, printed
    head, *lines = [line.split() for line in printed.splitlines()]
    assert head == ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    assert all(line[1:4] == ["1/1", "Running", "0"] for line in lines)
    return [line[0] for line in lines]


def user(kubectl):
    good, printed = kubectl("auth", "whoami", "-o", "json")
    assert good, printed
    return json.loads(printed)["status"]["userInfo"]["username"]


def assert_refused(answer, *says):
    good, printed = answer
    assert not good
    for text in says:
        assert text in printed


def assert_is_the_robot(kubectl):
    # The namespace is the kubeconfig's.
    assert rows(kubectl("get", "pods")) == ["web-0"]
    assert rows(kubectl("get", "pods", "-n", "shop")) == ["web-0"]
    assert_refused(
        kubectl("get", "pods", "-n", "bank"),
        "Error from server (Forbidden): ",
        f'User "{ROBOT}" cannot list resource "pods" in API group "" in the namespace "bank"',
    )
    assert user(kubectl) == ROBOT


class TestPods:
    """A user that is a service account of the cluster."""

    def test_a_token(self, cluster, config, kubectl):
        config.write(token=cluster.issuer.pod_token("shop", "robot"))
        assert_is_the_robot(kubectl)

    def test_json(self, cluster, config, kubectl):
        """JSON is YAML: kubectl reads both."""
        config.write(token=cluster.issuer.pod_token("shop", "robot"), format="json")
        json.loads(config.path.read_text())
        assert rows(kubectl("get", "pods")) == ["web-0"]

    def test_a_token_that_ended(self, emulator, cluster, config, kubectl):
        config.write(token=cluster.issuer.pod_token("shop", "robot", lifetime=600))
        assert rows(kubectl("get", "pods")) == ["web-0"]
        emulator.set_clock_offset(700)
        assert_refused(kubectl("get", "pods"), REFUSED)

    def test_a_token_file_that_is_rotated(self, cluster, config, kubectl, clock, tmp_path):
        file = cluster.mount(tmp_path / "pod", "shop", "robot", lifetime=600)
        config.write(token_file=file.path)
        assert_is_the_robot(kubectl)
        clock.offset = 700
        assert_refused(kubectl("get", "pods"), REFUSED)
        file.rotate()
        assert rows(kubectl("get", "pods")) == ["web-0"]

    def test_our_plugin_with_a_token_file(self, emulator, cluster, config, kubectl, tmp_path):
        """The plug-in reads the file at each call; a key that is no longer trusted stands for a token that ended."""
        file = cluster.mount(tmp_path / "pod", "shop", "robot")
        arguments = ["exec-credential", "--service-account-token-file", str(file.path)]
        config.write(plugin=ExecPlugin(command(), arguments))
        assert_is_the_robot(kubectl)
        cluster.issuer.rotate_key(retire_old=True)
        cluster.trust_issuer()
        assert_refused(kubectl("get", "pods"), REFUSED)
        cluster.mount(tmp_path / "pod", "shop", "robot")
        assert rows(kubectl("get", "pods")) == ["web-0"]

    def test_the_documents_commands(self, cluster, config, kubectl, tmp_path):
        """kubectl writes a kubeconfig by the documents' commands; the library writes one that means the same."""
        pod = tmp_path / "pod"
        token = cluster.mount(pod, "shop", "robot").rotate()
        for line in [
            f"set-cluster cfc --server={cluster.url} --certificate-authority=pod/ca.crt --embed-certs",
            "set-context cfc --cluster=cfc",
            f"set-credentials user --token={token}",
            "set-context cfc --user=user",
            "use-context cfc",
        ]:
            good, printed = kubectl("config", *line.split())
            assert good, printed
        assert rows(kubectl("get", "pods", "-n", "shop")) == ["web-0"]

        def view():
            return json.loads(kubectl("config", "view", "--raw", "-o", "json")[1])

        theirs = view()
        ca = (pod / "ca.crt").read_text()
        config.path.write_text(kubeconfig(cluster.url, cluster="cfc", user="user", ca_certificate=ca, token=token))
        assert view() == theirs

    def test_the_pods_command(self, cluster, kubectl, config, tmp_path):
        """`yc-iam kubeconfig` writes what kubectl takes, with the command's own plug-in found on the path."""
        file = cluster.mount(tmp_path / "pod", "shop", "robot")
        arguments = ["--server", cluster.url, "--ca-file", str(tmp_path / "pod" / "ca.crt"), "--namespace", "shop"]
        plain = run([command(), "kubeconfig", *arguments, "--token-file", str(file.path)], tmp_path)
        assert plain.returncode == 0, plain.stderr
        config.path.write_text(plain.stdout)
        assert_is_the_robot(kubectl)
        plugin = ["--exec", "--service-account-token-file", str(file.path)]
        called = run([command(), "kubeconfig", *arguments, *plugin], tmp_path)
        assert called.returncode == 0, called.stderr
        config.path.write_text(called.stdout)
        elsewhere = os.path.dirname(shutil.which("kubectl"))
        assert_refused(kubectl("get", "pods", PATH=elsewhere), "pip install yc-iam")
        here = os.pathsep.join([os.path.dirname(command()), elsewhere])
        assert rows(kubectl("get", "pods", PATH=here)) == ["web-0"]


class TestTheCloudsAccounts:
    """A user with an IAM token, which the plug-in fetches."""

    @pytest.fixture
    def plugin(self, emulator, config, key_file):
        arguments = ["exec-credential", "--key-file", key_file[0], "--endpoint", emulator.url]
        config.write(plugin=ExecPlugin(command(), arguments))

    def test_our_plugin(self, plugin, kubectl, key_file):
        assert rows(kubectl("get", "pods", "-n", "shop")) == ["web-0"]
        assert rows(kubectl("get", "pods", "-n", "bank")) == ["vault-0"]
        assert "web-0" in kubectl("get", "pods", "--all-namespaces")[1]
        assert user(kubectl) == key_file[1]
        assert_refused(kubectl("delete", "pod", "web-0", "-n", "shop"), "(Forbidden)", key_file[1])

    def test_without_the_role(self, emulator, plugin, kubectl, key_file):
        emulator.remove_access_binding("kubernetes", "k8s.cluster-api.viewer", key_file[1])
        assert_refused(kubectl("get", "pods", "-n", "shop"), "(Forbidden)", f'User "{key_file[1]}" cannot list')

    def test_each_call_brings_a_token(self, emulator, plugin, kubectl):
        """kubectl keeps no token from one call to the next; that the last one ended changes nothing."""
        assert rows(kubectl("get", "pods")) == ["web-0"]
        before = emulator.tokens_issued
        emulator.revoke_all_tokens()
        assert rows(kubectl("get", "pods")) == ["web-0"]
        assert emulator.tokens_issued > before

    def test_a_token_that_ends_meanwhile(self, emulator, plugin, kubectl):
        """kubectl calls the plug-in again within one call, when the API server refuses the token."""
        kubectl("api-resources", "--cached=false")
        usual = emulator.tokens_issued
        assert usual > 0
        emulator.order_fault("/api", status=401)
        kubectl("api-resources", "--cached=false")
        assert emulator.tokens_issued == 2 * usual + 1

    def test_a_token_that_ended_by_its_own_time(self, emulator, cluster, config, kubectl, key_file, tmp_path):
        """What the plug-in prints is taken at its word: a token that ended is asked for again at each request."""
        token = Credentials.service_account(key_file[0], endpoints=emulator.endpoints).token()
        printed = json.loads(exec_credential(token, {}))
        calls = {}
        for name, expires in [("lives", printed["status"]["expirationTimestamp"]), ("ended", "2020-01-01T00:00:00Z")]:
            printed["status"]["expirationTimestamp"] = expires
            (tmp_path / name).write_text(json.dumps(printed))
            script = f"echo called >> {tmp_path}/{name}.calls; cat {tmp_path}/{name}"
            config.write(plugin=ExecPlugin("sh", ["-c", script]))
            assert rows(kubectl("get", "pods")) == ["web-0"]
            calls[name] = len((tmp_path / f"{name}.calls").read_text().splitlines())
        assert calls["ended"] > calls["lives"]

    def test_what_the_plugin_says_reaches_the_user(self, emulator, plugin, config, kubectl, key_file):
        with open(key_file[0], encoding="utf-8") as file:
            emulator.delete_key(json.load(file)["id"])
        assert_refused(kubectl("get", "pods"), "was not found", "exit code 5")

    def test_the_older_interface(self, emulator, config, kubectl, key_file):
        arguments = ["exec-credential", "--key-file", key_file[0], "--endpoint", emulator.url]
        config.write(plugin=ExecPlugin(command(), arguments, api_version="v1beta1"))
        assert rows(kubectl("get", "pods")) == ["web-0"]
