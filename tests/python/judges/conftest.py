"""A cluster for those who judge it."""

from __future__ import annotations

import json
import warnings

import pytest

from yc_iam.kubernetes import kubeconfig

with warnings.catch_warnings():
    # What google-auth says of old versions of Python, it says when it is imported first.
    warnings.simplefilter("ignore", FutureWarning)
    import google.oauth2.sts  # noqa: F401

NAMES = {"cluster": "emulated", "user": "robot", "namespace": "shop"}


class Config:
    """Kubeconfigs that the library writes for the emulated cluster."""

    def __init__(self, cluster, directory):
        self.cluster = cluster
        self.path = directory / "kubeconfig"

    def write(self, **user):
        """One with this user; gives its path."""
        text = kubeconfig(self.cluster.url, ca_certificate=self.cluster.ca_certificate, **NAMES, **user)
        self.path.write_text(text)
        return str(self.path)


@pytest.fixture
def cluster(emulator):
    """Two namespaces with a pod in each."""
    cluster = emulator.kubernetes
    cluster.add_pod("shop", "web-0")
    cluster.add_pod("bank", "vault-0")
    return cluster


@pytest.fixture
def config(cluster, tmp_path):
    return Config(cluster, tmp_path)


@pytest.fixture
def key_file(emulator, key_file_content, tmp_path):
    """A key file of a service account that may read the cluster, and the account's ID."""
    account = json.loads(key_file_content)["service_account_id"]
    emulator.add_access_binding("kubernetes", "k8s.cluster-api.viewer", account)
    path = tmp_path / "key.json"
    path.write_text(key_file_content)
    return str(path), account
